"""Days of a bank's table; where the rows name no year, the one in the title counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures
from tradecredit.integrations.erp_csv import days
from tradecredit.integrations.erp_csv.sheets import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.integrations.bank_files.table_heads import Head
    from tradecredit.integrations.erp_csv.mapping_files import DayOrder
    from tradecredit.integrations.erp_csv.sheets import Cell

_WITHOUT_YEAR: Final = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_TITLE_DAY: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]?\s*(1[0-2]|0?[1-9])?(?!\d{3})")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How days are written in one table; ``months`` are (year, month) of the title, the first one first."""

    order: DayOrder | None
    day_one_is_1904: bool
    months: tuple[tuple[int, int | None], ...] = ()

    def read(self, cell: Cell) -> date | None:
        """Return the day in the cell, None when there is none."""
        found = days.read(cell, order=self.order, day_one_is_1904=self.day_one_is_1904)
        if found is not None or not self.months or not isinstance(cell, str):
            return found
        short = _WITHOUT_YEAR.fullmatch(days.clean(cell))
        if short is None:
            return None
        month, of_month = int(short.group(1)), int(short.group(2))
        year = self._year(month)
        return days.read(f"{year}-{month}-{of_month}", order="y/m/d")

    def _year(self, month: int) -> int:
        """Return the year of a month within the title's period: from 2025-12 to 2026-01, January is of 2026."""
        (year, first), (last_year, _) = self.months[0], self.months[-1]
        return last_year if first is not None and month < first else year


def decide(cells: Sequence[Cell], *, head: Head, given: str | None, day_one_is_1904: bool) -> Days:
    """Return how days are read; raises UnableToReadFileError, or UnableToReadBankFileError when no year is found."""
    texts = [days.clean(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
    are_short = any(_WITHOUT_YEAR.fullmatch(text) for text in texts)
    months = _months(head) if are_short else ()
    if are_short and not months:
        raise figures.refusal(
            "",
            Words(
                zh="日期没有年份，标题中也没有。请在标题行写明年份（如 2026年3月）。",
                en="The days carry no year and the title names none. Write the year into the title (such as 2026-03).",
            ),
        )
    order = days.decide_order(
        {"": list(cells)}, given=cast("DayOrder | None", given), chinese=_is_chinese(head)
    )
    return Days(order=order, day_one_is_1904=day_one_is_1904, months=months)


def _is_chinese(head: Head) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for heading in head.headings for char in heading)


def _months(head: Head) -> tuple[tuple[int, int | None], ...]:
    found = [
        (int(year), int(month) if month else None)
        for row in head.title
        for cell in row
        for year, month in _TITLE_DAY.findall(shown(cell)[:200])
    ]
    return tuple(sorted(set(found), key=lambda pair: (pair[0], pair[1] or 0)))
