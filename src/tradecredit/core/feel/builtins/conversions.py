"""Functions that make a value of one kind from others: ``number``, ``string``, ``date``, ``duration``, ``range`` …"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import takes, way
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import days, decimals, kinds, moments, reading, texts
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.kinds import DATE, DATE_TIME, DAYS_TIME, NUMBER, STRING, TIME, YEARS_MONTHS
from tradecredit.core.feel.values.moments import NANOS, DateTime, Time

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")


def _number(_run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    if (
        grouping not in {None, " ", ",", "."}
        or point not in {None, ",", "."}
        or (grouping and grouping == point)
    ):
        raise declaring.refused("number", grouping if grouping not in {" ", ",", "."} else point)
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    found = decimals.of(plain) if _NUMBER.fullmatch(plain) else None
    if found is None:
        raise declaring.refused("number", text)
    return found


def _string(run: Run, value: Any) -> str:
    if value is None:
        raise declaring.refused("string", value)
    return texts.text(value, run=run)


def _read(read: Callable[[str], Any], text: str) -> Any:
    found = read(text)
    if found is None:
        raise NullBecauseError("bad_date", text=text[:60])
    return found


def _date_of_parts(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date:
    numbers = [decimals.as_int(part) for part in (year, month, day)]
    if None in numbers:
        raise declaring.refused("date", year)
    found = days.make(year=numbers[0] or 0, month=numbers[1] or 0, day=numbers[2] or 0)
    if found is None:
        raise NullBecauseError("bad_date", text=f"{year:f}-{month:f}-{day:f}"[:60])
    return found


def _time_of_parts(
    _run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None
) -> Time:
    whole_hour, whole_minute = decimals.as_int(hour), decimals.as_int(minute)
    if whole_hour is None or whole_minute is None:
        raise declaring.refused("time", hour if whole_hour is None else minute)
    seconds = None if offset is None else offset.nanos // NANOS
    is_sound = moments.is_clock(hour=whole_hour, minute=whole_minute, second=second)
    if not is_sound or abs(seconds or 0) > moments.MAX_OFFSET:
        raise NullBecauseError("bad_date", text=f"{hour:f}:{minute:f}:{second:f}"[:60])
    nano = int(second % 1 * NANOS)
    return Time(whole_hour, whole_minute, int(second), nano, seconds)


def _moment_of_parts(_run: Run, day: Date | DateTime, time: Time) -> DateTime:
    return DateTime(day.date if isinstance(day, DateTime) else day, time)


def _months_between(_run: Run, start: Any, end: Any) -> YearsMonths:
    """Count whole months by the calendar, days only: 2025-01-31 to 2025-03-30 is one month."""
    first, last = _as_day(start), _as_day(end)
    sign = 1
    if first > last:
        first, last, sign = last, first, -1
    months = (last.year - first.year) * 12 + last.month - first.month
    if last.day < first.day:
        months -= 1
    return YearsMonths(sign * months)


def _as_day(value: Any) -> Date:
    if isinstance(value, DateTime):
        return value.date
    if isinstance(value, Date):
        return value
    raise declaring.refused("years and months duration", value)


def _from(name: str = "from", wanted: kinds.Type | None = STRING) -> Any:
    return takes(name, wanted)


_FUNCTIONS = {
    "number": (
        way(_number, _from()),
        way(
            _number,
            _from(),
            takes("grouping separator", STRING, null=True),
            takes("decimal separator", STRING, null=True),
        ),
    ),
    "string": (way(_string, _from(wanted=None)),),
    "date": (
        way(lambda _run, text: _read(reading.date, text), _from()),
        way(lambda _run, day: day, _from(wanted=DATE)),
        way(lambda _run, moment: moment.date, _from(wanted=DATE_TIME)),
        way(_date_of_parts, takes("year", NUMBER), takes("month", NUMBER), takes("day", NUMBER)),
    ),
    "time": (
        way(lambda _run, text: _read(reading.time, text), _from()),
        way(lambda _run, time: time, _from(wanted=TIME)),
        way(lambda _run, moment: moment.time, _from(wanted=DATE_TIME)),
        way(
            _time_of_parts,
            takes("hour", NUMBER),
            takes("minute", NUMBER),
            takes("second", NUMBER),
            takes("offset", DAYS_TIME, optional=True, null=True),
        ),
    ),
    "date and time": (
        way(lambda _run, text: _read(reading.moment, text), _from()),
        way(lambda _run, moment: moment, _from(wanted=DATE_TIME)),
        way(_moment_of_parts, takes("date", DATE), takes("time", TIME)),
        way(_moment_of_parts, takes("date", DATE_TIME), takes("time", TIME)),
    ),
    "duration": (
        way(lambda _run, text: _read(reading.duration, text), _from()),
        way(lambda _run, found: found, _from(wanted=YEARS_MONTHS)),
        way(lambda _run, found: found, _from(wanted=DAYS_TIME)),
    ),
    "years and months duration": (way(_months_between, takes("from", null=False), takes("to")),),
}

FUNCTIONS = declaring.family(
    _FUNCTIONS,
    {
        "number": NUMBER, "string": STRING, "date": DATE, "time": TIME, "date and time": DATE_TIME,
        "years and months duration": YEARS_MONTHS,
    },
)  # fmt: skip
