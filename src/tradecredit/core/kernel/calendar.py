"""Work calendars: holidays, make-up workdays and due-day rolling, all given as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

_SATURDAY = 5

RollRule = Literal["none", "forward"]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off and make-up workdays on top of Saturday and Sunday off."""

    holidays: frozenset[date] = field(default_factory=frozenset)
    makeup_workdays: frozenset[date] = field(default_factory=frozenset)

    def is_workday(self, day: date) -> bool:
        """Tell whether people work on the day; a make-up Saturday is a workday."""
        if day in self.makeup_workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add_workdays(self, day: date, count: int) -> date:
        """Return the workday that lies ``count`` workdays after ``day`` (count 0: the day or the next workday)."""
        result = self.roll(day, rule="forward")
        for _ in range(count):
            result = self.roll(result + timedelta(days=1), rule="forward")
        return result

    def roll(self, day: date, *, rule: RollRule) -> date:
        """Move a due day that is no workday to the next workday, or leave it (``none``)."""
        if rule == "none":
            return day
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day
