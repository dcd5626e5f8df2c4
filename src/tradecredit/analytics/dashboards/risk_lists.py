"""Ratings and credit lines as lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch

if TYPE_CHECKING:
    from tradecredit.analytics.dashboards.books import Place, Row


def latest_ratings(place: Place, *, grade: str = "", most: int = 300) -> list[Row]:
    """Return the rating in force of each customer, the latest change first."""
    scope = scoping.rows(company="r.company_id", customer="c")
    return fetch(
        _RATINGS.format(scope=scope.sql),
        {"company": place.company_id, "as_of": place.as_of, "grade": grade, "most": most, **scope.values},
    )


def proposals(place: Place, *, most: int = 200) -> list[Row]:
    """Return proposed lines, open ones first, with the customer and the request that asks for them."""
    scope = scoping.rows(company="p.company_id", customer="c")
    return fetch(
        _PROPOSALS.format(scope=scope.sql), {"company": place.company_id, "most": most, **scope.values}
    )


def temporary_lines(place: Place, *, most: int = 200) -> list[Row]:
    """Return the temporary lines in force with the days that are left, the first to end first."""
    scope = scoping.rows(company="l.company_id", customer="c")
    return fetch(
        _TEMPORARY.format(scope=scope.sql),
        {"company": place.company_id, "as_of": place.as_of, "most": most, **scope.values},
    )


_TEMPORARY = """
SELECT l.id, l.limit_amount, l.limit_kind, l.currency, l.valid_from, l.valid_to, l.reference, l.reason,
    c.code AS customer_code, c.name AS customer_name, l.valid_to - %(as_of)s::date AS days_left
FROM limits_creditline l JOIN dossier_customer c ON c.id = l.customer_id
WHERE l.company_id = %(company)s AND l.line_kind = 'temporary' AND l.valid_from <= %(as_of)s
    AND l.valid_to > %(as_of)s AND {scope}
ORDER BY l.valid_to, c.code LIMIT %(most)s
"""
_RATINGS = """
SELECT * FROM (
    SELECT DISTINCT ON (r.customer_id) r.customer_id, c.code AS customer_code, c.name AS customer_name, r.grade,
        r.old_grade, r.score, r.completeness, r.is_high_risk, r.as_of, r.cause
    FROM scoring_rating r JOIN dossier_customer c ON c.id = r.customer_id
    WHERE r.company_id = %(company)s AND r.as_of <= %(as_of)s AND {scope}
    ORDER BY r.customer_id, r.as_of DESC, r.recorded_at DESC
) latest WHERE %(grade)s = '' OR grade = %(grade)s ORDER BY as_of DESC, customer_code LIMIT %(most)s
"""
_PROPOSALS = """
SELECT p.id, p.line_kind, p.limit_kind, p.limit_amount, p.currency, p.valid_from, p.valid_to, p.reason, p.status,
    p.requested_by_id, p.requested_by_name, p.decided_by_name, p.decision_reason, p.created_at, p.decided_at,
    c.code AS customer_code, c.name AS customer_name, r.roles, r.routing
FROM limits_limitproposal p
JOIN dossier_customer c ON c.id = p.customer_id
LEFT JOIN approvals_approvalrequest r ON r.subject_id = p.id AND r.status = 'open'
WHERE p.company_id = %(company)s AND {scope}
ORDER BY (p.status = 'open') DESC, p.created_at DESC LIMIT %(most)s
"""
