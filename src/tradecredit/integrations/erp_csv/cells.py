"""What stands in a cell, by the kind of its column: a value in our terms, or words that say why not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.periods import month_end
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.erp_csv import amounts, days
from tradecredit.integrations.erp_csv.sheets import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

    from tradecredit.flows.imports.incoming import Value
    from tradecredit.integrations.erp_csv.mapping_files import DayOrder, NumberStyle
    from tradecredit.integrations.erp_csv.sheets import Cell
    from tradecredit.integrations.erp_csv.vocabulary import Content

_UNLIMITED: Final = frozenset({"unlimited", "nolimit", "不限", "无限", "不控制", "不限额", "无限额"})
_NOT_SET: Final = frozenset({"notset", "none", "未设置", "未设定", "未授信", "现款", "无"})
_MONTH: Final = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*月?")
_YEAR: Final = re.compile(r"(\d{4})\s*(?:年|年度|年报|FY)?")
_FLOATED: Final = re.compile(r"(\d+)\.0+")
_DAYS_SUFFIX: Final = re.compile(r"(-?\d+)(?:\.0+)?\s*(?:天|日|days?|d)?", re.IGNORECASE)
_SCIENTIFIC: Final = re.compile(r"\d\.\d+E\+?\d+", re.IGNORECASE)
_DIGITS_IN_A_NUMBER_CELL: Final = 15
_LAST_MONTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a file writes its days and numbers, decided once for the whole file."""

    order: DayOrder | None
    numbers: NumberStyle
    day_one_is_1904: bool = False


class UnreadableCellError(ValueError):
    """The cell does not hold what its column should; ``words`` says what was expected."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def read(cell: Cell, *, content: Content, style: Style, unit: Decimal) -> tuple[Value, str | None]:
    """Return the value, with the currency written beside an amount; raises UnreadableCellError."""
    match content:
        case "amount":
            return _amount(cell, style, unit)
        case "limit":
            return _limit(cell, style, unit)
        case "day":
            return _day(cell, style), None
        case "period":
            return _period(cell, style), None
        case _:
            return _WITHOUT_STYLE[content](cell), None


def _code(cell: Cell) -> str:
    # Codes keep their inner spaces and case: only width and the spaces around are the file's and not the code's.
    text = unicodedata.normalize("NFKC", shown(cell)).strip().removeprefix("'")
    if isinstance(cell, str):
        text = _FLOATED.sub(r"\1", text) if _FLOATED.fullmatch(text) else text
        eaten = bool(_SCIENTIFIC.fullmatch(text))
    else:
        # A number cell keeps 15 digits; whatever it shows beyond them was not typed in.
        eaten = len(text) > _DIGITS_IN_A_NUMBER_CELL
    if eaten:
        raise UnreadableCellError(
            Words(
                zh=f"“{text}”的末尾数字已被电子表格抹掉。请把该列设为“文本”格式并重新录入完整号码。",
                en=f"The spreadsheet has eaten the last digits of “{text}”. Format the column as text and type the number again.",
            )
        )
    return text


def _amount(cell: Cell, style: Style, unit: Decimal) -> tuple[Decimal, str | None]:
    found = amounts.read(cell, style=style.numbers, unit=unit)
    if found is None:
        raise UnreadableCellError(
            Words(
                zh=f"“{shown(cell)}”不是金额。请填写数字，例如 120000.00。",
                en=f"“{shown(cell)}” is not an amount. Write a number such as 120000.00.",
            )
        )
    return found.number, found.currency


def _limit(cell: Cell, style: Style, unit: Decimal) -> tuple[Value, str | None]:
    word = re.sub(r"[\s_-]+", "", shown(cell).lower())
    if word in _UNLIMITED:
        return "unlimited", None
    if word in _NOT_SET:
        return "not set", None
    return _amount(cell, style, unit)


def _day(cell: Cell, style: Style) -> date:
    day = days.read(cell, order=style.order, day_one_is_1904=style.day_one_is_1904)
    if day is None:
        raise UnreadableCellError(
            Words(
                zh=f"“{shown(cell)}”不是日期。请填写例如 2026-11-22。",
                en=f"“{shown(cell)}” is not a day. Write it like 2026-11-22.",
            )
        )
    return day


def _period(cell: Cell, style: Style) -> date:
    text = days.clean(shown(cell))
    if found := _YEAR.fullmatch(text):
        return days.end_of_month(int(found.group(1)), _LAST_MONTH)
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found.group(2)) <= _LAST_MONTH:
        return days.end_of_month(int(found.group(1)), int(found.group(2)))
    return month_end(_day(cell, style))


def _count(cell: Cell) -> int:
    found = _DAYS_SUFFIX.fullmatch(days.clean(shown(cell)))
    if found is None or isinstance(cell, bool):
        raise UnreadableCellError(
            Words(
                zh=f"“{shown(cell)}”不是天数。请填写整数，例如 30。",
                en=f"“{shown(cell)}” is not a number of days. Write a whole number such as 30.",
            )
        )
    return int(found.group(1))


def _currency(cell: Cell) -> str:
    code = amounts.currency_code(shown(cell))
    if code is None:
        raise UnreadableCellError(
            Words(
                zh=f"“{shown(cell)}”不是币种。请填写三位代码，例如 CNY。",
                en=f"“{shown(cell)}” is not a currency. Write its three letters, such as CNY.",
            )
        )
    return code


def _text(cell: Cell) -> str:
    return unicodedata.normalize("NFC", shown(cell))


_WITHOUT_STYLE: Final[dict[str, Callable[[Cell], Value]]] = {
    "code": _code,
    "text": _text,
    "count": _count,
    "currency": _currency,
}
