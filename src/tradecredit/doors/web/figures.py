"""How amounts, shares and days are written for people, in Chinese and in English."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel import money

if TYPE_CHECKING:
    from datetime import date, datetime

_SIGNS: Final = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CAD": "C$",
    "HKD": "HK$",
    "AUD": "A$",
    "SGD": "S$",
    "JPY": "JP¥",
}
_STEPS: Final = {
    "zh": ((Decimal(10) ** 8, " 亿"), (Decimal(10) ** 4, " 万")),
    "en": ((Decimal(10) ** 9, " bn"), (Decimal(10) ** 6, " m"), (Decimal(10) ** 4, " k")),
}
_STEP_FACTORS: Final = {" k": Decimal(10) ** 3}
_CENTS: Final = Decimal("0.01")


def sign_of(currency: str) -> str:
    """Return the sign written before an amount, for example ``¥``, or the code and a space."""
    return _SIGNS.get(currency, f"{currency} " if currency else "")


def exact(amount: Decimal, currency: str) -> str:
    """Return every digit with thousands marks, without a sign of currency: ``-36,000.00``."""
    text = money.plain(amount, currency or "CNY")
    whole, dot, cents = text.lstrip("-").partition(".")
    grouped = f"{int(whole):,}{dot}{cents}"
    return f"-{grouped}" if text.startswith("-") else grouped


def short(amount: Decimal, currency: str, *, language: str) -> str:
    """Return the amount as cards show it: ``45.60 万``, ``1.23 亿``, ``1.23 m``; small ones stay exact."""
    size = abs(amount)
    for least, unit in _STEPS["zh" if language.startswith("zh") else "en"]:
        if size >= least:
            scaled = (amount / _STEP_FACTORS.get(unit, least)).quantize(_CENTS, rounding=ROUND_HALF_UP)
            return f"{scaled:,.2f}{unit}"
    return exact(amount.quantize(_CENTS, rounding=ROUND_HALF_UP), currency)


def with_sign(text: str, currency: str) -> str:
    """Put the sign of the currency after a minus and before the digits: ``-¥3.60 万``."""
    sign = sign_of(currency)
    return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"


def percent(part: Decimal | None, whole: Decimal | None) -> str:
    """Return ``71.4%``; a dash when there is nothing to compare with."""
    if part is None or not whole:
        return "–"
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"


def day(value: date | datetime | None, *, language: str) -> str:
    """Return ``2026年11月22日`` or ``22 Nov 2026``; a dash for no day."""
    if value is None:
        return "–"
    if language.startswith("zh"):
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def short_day(value: date, *, language: str) -> str:
    """Return the month and year that an axis shows: ``26年11月`` or ``Nov 26``."""
    if language.startswith("zh"):
        return f"{value.year % 100:02d}年{value.month}月"
    return f"{_MONTHS[value.month - 1]} {value.year % 100:02d}"


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
