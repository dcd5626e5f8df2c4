"""Times of day and moments, to the nanosecond, local, with an offset, or in a named zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.feel.values import days, zones

if TYPE_CHECKING:
    from decimal import Decimal

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
MAX_OFFSET = 14 * 3600
_HOURS, _SIXTY = 24, 60


def is_clock(*, hour: int, minute: int, second: int | Decimal) -> bool:
    """Return whether a clock can show it: 23:59:59.9 yes, 24:00:00 no."""
    return 0 <= hour < _HOURS and 0 <= minute < _SIXTY and 0 <= second < _SIXTY


def offset_text(offset: int) -> str:
    """Return ``Z`` or ``+05:00``; seconds only where there are any."""
    if offset == 0:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    seconds = f":{rest % 60:02d}" if rest % 60 else ""
    return f"{'-' if offset < 0 else '+'}{hours:02d}:{rest // 60:02d}{seconds}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; local when it has neither ``offset`` nor ``zone``."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    @property
    def second_of_day(self) -> int:
        """Return whole seconds since midnight."""
        return self.hour * 3600 + self.minute * 60 + self.second

    @property
    def nano_of_day(self) -> int:
        """Return nanoseconds since midnight."""
        return self.second_of_day * NANOS + self.nano

    @property
    def is_local(self) -> bool:
        """Return whether the time says nothing about where."""
        return self.offset is None and self.zone is None

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        text = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}"
        if self.zone is not None:
            return f"{text}@{self.zone}"
        return text if self.offset is None else text + offset_text(self.offset)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day and a time of day."""

    date: days.Date
    time: Time

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def from_nano_of_day(nanos: int, *, like: Time) -> Time:
    """Return the time so many nanoseconds after midnight (wrapping), in the zone of another time."""
    seconds, nano = divmod(nanos % DAY_NANOS, NANOS)
    return Time(seconds // 3600, seconds // 60 % 60, seconds % 60, nano, like.offset, like.zone)


def time_offset(time: Time) -> int | None:
    """Return the offset of a time; a named zone's of 1 January 1970, when no day is known."""
    if time.zone is not None:
        return zones.offset(time.zone, day=days.Date(1970, 1, 1), second_of_day=time.second_of_day)
    return time.offset


def moment_offset(moment: DateTime) -> int | None:
    """Return the offset of a moment, a named zone's on that day; None when it is local."""
    if moment.time.zone is not None:
        return zones.offset(moment.time.zone, day=moment.date, second_of_day=moment.time.second_of_day)
    return moment.time.offset


def epoch_nano(moment: DateTime) -> int:
    """Return nanoseconds since 1970-01-01T00:00:00Z; a local moment counts as if in UTC."""
    offset = moment_offset(moment) or 0
    return days.epoch_day(moment.date) * DAY_NANOS + moment.time.nano_of_day - offset * NANOS


def add_nanos(moment: DateTime, nanos: int) -> DateTime | None:
    """Return a moment so many nanoseconds later, kept in its zone; None beyond the years that exist here."""
    if moment.time.zone is None:
        total = days.epoch_day(moment.date) * DAY_NANOS + moment.time.nano_of_day + nanos
    else:
        utc = epoch_nano(moment) + nanos
        total = utc + zones.local_second(moment.time.zone, epoch_second=utc // NANOS) * NANOS
    day = days.from_epoch_day(total // DAY_NANOS)
    if day is None:
        return None
    return DateTime(day, from_nano_of_day(total, like=moment.time))
