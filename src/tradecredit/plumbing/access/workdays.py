"""A company's work calendar: public holidays and make-up workdays, with the company's own days on top."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import holidays

from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.plumbing.access.models import DayOff

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_YEARS_AROUND = 2


def calendar_of(company_id: UUID, *, around: date) -> WorkCalendar:
    """Return the calendar for two years on either side of a day.

    A year whose make-up workdays are not published yet has weekends and public holidays only.
    """
    public, makeup = _public(around.year)
    own = list(DayOff.objects.filter(company_id=company_id))
    off = {row.day for row in own if not row.is_workday}
    on = {row.day for row in own if row.is_workday}
    return WorkCalendar(holidays=(public | off) - on, makeup_workdays=(makeup | on) - off)


def is_published(year: int) -> bool:
    """Tell whether the make-up workdays of the year are known; if not, say so beside dates of that year."""
    _, makeup = _public(year)
    return any(day.year == year for day in makeup)


@lru_cache(maxsize=16)
def _public(year: int) -> tuple[frozenset[date], frozenset[date]]:
    years = range(year - _YEARS_AROUND, year + _YEARS_AROUND + 1)
    found = holidays.country_holidays("CN", years=years)
    return frozenset(found), frozenset(getattr(found, "weekend_workdays", ()))
