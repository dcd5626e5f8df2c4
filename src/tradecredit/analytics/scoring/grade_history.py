"""How long customers have held the best grade without a break, and how often they were warned about lately."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.receivables.reading import fetch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

_DAYS_A_YEAR: Final = Decimal("365.25")
_CENT: Final = Decimal("0.01")
_SINCE = """
WITH worse AS (
    SELECT customer_id, max(recorded_at) AS latest FROM scoring_rating
    WHERE company_id = %(company)s AND customer_id = ANY (%(ids)s) AND grade <> %(best)s GROUP BY customer_id
)
SELECT r.customer_id, min(r.as_of) AS since FROM scoring_rating r LEFT JOIN worse w ON w.customer_id = r.customer_id
WHERE r.company_id = %(company)s AND r.customer_id = ANY (%(ids)s) AND r.grade = %(best)s
    AND (w.latest IS NULL OR r.recorded_at > w.latest)
GROUP BY r.customer_id
"""
_ALERTS = """
SELECT customer_id, count(*) AS alerts FROM monitoring_alert
WHERE company_id = %(company)s AND customer_id = ANY (%(ids)s) AND NOT is_false_alarm
    AND raised_on > %(as_of)s::date - %(days)s::int AND raised_on <= %(as_of)s
GROUP BY customer_id
"""


def best_grade_years(
    *, company_id: UUID, customer_ids: Sequence[UUID], best: str, as_of: date
) -> dict[UUID, Decimal]:
    """Return the whole hundredths of years for which each customer has held the best grade; others are left out."""
    rows = fetch(_SINCE, {"company": company_id, "ids": list(customer_ids), "best": best})
    return {
        row["customer_id"]: (Decimal((as_of - row["since"]).days) / _DAYS_A_YEAR).quantize(
            _CENT, rounding=ROUND_DOWN
        )
        for row in rows
    }


def alerts_lately(
    *, company_id: UUID, customer_ids: Sequence[UUID], days: int, as_of: date
) -> dict[UUID, Decimal]:
    """Return how many alerts that were no false alarms each customer had in the last so many days."""
    values = {"company": company_id, "ids": list(customer_ids), "days": days, "as_of": as_of}
    return {row["customer_id"]: Decimal(row["alerts"]) for row in fetch(_ALERTS, values)}
