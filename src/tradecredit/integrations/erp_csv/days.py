"""Days as people write them; the order of day and month is decided over a whole file, never row by row."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.periods import month_end
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.integrations.erp_csv.mapping_files import DAY_ORDERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.integrations.erp_csv.mapping_files import DayOrder
    from tradecredit.integrations.erp_csv.sheets import Cell

_CLOCK: Final = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST: Final = re.compile(
    rf"(\d{{4}})\s*[-./年]\s*(\d{{1,2}})\s*[-./月]\s*(\d{{1,2}})\s*日?{_CLOCK}", re.IGNORECASE
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_THREE_PARTS: Final = re.compile(
    rf"(\d{{1,2}})[-./](\d{{1,2}})[-./](\d{{4}}|\d{{1,2}}){_CLOCK}", re.IGNORECASE
)
_MONTH_NAMED: Final = re.compile(r"(\d{1,2})[-\s./]*([A-Za-z]{3,9})[-\s.,/]*(\d{4}|\d{2})")
_MONTH_FIRST: Final = re.compile(r"([A-Za-z]{3,9})[-\s.]*(\d{1,2})[-\s.,/]+(\d{4}|\d{2})")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_YEARS: Final = range(1950, 2101)
_CENTURY_TURNS_AT: Final = 70
_SHORT_YEAR: Final = 2
# Day 0 of the two ways in which spreadsheets count days; 1900 was no leap year, whatever the first spreadsheet held.
_DAY_ZERO_1900: Final = date(1899, 12, 30)
_DAY_ZERO_1904: Final = date(1904, 1, 1)
_SERIALS: Final = range(18_264, 73_415)
# One stray row among many does not make a file ambiguous; it is refused by itself.
_STRAYS_PER_ROW: Final = 10


def read(cell: Cell, *, order: DayOrder | None, day_one_is_1904: bool = False) -> date | None:
    """Return the day in the cell, or None when none can be read.

    ``2026.11.22``, ``2026年11月22日``, ``20261122``, ``20261122.0``, 46348 and (order ``m/d/y``) ``11/22/2026`` are the same day.
    """
    match cell:
        case datetime():
            return _sane(cell.date())
        case date():
            return _sane(cell)
        case bool():
            return None
        case int() | float():
            return _from_number(cell, day_one_is_1904=day_one_is_1904)
        case str():
            return _from_text(clean(cell), order, day_one_is_1904=day_one_is_1904)
        case _:
            return None


def decide_order(
    columns: Mapping[str, Sequence[Cell]], *, given: DayOrder | None, chinese: bool
) -> DayOrder | None:
    """Return in which order days, months and years stand, from all day columns of a file together.

    None when no text needs it. Raises UnableToReadFileError when several orders fit equally or rows contradict each other.
    """
    texts = [
        (heading, text)
        for heading, cells in columns.items()
        for cell in cells
        if isinstance(cell, str) and (text := _in_three_parts(cell))
    ]
    if given or not texts:
        return given
    fits = {
        order: {index for index, (_, text) in enumerate(texts) if _ordered(text, order)}
        for order in DAY_ORDERS
    }
    best = max(len(rows) for rows in fits.values())
    likeliest = [order for order in DAY_ORDERS if len(fits[order]) == best]
    if len(likeliest) > 1:
        if chinese and "y/m/d" in likeliest:
            return "y/m/d"
        raise _ambiguous(*texts[0], likeliest)
    (order,) = likeliest
    for other in DAY_ORDERS:
        strays = fits[other] - fits[order]
        if len(strays) * _STRAYS_PER_ROW > best:
            raise _contradicting(texts[min(fits[order] - fits[other])][1], texts[min(strays)][1])
    return order


@lru_cache(maxsize=5_000)
def _in_three_parts(cell: str) -> str:
    """Return a day in three parts without its year first, as it is compared; empty for everything else."""
    text = clean(cell)
    return text if _THREE_PARTS.fullmatch(text) else ""


def end_of_month(year: int, month: int) -> date:
    """Return the last day of a month, by which statements of a month or a year are dated."""
    return month_end(date(year, month, 1))


def clean(text: str) -> str:
    """Return the text in half-width characters without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def _from_number(number: float, *, day_one_is_1904: bool) -> date | None:
    whole = int(number)
    compact = _COMPACT.fullmatch(str(whole))
    if compact:
        return _day(*compact.groups())
    if whole not in _SERIALS:
        return None
    return (_DAY_ZERO_1904 if day_one_is_1904 else _DAY_ZERO_1900) + timedelta(days=whole)


def _from_text(text: str, order: DayOrder | None, *, day_one_is_1904: bool) -> date | None:
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _day(*found.groups())
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), day_one_is_1904=day_one_is_1904)
    if _THREE_PARTS.fullmatch(text):
        return _ordered(text, order) if order else None
    return _with_month_name(text)


def _ordered(text: str, order: DayOrder) -> date | None:
    found = _THREE_PARTS.fullmatch(text)
    if not found:
        return None
    parts = dict(zip(order.split("/"), found.groups(), strict=True))
    if len(parts["y"]) < _SHORT_YEAR or len(parts["d"]) > _SHORT_YEAR:
        return None
    return _day(parts["y"], parts["m"], parts["d"])


def _with_month_name(text: str) -> date | None:
    found = _MONTH_NAMED.fullmatch(text)
    if found:
        day, name, year = found.groups()
    else:
        found = _MONTH_FIRST.fullmatch(text)
        if not found:
            return None
        name, day, year = found.groups()
    short = name[:3].lower()
    return _day(year, str(_MONTHS.index(short) + 1), day) if short in _MONTHS else None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) <= _SHORT_YEAR:
        number += 2000 if number < _CENTURY_TURNS_AT else 1900
    try:
        return _sane(date(number, int(month), int(day)))
    except ValueError:
        return None


def _sane(day: date) -> date | None:
    return day if day.year in _YEARS else None


def _ambiguous(heading: str, text: str, orders: list[DayOrder]) -> UnableToReadFileError:
    listed = " / ".join(orders)
    return UnableToReadFileError(
        Words(
            zh=f"列“{heading}”中的日期（如 {text}）无法判断年月日顺序，可能是 {listed}。请在映射文件中写明，例如 days：{orders[0]}。",
            en=f"The days in “{heading}” (such as {text}) may be {listed}: nothing in the file decides. "
            f"Say it in a mapping file, for example `days: {orders[0]}`.",
        ),
        column=heading,
        example=text,
    )


def _contradicting(one: str, other: str) -> UnableToReadFileError:
    return UnableToReadFileError(
        Words(
            zh=f"日期写法前后不一（{one} 与 {other}），无法判断年月日顺序。请统一写法，或在映射文件中写明 days。",
            en=f"Days are written in two ways ({one} and {other}). Write them in one way, or say `days` in a mapping file.",
        ),
        example=one,
        other=other,
    )
