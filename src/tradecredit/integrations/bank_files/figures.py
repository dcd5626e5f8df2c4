"""Exact figures of bank files: amounts, days, clean texts; whatever cannot be one is refused with its place."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Final

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError

ENTRIES_MAX: Final = 200_000
_AMOUNT: Final = re.compile(r"\d{1,40}(?:\.\d{0,12})?|\.\d{1,12}")
_LARGEST: Final = Decimal(10) ** 16
_DECIMALS_MAX: Final = 4
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_YEARS: Final = range(1950, 2101)
_CENTURY_TURNS_AT: Final = 80
_SPACE: Final = re.compile(r"\s+")
_UNSEEN: Final = frozenset({"Cc", "Cs", "Cn", "Cf", "Co"})
NAME_MAX: Final = 200
ACCOUNT_MAX: Final = 64
REFERENCE_MAX: Final = 140
TEXT_MAX: Final = 2000


def refusal(place: str, words: Words) -> UnableToReadBankFileError:
    """Return the refusal of the whole file, with the place put before the reason."""
    if place:
        words = Words(zh=f"{place}：{words.zh}", en=f"{place}: {words.en}")
    return UnableToReadBankFileError(words, place=place)


def amount(text: str, *, place: str, point: str = ".") -> Decimal:
    """Return a written number above or equal to zero; raises UnableToReadBankFileError."""
    bare = text.strip().replace(point, ".") if point != "." else text.strip()
    if not _AMOUNT.fullmatch(bare) or not bare.isascii():
        raise refusal(
            place,
            Words(
                zh=f"“{text[:40]}”不是金额。请向银行重新下载该文件。",
                en=f"“{text[:40]}” is not an amount. Fetch the file from the bank again.",
            ),
        )
    return stored(Decimal(bare), place=place)


def stored(number: Decimal, *, place: str) -> Decimal:
    """Return the number if the books can keep it exactly; raises UnableToReadBankFileError."""
    exponent = number.normalize().as_tuple().exponent
    if abs(number) >= _LARGEST or not isinstance(exponent, int) or exponent < -_DECIMALS_MAX:
        raise refusal(
            place,
            Words(
                zh=f"金额 {number:f} 位数过多（整数最多 16 位、小数最多 4 位）。",
                en=f"the amount {number:f} has too many digits (at most 16 before and 4 after the point).",
            ),
        )
    return number


def money(number: Decimal, currency: str, *, place: str) -> Money:
    """Return the amount in its currency; raises UnableToReadBankFileError for what is no currency code."""
    code = currency.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise refusal(
            place,
            Words(
                zh=f"“{currency[:20]}”不是币种代码（如 CNY）。",
                en=f"“{currency[:20]}” is not a currency code such as CNY.",
            ),
        )
    return Money(number, code)


def currency(text: str) -> str:
    """Return a currency code, empty for what is none."""
    code = text.strip().upper()
    return code if _CURRENCY.fullmatch(code) else ""


def day(year: str, month: str, of_month: str, *, place: str) -> date:
    """Return a day from its digits, two of a year being of this century below 80; raises UnableToReadBankFileError."""
    try:
        number = int(year)
        if len(year) <= 2:  # noqa: PLR2004 - a year of two digits
            number += 2000 if number < _CENTURY_TURNS_AT else 1900
        found = date(number, int(month), int(of_month))
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        written = f"{year}-{month}-{of_month}"[:40]
        raise refusal(
            place, Words(zh=f"“{written}”不是有效日期。", en=f"“{written}” is not a day of the calendar.")
        )
    return found


def clean(text: str | None, length: int = TEXT_MAX) -> str:
    """Return the text on one line without what cannot be stored or seen, cut to its length."""
    if not text:
        return ""
    kept = _SPACE.sub(" ", text[: length * 4])
    if not kept.isprintable():
        kept = "".join(char for char in kept if unicodedata.category(char) not in _UNSEEN)
    return kept.strip()[:length]


def check_entries(count: int, *, place: str) -> None:
    """Refuse a file with more entries than are taken at once; raises UnableToReadBankFileError."""
    if count > ENTRIES_MAX:
        raise refusal(
            place,
            Words(
                zh=f"文件超过 {ENTRIES_MAX:,} 笔。请按月或按账户拆分后再导入。",
                en=f"The file has more than {ENTRIES_MAX:,} entries. Split it by month or account.",
            ),
        )
