"""Functions on days, and the day and moment of the run."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import Signature, takes, way
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import days
from tradecredit.core.feel.values.kinds import DATE, DATE_TIME, NUMBER, STRING
from tradecredit.core.feel.values.moments import DateTime

if TYPE_CHECKING:
    from tradecredit.core.feel.values.days import Date

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


def _of_day(implementation: Any) -> tuple[Signature, ...]:
    def apply(_run: Run, value: Date | DateTime) -> Any:
        return implementation(_day(value))

    return (way(apply, takes("date", DATE)), way(apply, takes("date", DATE_TIME)))


def _now(run: Run) -> DateTime:
    if not isinstance(run.now, DateTime):
        raise NullBecauseError("no_clock")
    return run.now


def _today(run: Run) -> Date:
    return _now(run).date


FUNCTIONS = declaring.family(
    {
        "day of year": _of_day(lambda day: Decimal(days.day_of_year(day))),
        "day of week": _of_day(lambda day: _WEEKDAYS[day.weekday - 1]),
        "month of year": _of_day(lambda day: _MONTHS[day.month - 1]),
        "week of year": _of_day(lambda day: Decimal(days.week_of_year(day))),
        "now": (way(_now),),
        "today": (way(_today),),
    },
    {
        "day of year": NUMBER, "day of week": STRING, "month of year": STRING, "week of year": NUMBER,
        "now": DATE_TIME, "today": DATE,
    },
)  # fmt: skip
