"""Values of the host (Python) to values of the language and back; floats stay outside."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.decimals import CONTEXT
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.functions import Function
from tradecredit.core.feel.values.moments import DateTime, Time
from tradecredit.core.feel.values.ranges import Range

_OWN = (bool, str, Date, Time, DateTime, YearsMonths, DaysTime, Range, Function)


def from_host(value: Any) -> Any:
    """Return a value of the language; raises TypeError for a float or anything unknown."""
    if value.__class__ is Decimal and value.is_finite():
        return CONTEXT.plus(value)
    if value is None or value.__class__ is str:
        return value
    match value:
        case _ if isinstance(value, _OWN):
            return value
        case int():
            return CONTEXT.create_decimal(value)
        case list() | tuple():
            return tuple(from_host(item) for item in value)
        case dict():
            return {str(key): from_host(item) for key, item in value.items()}
        case _:
            return _from_clock(value)


def _from_clock(value: Any) -> Any:
    match value:
        case datetime():
            return DateTime(_day(value), _time(value.timetz(), value))
        case date():
            return _day(value)
        case time():
            return _time(value, None)
        case timedelta():
            return DaysTime((value.days * 86_400 + value.seconds) * 1_000_000_000 + value.microseconds * 1000)
        case _:
            raise TypeError(f"a {type(value).__name__} is not a value of the policy language")


def _day(value: date) -> Date:
    return Date(value.year, value.month, value.day)


def _time(value: time, moment: datetime | None) -> Time:
    offset = moment.utcoffset() if moment is not None else value.utcoffset()
    seconds = int(offset.total_seconds()) if offset is not None else None
    return Time(value.hour, value.minute, value.second, value.microsecond * 1000, seconds)
