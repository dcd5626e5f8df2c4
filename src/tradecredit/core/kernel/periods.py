"""Half-open day ranges [from, to): the only kind of validity in the house."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Validity:
    """Valid from a day (included) to a day (excluded); an open end is None."""

    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("a validity ends after it begins")

    def holds_on(self, day: date) -> bool:
        """Tell whether the day lies in the range."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Return the same day of a later or earlier month, cut to that month's length (31 Jan + 1 = 28 or 29 Feb)."""
    index = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(index, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
