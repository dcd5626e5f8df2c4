"""What became of orders in the books: billed, overdue now, and unpaid for so long that it may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import policies
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.core.receivables.aging import Edge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID


def of_decisions(
    *, company_id: UUID, decision_ids: Sequence[str], grades: Sequence[str], as_of: date
) -> list[dict[str, Any]]:
    """Return ``invoiced``, ``overdue`` and ``bad`` of what was billed for the orders decided upon.

    By grade (of the decision in the same place of ``grades``), customer and currency; an order decided upon twice
    counts once. ``bad`` begins where the last bucket of the company's aging by days overdue begins (181 days where it ends in 181+).
    """
    if not decision_ids:
        return []
    edge = _last_edge(company_id, as_of)
    names = sorted(set(grades))
    places = {grade: str(place) for place, grade in enumerate(names, start=1)}
    values = {
        "company": company_id,
        # As one text each: half a million identifiers quoted one by one took longer than the database.
        "decisions": _array(decision_ids),
        "grades": _array([places[grade] for grade in grades]),
        "names": names,
        "as_of": as_of,
        "months": edge.months,
        "days": edge.days,
    }
    return fetch(_BECAME, values)


def _array(values: Sequence[str]) -> str:
    """Return identifiers or numbers as an array of the database."""
    return f"{{{','.join(values)}}}"


def _last_edge(company_id: UUID, as_of: date) -> Edge:
    schemes = policies.in_force(company_id=company_id, as_of=as_of).schemes.values()
    edges = [scheme.buckets[-1].edge for scheme in schemes if scheme.measure == "days_overdue"]
    return edges[0] or Edge() if edges else Edge()


_BECAME: Final = """
WITH asked AS (
    SELECT DISTINCT ON (d.reference) d.reference, d.customer_id, (%(names)s::text[])[w.grade] AS grade
    FROM unnest(%(decisions)s::uuid[], %(grades)s::integer[]) AS w(id, grade) JOIN decisions_decision d ON d.id = w.id
    WHERE d.reference <> '' ORDER BY d.reference, w.grade)
SELECT a.grade, c.code AS customer, i.currency, sum(n.amount) AS invoiced,
    coalesce(sum(n.amount - n.settled_amount) FILTER (WHERE n.due_date < %(as_of)s::date), 0) AS overdue,
    coalesce(sum(n.amount - n.settled_amount) FILTER
        (WHERE n.due_date + make_interval(months => %(months)s, days => %(days)s) <= %(as_of)s::date), 0) AS bad
FROM asked a JOIN receivables_invoice i ON i.order_number = a.reference AND i.company_id = %(company)s
JOIN receivables_instalment n ON n.invoice_id = i.id JOIN dossier_customer c ON c.id = a.customer_id
WHERE i.kind = 'invoice'
GROUP BY a.grade, c.code, i.currency ORDER BY a.grade, c.code, i.currency
"""
