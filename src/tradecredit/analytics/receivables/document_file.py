"""One invoice with its instalments, everything that was set against them, and its disputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables import reading

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

Row = dict[str, Any]

_HEAD = """
SELECT v.id, v.number, v.kind, v.nature, v.invoice_date, v.currency, v.amount, v.order_number, v.contract_number,
    v.salesperson, v.refers_to, v.source, v.recorded_at, c.code AS customer_code, c.name AS customer_name
FROM receivables_invoice v JOIN dossier_customer c ON c.id = v.customer_id
WHERE v.company_id = %(company)s AND v.number = %(number)s AND {scope} ORDER BY v.kind DESC LIMIT 1
"""
_LINES = """
SELECT l.id, l.line, l.due_date, l.amount, l.settled_amount AS settled, l.amount - l.settled_amount AS open,
    l.settled_on, l.disputed_amount AS disputed, greatest(%(as_of)s::date - l.due_date, 0) AS days_overdue
FROM receivables_instalment l WHERE l.invoice_id = %(invoice)s ORDER BY l.line
"""
_SET_AGAINST = """
SELECT a.effective_date, a.recorded_at, a.amount, a.method, a.explanation_zh, a.explanation_en, a.reason,
    a.recorded_by, l.line, coalesce(p.number, x.number) AS source, x.nature
FROM cash_application_allocation a
JOIN receivables_instalment l ON l.id = a.instalment_id OR l.id = a.credit_instalment_id
LEFT JOIN cash_application_payment p ON p.id = a.payment_id
LEFT JOIN receivables_instalment k ON k.id = a.credit_instalment_id
LEFT JOIN receivables_invoice x ON x.id = k.invoice_id
WHERE l.invoice_id = %(invoice)s ORDER BY a.recorded_at, a.id
"""
_DISPUTES = """
SELECT d.amount, d.reason_code, d.text, d.opened_on, d.closed_on, d.resolution, d.recorded_by, l.line
FROM receivables_dispute d JOIN receivables_instalment l ON l.id = d.instalment_id
WHERE l.invoice_id = %(invoice)s ORDER BY d.opened_on, d.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFile:
    """An invoice (or credit note) and all that happened to it."""

    head: Row
    lines: list[Row]
    set_against: list[Row]
    disputes: list[Row]


def of(*, company_id: UUID, number: str, as_of: date) -> DocumentFile | None:
    """Return the document with this number in the actor's scope; None when there is none to see."""
    scope = scoping.rows(company="v.company_id", customer="c")
    values = {"company": company_id, "number": number, **scope.values}
    heads = reading.fetch(_HEAD.format(scope=scope.sql), values)
    if not heads:
        return None
    found = {"invoice": heads[0]["id"], "as_of": as_of}
    return DocumentFile(
        head=heads[0],
        lines=reading.fetch(_LINES, found),
        set_against=reading.fetch(_SET_AGAINST, found),
        disputes=reading.fetch(_DISPUTES, found),
    )
