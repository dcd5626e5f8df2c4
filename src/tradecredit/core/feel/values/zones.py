"""Offsets of named time zones for days of any year."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tradecredit.core.feel.values import days

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+){0,2}")
_LAST_YEAR_OF_CALENDAR = 9998


@lru_cache(maxsize=128)
def find(name: str) -> ZoneInfo | None:
    """Return the zone of that name in the time zone database, or None."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None


def offset(name: str, *, day: days.Date, second_of_day: int) -> int:
    """Return the seconds east of UTC in that zone on that local day and second; 0 for an unknown zone."""
    zone = find(name)
    if zone is None:
        return 0
    # The calendar repeats every 400 years, so a year that the library cannot hold borrows one that it can.
    year = day.year if 1 < day.year < _LAST_YEAR_OF_CALENDAR else 2000 + day.year % 400
    hour, rest = divmod(second_of_day, 3600)
    local = datetime(year, day.month, day.day, hour, rest // 60, rest % 60, tzinfo=zone)
    found = local.utcoffset()
    return int(found.total_seconds()) if found is not None else 0


def local_second(name: str, *, epoch_second: int) -> int:
    """Return the offset in that zone at a moment given in seconds since 1970-01-01T00:00:00Z."""
    zone = find(name)
    if zone is None:
        return 0
    day = days.from_epoch_day(epoch_second // 86_400)
    if day is None:
        return 0
    year = day.year if 1 < day.year < _LAST_YEAR_OF_CALENDAR else 2000 + day.year % 400
    moment = datetime(year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=epoch_second % 86_400)
    found = moment.astimezone(zone).utcoffset()
    return int(found.total_seconds()) if found is not None else 0
