"""Calendar days of any year, also before year 1 and beyond 9999 (Gregorian rules carried both ways)."""

from __future__ import annotations

from dataclasses import dataclass

MAX_YEAR = 999_999_999
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS_IN_400_YEARS = 146_097
_FEBRUARY, _MONTHS, _MARCH_TO_DECEMBER = 2, 12, 10
_EPOCH_SHIFT = 719_468  # days from 0000-03-01 to 1970-01-01


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """One calendar day."""

    year: int
    month: int
    day: int

    @property
    def weekday(self) -> int:
        """Return 1 for Monday to 7 for Sunday."""
        return (epoch_day(self) + 3) % 7 + 1

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


def is_leap(year: int) -> bool:
    """Return whether the year has a 29 February; 2024 has."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month; 29 for February 2024."""
    return 29 if month == _FEBRUARY and is_leap(year) else _MONTH_LENGTHS[month - 1]


def make(*, year: int, month: int, day: int) -> Date | None:
    """Return the day, or None when the calendar has no such day (30 February, year 1000000000)."""
    if abs(year) > MAX_YEAR or not 1 <= month <= _MONTHS:
        return None
    if not 1 <= day <= month_length(year, month):
        return None
    return Date(year, month, day)


def epoch_day(day: Date) -> int:
    """Return the days since 1970-01-01: 2026-03-02 gives 20514."""
    year = day.year - 1 if day.month <= _FEBRUARY else day.year  # the counting year starts in March
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((day.month + 9) % 12) + 2) // 5 + day.day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _DAYS_IN_400_YEARS + day_of_era - _EPOCH_SHIFT


def from_epoch_day(number: int) -> Date | None:
    """Return the day so many days after 1970-01-01, or None beyond the years that exist here."""
    era, day_of_era = divmod(number + _EPOCH_SHIFT, _DAYS_IN_400_YEARS)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < _MARCH_TO_DECEMBER else shifted_month - 9
    year = year_of_era + era * 400 + (1 if month <= _FEBRUARY else 0)
    return Date(year, month, day) if abs(year) <= MAX_YEAR else None


def add_months(day: Date, months: int) -> Date | None:
    """Return the same day of a later month, the month's last day when it is shorter: 31 January + 1 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > MAX_YEAR:
        return None
    return Date(year, month + 1, min(day.day, month_length(year, month + 1)))


def day_of_year(day: Date) -> int:
    """Return 1 for 1 January."""
    return epoch_day(day) - epoch_day(Date(day.year, 1, 1)) + 1


def week_of_year(day: Date) -> int:
    """Return the ISO week: the week of the year's first Thursday is week 1."""
    thursday = from_epoch_day(epoch_day(day) - day.weekday + 4) or day
    return (day_of_year(thursday) - 1) // 7 + 1
