"""Days, amounts and names as a letter writes them, in either language."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.money import Money

_MARKED: Final = re.compile(r"([\\`*_\[\]<>|#])")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(value: date, *, language: str) -> str:
    """Return 2026年3月1日 in Chinese and 1 March 2026 in English."""
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def figures(amount: Money) -> str:
    """Return the amount in figures with its currency, for example ``CNY 82,000.00``."""
    # A zero that was rounded from below keeps no sign.
    value = amount.rounded().amount
    return f"{amount.currency} {value or abs(value):,f}"


def counted(count: int, *, one: str, more: str) -> str:
    """Return a number with its English noun: ``1 item``, ``2 items``."""
    return f"{count} {one if count == 1 else more}"


def items(count: int, *, language: str) -> str:
    """Return 2 笔 in Chinese and 2 items in English."""
    return f"{count} 笔" if language == "zh" else counted(count, one="item", more="items")


def days(count: int, *, language: str) -> str:
    """Return 9 天 in Chinese and 9 days in English."""
    return f"{count} 天" if language == "zh" else counted(count, one="day", more="days")


@lru_cache(maxsize=4_096)
def plain_text(text: str) -> str:
    """Return a value of the books so that Markdown shows it as it stands, on one line."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))
