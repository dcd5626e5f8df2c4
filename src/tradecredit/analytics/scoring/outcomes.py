"""What became of rated customers: ratings as known on a day, and whether each went bad in the days after.

Note [Gone bad]
A customer goes bad on the first day on which an instalment is so many days overdue with more than a trifle still open.
Who was bad already on the day of the rating is left out (there is nothing left to forecast), and so is who had nothing
that could have become so overdue by the end: both would make a rating look better than it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables import reading

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

_LINES = """
WITH lines AS (
    SELECT l.customer_id, l.due_date + %(bad_days)s::int AS judged_on,
        l.amount - coalesce(sum(a.amount) FILTER (WHERE a.effective_date <= l.due_date + %(bad_days)s::int), 0) AS open_then,
        l.amount - coalesce(sum(a.amount) FILTER (WHERE a.effective_date <= %(rated_on)s), 0) AS open_at_rating
    FROM receivables_instalment l
    JOIN receivables_invoice v ON v.id = l.invoice_id
    LEFT JOIN cash_application_allocation a ON a.instalment_id = l.id
    WHERE l.company_id = %(company_id)s AND v.kind = 'invoice' AND l.due_date + %(bad_days)s::int <= %(until)s
    GROUP BY l.id, l.customer_id, l.due_date, l.amount
), fate AS (
    SELECT customer_id,
        min(judged_on) FILTER (WHERE judged_on > %(rated_on)s AND open_then > %(trifle)s) AS bad_on,
        bool_or(judged_on > %(rated_on)s) AS is_observable,
        bool_or(judged_on <= %(rated_on)s AND open_at_rating > %(trifle)s) AS was_bad
    FROM lines GROUP BY customer_id
), rated AS (
    SELECT DISTINCT ON (customer_id) customer_id, grade, suggested_grade, score, completeness
    FROM scoring_rating
    WHERE company_id = %(company_id)s AND as_of <= %(rated_on)s
        AND recorded_at < %(rated_on)s::date + interval '2 days'
    ORDER BY customer_id, as_of DESC, recorded_at DESC, id DESC
)
SELECT c.code, r.grade, r.suggested_grade, r.score, r.completeness, f.bad_on,
    coalesce(f.is_observable, false) AS is_observable, coalesce(f.was_bad, false) AS was_bad
FROM rated r
JOIN dossier_customer c ON c.id = r.customer_id
LEFT JOIN fate f ON f.customer_id = r.customer_id
WHERE {scope} ORDER BY c.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedCustomer:
    """A customer's rating as known on the day, and what came after."""

    code: str
    grade: str
    score: Decimal | None
    bad_on: date | None
    is_observable: bool
    was_bad: bool

    @property
    def counts(self) -> bool:
        """Tell whether the customer says anything about the rating; see Note [Gone bad]."""
        return self.is_observable and not self.was_bad


def rated_customers(
    *, company_id: UUID, rated_on: date, horizon_days: int, bad_days: int, trifle: Decimal
) -> tuple[RatedCustomer, ...]:
    """Return every customer that was rated on the day, with its fate in the horizon after it, by code."""
    scope = scoping.rows(company=f"'{company_id}'::uuid", customer="c")
    values: dict[str, Any] = {
        "company_id": company_id,
        "rated_on": rated_on,
        "until": rated_on + timedelta(days=horizon_days),
        "bad_days": bad_days,
        "trifle": trifle,
        **scope.values,
    }
    rows = reading.fetch(_LINES.format(scope=scope.sql), values)
    return tuple(
        RatedCustomer(
            code=row["code"],
            grade=row["grade"],
            score=row["score"],
            bad_on=row["bad_on"],
            is_observable=row["is_observable"],
            was_bad=row["was_bad"],
        )
        for row in rows
    )
