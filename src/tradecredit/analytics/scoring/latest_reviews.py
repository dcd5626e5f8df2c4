"""Every rated customer with its base line and the day on which a person last looked at its rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

# A customer never looked at counts from its first rating.
_QUERY = """
SELECT c.code, c.name, c.salesperson, r.grade, r.score, l.line, COALESCE(v.reviewed_on, r.first_rated) AS last,
    v.reviewed_by_name AS reviewer
FROM (
    SELECT DISTINCT ON (customer_id) customer_id, company_id, grade, score,
        min(as_of) OVER (PARTITION BY customer_id) AS first_rated
    FROM scoring_rating WHERE company_id = %(company)s AND as_of <= %(as_of)s
    ORDER BY customer_id, as_of DESC, recorded_at DESC, id DESC
) r
JOIN dossier_customer c ON c.id = r.customer_id
LEFT JOIN (
    SELECT customer_id, max(limit_amount) AS line FROM limits_creditline
    WHERE company_id = %(company)s AND line_kind = 'base' AND currency = %(currency)s
        AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s)
    GROUP BY customer_id
) l ON l.customer_id = r.customer_id
LEFT JOIN (
    SELECT DISTINCT ON (customer_id) customer_id, reviewed_on, reviewed_by_name FROM scoring_ratingreview
    WHERE company_id = %(company)s AND reviewed_on <= %(as_of)s ORDER BY customer_id, reviewed_on DESC, recorded_at DESC
) v ON v.customer_id = r.customer_id
WHERE {scope}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One customer: ``last`` is the day from which the next look is counted."""

    code: str
    name: str
    salesperson: str
    grade: str
    score: Decimal | None
    line: Decimal | None
    last: date
    reviewer: str | None


def customers(*, company_id: UUID, currency: str, as_of: date) -> tuple[Reviewed, ...]:
    """Return every rated customer in scope."""
    scope = scoping.rows(company="r.company_id", customer="c")
    values = {"company": company_id, "currency": currency, "as_of": as_of, **scope.values}
    return tuple(Reviewed(**row) for row in fetch(_QUERY.format(scope=scope.sql), values))
