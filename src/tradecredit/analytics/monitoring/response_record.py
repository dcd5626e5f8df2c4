"""How soon alerts are answered: of those that wanted an answer, how many had one in time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

_PLACES: Final = Decimal("0.0001")
_TENTH: Final = Decimal("0.1")
_LEVELS: Final = ("red", "orange", "yellow")

# An alert that is waiting and still has time is neither in time nor late.
_ANSWERED: Final = """
SELECT level,
    count(*) FILTER (WHERE first_response_at <= respond_by),
    count(*) FILTER (WHERE first_response_at > respond_by OR (first_response_at IS NULL AND respond_by < %(now)s)),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_response_at - created_at) / 3600)
FROM monitoring_alert
WHERE company_id = %(company)s AND respond_by IS NOT NULL AND raised_on <= %(as_of)s
GROUP BY level
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRecord:
    """The answers to alerts of a level: in time, late, and the hours after which half of them stood."""

    level: str
    in_time: int
    late: int
    median_hours: Decimal | None

    @property
    def judged(self) -> int:
        """Return of how many alerts it is known whether they were answered in time."""
        return self.in_time + self.late

    @property
    def share(self) -> Decimal | None:
        """Return the share answered in time; None where nothing can be judged yet."""
        if not self.judged:
            return None
        return (Decimal(self.in_time) / self.judged).quantize(_PLACES, rounding=ROUND_HALF_UP)


def responses(*, company_id: UUID, as_of: date, now: datetime) -> tuple[ResponseRecord, ...]:
    """Return the record of each level that had alerts up to the day, the gravest first."""
    values = {"company": company_id, "as_of": as_of, "now": now}
    found = {level: (in_time, late, hours) for level, in_time, late, hours in _rows(values)}
    return tuple(
        ResponseRecord(level=level, in_time=in_time, late=late, median_hours=_hours(hours))
        for level in _LEVELS
        if level in found
        for in_time, late, hours in (found[level],)
    )


def overall(records: Sequence[ResponseRecord]) -> Decimal | None:
    """Return the share of all alerts that were answered in time: 9 of 10 is ``0.9000``."""
    judged = sum(one.judged for one in records)
    if not judged:
        return None
    in_time = sum(one.in_time for one in records)
    return (Decimal(in_time) / judged).quantize(_PLACES, rounding=ROUND_HALF_UP)


def _hours(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_TENTH, rounding=ROUND_HALF_UP)


def _rows(values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
