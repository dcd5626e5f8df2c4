"""What became of orders in the books: billed, overdue now, and unpaid for so long that it may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import policies
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.core.receivables.aging import Edge

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID


def of_decisions(*, company_id: UUID, decision_ids: Collection[str], as_of: date) -> list[dict[str, Any]]:
    """Return ``invoiced``, ``overdue`` and ``bad`` by currency of what was billed for the orders decided upon.

    ``bad`` begins where the last bucket of the company's aging by days overdue begins (181 days where it ends in 181+).
    """
    if not decision_ids:
        return []
    edge = _last_edge(company_id, as_of)
    values = {
        "company": company_id,
        "decisions": list(decision_ids),
        "as_of": as_of,
        "months": edge.months,
        "days": edge.days,
    }
    return fetch(_BECAME, values)


def _last_edge(company_id: UUID, as_of: date) -> Edge:
    schemes = policies.in_force(company_id=company_id, as_of=as_of).schemes.values()
    edges = [scheme.buckets[-1].edge for scheme in schemes if scheme.measure == "days_overdue"]
    return edges[0] or Edge() if edges else Edge()


_BECAME: Final = """
SELECT i.currency, sum(n.amount) AS invoiced,
    coalesce(sum(n.amount - n.settled_amount) FILTER (WHERE n.due_date < %(as_of)s::date), 0) AS overdue,
    coalesce(sum(n.amount - n.settled_amount) FILTER
        (WHERE n.due_date + make_interval(months => %(months)s, days => %(days)s) <= %(as_of)s::date), 0) AS bad
FROM receivables_invoice i JOIN receivables_instalment n ON n.invoice_id = i.id
WHERE i.company_id = %(company)s AND i.kind = 'invoice'
    AND i.order_number <> ''
    AND i.order_number IN (SELECT reference FROM decisions_decision WHERE id = ANY(%(decisions)s::uuid[]))
GROUP BY i.currency ORDER BY i.currency
"""
