"""The two durations: years and months, and days and time to the nanosecond."""

from __future__ import annotations

from dataclasses import dataclass

from tradecredit.core.feel.values.moments import DAY_NANOS, NANOS


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A whole number of months; 14 is one year and two months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{'-' if self.months < 0 else ''}P{text or '0M'}"


@dataclass(frozen=True, slots=True, order=True)
class DaysTime:
    """A whole number of nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanos), DAY_NANOS)
        seconds, nano = divmod(rest, NANOS)
        hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
        fraction = f".{nano:09d}".rstrip("0") if nano else ""
        time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        time += f"{seconds}{fraction}S" if seconds or nano else ""
        text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
        return f"{'-' if self.nanos < 0 else ''}P{text or 'T0S'}"


def whole(amount: int, unit: int) -> int:
    """Divide towards zero, as the parts of a duration are counted: -90 minutes have -1 hour."""
    return amount // unit if amount >= 0 else -(-amount // unit)


def part(amount: int, unit: int, cycle: int) -> int:
    """Return the part of a duration below a larger unit, with the duration's sign."""
    found = abs(amount) % cycle // unit
    return -found if amount < 0 else found
