"""Properties of days, times, durations and ranges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tradecredit.core.feel.run import NullBecauseError
from tradecredit.core.feel.values import durations, kinds, moments
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths, part, whole
from tradecredit.core.feel.values.moments import DAY_NANOS, NANOS, DateTime, Time
from tradecredit.core.feel.values.ranges import Range

NAMES = frozenset({"time offset", "start included", "end included"})

_HOUR, _MINUTE = 3600 * NANOS, 60 * NANOS


def value(owner: Any, name: str) -> Any:
    """Return a property, None when the value has it but it is empty; raises NullBecauseError when there is none."""
    found = _all(owner)
    if owner is not None and name not in found:
        raise NullBecauseError("no_such_property", kind=kinds.kind(owner), name=name)
    if owner is None:
        raise NullBecauseError("missing_value", name=name)
    one = found[name]
    return Decimal(one) if type(one) is int else one


def _all(owner: Any) -> dict[str, Any]:
    match owner:
        case Date():
            return _of_date(owner)
        case Time():
            return _of_time(owner)
        case DateTime():
            offset = moments.moment_offset(owner)
            return _of_date(owner.date) | _of_time(owner.time) | {"time offset": _offset(offset)}
        case YearsMonths(months):
            return {"years": whole(months, 12), "months": part(months, 1, 12)}
        case DaysTime(nanos):
            return {
                "days": whole(nanos, DAY_NANOS),
                "hours": part(nanos, _HOUR, DAY_NANOS),
                "minutes": part(nanos, _MINUTE, _HOUR),
                "seconds": part(nanos, NANOS, _MINUTE),
            }
        case Range():
            return {
                "start": owner.start,
                "end": owner.end,
                "start included": owner.includes_start,
                "end included": owner.includes_end,
            }
        case _:
            return {}


def _of_date(day: Date) -> dict[str, Any]:
    return {"year": day.year, "month": day.month, "day": day.day, "weekday": day.weekday}


def _of_time(time: Time) -> dict[str, Any]:
    return {
        "hour": time.hour,
        "minute": time.minute,
        "second": time.second,
        "time offset": _offset(moments.time_offset(time)),
        "timezone": time.zone,
    }


def _offset(seconds: int | None) -> durations.DaysTime | None:
    return None if seconds is None else DaysTime(seconds * NANOS)
