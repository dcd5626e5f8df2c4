"""How long customers have held the best grade without a break, and how often they were warned about: lately, and period after period."""

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
# An alert is valid unless people called it false, or nobody has said yet that it is true where that is wanted.
_VALID = """company_id = %(company)s AND customer_id = ANY (%(ids)s) AND NOT is_false_alarm
    AND (NOT wants_confirmation OR confirmed_at IS NOT NULL OR closed_at IS NOT NULL)"""
_ALERTS = f"""
SELECT customer_id, count(*) AS alerts FROM monitoring_alert
WHERE {_VALID}
    AND raised_on > %(as_of)s::date - %(days)s::int AND raised_on <= %(as_of)s
GROUP BY customer_id
"""
# The period that ends with the day is number 0; those that follow it backwards without a gap are numbered as they come.
_PERIODS = f"""
WITH warned AS (
    SELECT customer_id, (%(as_of)s::date - raised_on) / %(days)s::int AS period FROM monitoring_alert
    WHERE {_VALID}
        AND raised_on <= %(as_of)s
    GROUP BY customer_id, period
), numbered AS (
    SELECT customer_id, period, row_number() OVER (PARTITION BY customer_id ORDER BY period) - 1 AS place FROM warned
)
SELECT customer_id, count(*) AS periods FROM numbered WHERE period = place GROUP BY customer_id
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
    """Return how many valid alerts each customer had in the last so many days."""
    values = {"company": company_id, "ids": list(customer_ids), "days": days, "as_of": as_of}
    return {row["customer_id"]: Decimal(row["alerts"]) for row in fetch(_ALERTS, values)}


def warned_periods(
    *, company_id: UUID, customer_ids: Sequence[UUID], days: int, as_of: date
) -> dict[UUID, Decimal]:
    """Return in how many periods of so many days, one after another up to the day, each customer had a valid alert.

    With periods of 90 days, alerts 10 and 100 days ago are two periods in a row; 10 and 200 days ago are one.
    """
    values = {"company": company_id, "ids": list(customer_ids), "days": days, "as_of": as_of}
    return {row["customer_id"]: Decimal(row["periods"]) for row in fetch(_PERIODS, values)}
