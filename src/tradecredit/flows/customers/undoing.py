"""What happened since a merge to the documents that it moved: what goes back with them, and what holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.dossier.merges import MergeRecord

# Settlements between a document that goes back and one that stays.
_TIED: Final = """
SELECT DISTINCT i.number || ' ↔ ' || coalesce(p.number, x.number)
FROM cash_application_allocation a
JOIN receivables_instalment n ON n.id = a.instalment_id
JOIN receivables_invoice i ON i.id = n.invoice_id
LEFT JOIN cash_application_payment p ON p.id = a.payment_id
LEFT JOIN receivables_instalment c ON c.id = a.credit_instalment_id
LEFT JOIN receivables_invoice x ON x.id = c.invoice_id
WHERE a.customer_id = %(customer)s AND (i.id = ANY (%(invoices)s::uuid[])) IS DISTINCT FROM
      (CASE WHEN p.id IS NOT NULL THEN p.id = ANY (%(payments)s::uuid[]) ELSE x.id = ANY (%(invoices)s::uuid[]) END)
GROUP BY i.number, p.number, x.number HAVING sum(a.amount) <> 0
ORDER BY 1
"""
# Rows that were written since about documents that go back.
_LATER: Final = {
    "cash_application_allocation": """
        SELECT a.id FROM cash_application_allocation a JOIN receivables_instalment n ON n.id = a.instalment_id
        WHERE a.customer_id = %(customer)s AND n.invoice_id = ANY (%(receivables_invoice)s::uuid[])""",
    "cash_application_paymentreturn": """
        SELECT r.id FROM cash_application_paymentreturn r
        WHERE r.customer_id = %(customer)s AND r.payment_id = ANY (%(cash_application_payment)s::uuid[])""",
    "orders_delivery": """
        SELECT d.id FROM orders_delivery d
        WHERE d.customer_id = %(customer)s AND d.order_id = ANY (%(orders_order)s::uuid[])""",
    "receivables_dispute": """
        SELECT d.id FROM receivables_dispute d JOIN receivables_instalment n ON n.id = d.instalment_id
        WHERE d.customer_id = %(customer)s AND n.invoice_id = ANY (%(receivables_invoice)s::uuid[])""",
}
_OBLIGATIONS: Final = {
    "orders_order": ("reference", "order"),
    "orders_delivery": ("number", "delivery"),
    "receivables_invoice": ("number", "invoice", "credit_note"),
    "receivables_bill": ("number", "bill"),
    "cash_application_payment": ("number", "payment"),
}


def tied_documents(merge: MergeRecord) -> tuple[str, ...]:
    """Return the settlements that tie a document of the merge to one that is not, in words."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TIED,
            {
                "customer": merge.customer_id,
                "invoices": list(merge.moved.get("receivables_invoice", [])),
                "payments": list(merge.moved.get("cash_application_payment", [])),
            },
        )
        return tuple(row[0] for row in cursor.fetchall())


def with_later(merge: MergeRecord) -> Mapping[str, Sequence[str]]:
    """Return the lineage with the rows that were written since about its documents."""
    lineage = {name: list(rows) for name, rows in merge.moved.items()}
    parameters = {"customer": merge.customer_id} | {
        name: lineage.get(name, [])
        for name in ("receivables_invoice", "cash_application_payment", "orders_order")
    }
    for name, query in _LATER.items():
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            known = set(lineage.get(name, []))
            lineage[name] = [*known, *(str(row[0]) for row in cursor.fetchall() if str(row[0]) not in known)]
    return lineage


def obligations_of(lineage: Mapping[str, Sequence[str]]) -> frozenset[tuple[UUID, str]]:
    """Return what the documents of the lineage are called in the ledger, with their companies."""
    found: set[tuple[UUID, str]] = set()
    for table, (column, *kinds) in _OBLIGATIONS.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT company_id, {column} FROM {table} WHERE id = ANY (%s::uuid[])",
                [list(lineage.get(table, []))],
            )
            found |= {
                (company, f"{kind}:{number}") for company, number in cursor.fetchall() for kind in kinds
            }
    return frozenset(found)
