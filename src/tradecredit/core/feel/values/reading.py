"""Texts of days, times, moments and durations, as XML Schema and FEEL write them."""

from __future__ import annotations

import re

from tradecredit.core.feel.values import days, moments, zones
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.moments import DAY_NANOS, MAX_OFFSET, NANOS, DateTime, Time

Temporal = Date | Time | DateTime | YearsMonths | DaysTime

_LONGEST = 80
_DATE = re.compile(r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@(.+))?",
    re.IGNORECASE,
)
_YEARS_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]+)Y)?(?:([0-9]+)M)?")
_DAYS_TIME = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?"
)


def date(text: str) -> Date | None:
    """Read ``2026-03-02``, ``-0044-03-15`` or ``12026-01-01``; None when it is no day."""
    found = _DATE.fullmatch(text) if len(text) < _LONGEST else None
    if found is None or text.startswith("-0000"):
        return None
    year = int(found[2]) * (-1 if found[1] else 1)
    return days.make(year=year, month=int(found[3]), day=int(found[4]))


def _nano(fraction: str | None) -> int:
    return int(fraction[:9].ljust(9, "0")) if fraction else 0


def _offset(found: re.Match[str]) -> int | None:
    if found[5]:
        return 0
    if not found[6]:
        return None
    seconds = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
    return -seconds if found[6] == "-" else seconds


def _has_sound_offset(found: re.Match[str]) -> bool:
    return moments.is_clock(hour=0, minute=int(found[8] or 0), second=int(found[9] or 0))


def time(text: str) -> Time | None:
    """Read ``10:30:00``, ``10:30:00.5+08:00`` or ``10:30:00@Asia/Shanghai``; None when it is no time."""
    found = _TIME.fullmatch(text) if len(text) < _LONGEST else None
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    offset, zone = _offset(found), found[10]
    is_sound = moments.is_clock(hour=hour, minute=minute, second=second)
    is_sound = is_sound and abs(offset or 0) <= MAX_OFFSET and _has_sound_offset(found)
    if not is_sound or (zone is not None and zones.find(zone) is None):
        return None
    return Time(hour, minute, second, _nano(found[4]), offset, zone)


def moment(text: str) -> DateTime | None:
    """Read a day and a time with ``T`` between them, or a day alone (its midnight); None when it is neither."""
    day_text, separator, time_text = text.partition("T")
    day = date(day_text)
    if day is None:
        return None
    if not separator:
        return DateTime(day, Time(0, 0, 0))
    if time_text.startswith("24:00:00"):
        return _end_of_day(day, time_text)
    at = time(time_text)
    return DateTime(day, at) if at is not None else None


def _end_of_day(day: Date, text: str) -> DateTime | None:
    at = time("00" + text[2:])
    next_day = days.from_epoch_day(days.epoch_day(day) + 1)
    return DateTime(next_day, at) if at is not None and next_day is not None and at.nano == 0 else None


def duration(text: str) -> YearsMonths | DaysTime | None:
    """Read ``P1Y2M`` or ``P1DT2H3M4.5S``; None when it is no duration."""
    if len(text) > _LONGEST:
        return None
    found = _YEARS_MONTHS.fullmatch(text)
    if found is not None:
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        if months > days.MAX_YEAR * 12:
            return None
        return YearsMonths(-months if found[1] else months)
    found = _DAYS_TIME.fullmatch(text)
    if found is None or not any(found.group(2, 3, 4, 5)):
        return None
    seconds = int(found[3] or 0) * 3600 + int(found[4] or 0) * 60 + int(found[5] or 0)
    nanos = int(found[2] or 0) * DAY_NANOS + seconds * NANOS + _nano(found[6])
    if nanos > days.MAX_YEAR * 366 * DAY_NANOS:
        return None
    return DaysTime(-nanos if found[1] else nanos)


def any_of(text: str) -> Temporal | None:
    """Read the text of an ``@"…"`` literal: whichever of the five it is, or None."""
    if "P" in text[:2]:
        return duration(text)
    if "T" in text and text[:1] != "T":
        found = moment(text) if _DATE.match(text) else None
        return found if found is not None else time(text)
    return date(text) or time(text)
