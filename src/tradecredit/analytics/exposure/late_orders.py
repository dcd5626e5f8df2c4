"""Orders that came after documents that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

_INVOICED = """
SELECT DISTINCT o.reference FROM orders_order o
JOIN receivables_invoice v ON v.company_id = o.company_id AND v.order_number = o.reference AND v.kind = 'invoice'
    AND v.customer_id = o.customer_id AND v.currency = o.currency
WHERE o.company_id = %(company)s AND o.customer_id = ANY(%(customers)s) AND o.invoiced_amount = 0
    AND o.status IN ('released', 'held')
UNION
SELECT DISTINCT o.reference FROM orders_order o
JOIN receivables_invoicesource s ON s.company_id = o.company_id AND s.kind = 'order' AND s.number = o.reference
WHERE o.company_id = %(company)s AND o.customer_id = ANY(%(customers)s) AND o.invoiced_amount = 0
    AND o.status IN ('released', 'held')
"""

_WAITED_FOR = """
SELECT DISTINCT i.waits_for FROM worklist_incomingdocument i
WHERE i.company_id = %(company)s AND i.status = 'waiting' AND i.waits_for LIKE 'order:%%' AND EXISTS (
    SELECT 1 FROM orders_order o WHERE o.company_id = i.company_id AND o.reference = substr(i.waits_for, 7))
UNION
SELECT DISTINCT i.waits_for FROM worklist_incomingdocument i
WHERE i.company_id = %(company)s AND i.status = 'waiting' AND i.waits_for LIKE 'delivery:%%' AND EXISTS (
    SELECT 1 FROM orders_delivery d WHERE d.company_id = i.company_id AND d.number = substr(i.waits_for, 10))
UNION
SELECT DISTINCT i.waits_for FROM worklist_incomingdocument i
WHERE i.company_id = %(company)s AND i.status = 'waiting' AND i.waits_for LIKE 'customer:%%' AND EXISTS (
    SELECT 1 FROM dossier_customer c WHERE c.code = substr(i.waits_for, 10) AND i.company_id = ANY (c.company_ids))
"""


def invoiced_before(*, company_id: UUID, customer_ids: Iterable[UUID]) -> tuple[str, ...]:
    """Return the orders of customers that invoices named before they came, by reference."""
    return _texts(_INVOICED, company=company_id, customers=list(customer_ids))


def waited_for(*, company_id: UUID) -> tuple[str, ...]:
    """Return what waiting rows wait for and what is there by now."""
    return _texts(_WAITED_FOR, company=company_id)


def _texts(sql: str, **values: object) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type] # UUIDs are adapted by psycopg
        return tuple(row[0] for row in cursor.fetchall())
