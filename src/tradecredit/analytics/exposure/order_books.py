"""The documents of orders, from all books: deliveries, what came back, what was used, invoices, credit notes.

Note [Lineage]
An invoice names what it bills: an order, a delivery, or the usage of a consignment stock. A usage names its
delivery, a delivery its order. So an invoice is led back to its order through any number of links, and a link that
comes late (the usage after its invoice) changes nothing in the end.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

_ORDERS = """
SELECT o.id, o.customer_id, o.reference, o.currency, o.amount, o.status,
    o.delivered_amount, o.invoiced_amount
FROM orders_order o WHERE o.company_id = %(company)s AND o.reference = ANY(%(references)s)
"""

_SHIPMENTS = """
SELECT d.order_id, d.number, d.delivery_date, d.amount,
    coalesce(sum(e.amount) FILTER (WHERE e.kind = 'return'), 0),
    coalesce(sum(e.amount) FILTER (WHERE e.kind = 'replaced'), 0)
FROM orders_delivery d LEFT JOIN orders_goodsevent e ON e.delivery_id = d.id
WHERE d.order_id = ANY(%(orders)s) GROUP BY d.id ORDER BY d.delivery_date, d.number
"""

# See Note [Lineage]. An invoice of another customer or currency than the order's is not the order's.
_BILLED = """
WITH wanted AS (
    SELECT o.id, o.company_id, o.customer_id, o.currency, o.reference FROM orders_order o WHERE o.id = ANY(%(orders)s)
), parts AS (
    SELECT w.id, '' AS delivery, v.number AS invoice, v.amount, v.customer_id, v.currency FROM wanted w
    JOIN receivables_invoice v ON v.company_id = w.company_id AND v.order_number = w.reference
    WHERE v.kind = 'invoice' AND NOT EXISTS (SELECT 1 FROM receivables_invoicesource s WHERE s.invoice_id = v.id)
    UNION ALL
    SELECT w.id, '', v.number, s.amount, v.customer_id, v.currency FROM wanted w
    JOIN receivables_invoicesource s ON s.company_id = w.company_id AND s.kind = 'order' AND s.number = w.reference
    JOIN receivables_invoice v ON v.id = s.invoice_id
    UNION ALL
    SELECT w.id, d.number, v.number, s.amount, v.customer_id, v.currency FROM wanted w
    JOIN orders_delivery d ON d.order_id = w.id
    JOIN receivables_invoicesource s ON s.company_id = w.company_id AND s.kind = 'delivery' AND s.number = d.number
    JOIN receivables_invoice v ON v.id = s.invoice_id
    UNION ALL
    SELECT w.id, d.number, v.number, s.amount, v.customer_id, v.currency FROM wanted w
    JOIN orders_delivery d ON d.order_id = w.id JOIN orders_goodsevent e ON e.delivery_id = d.id AND e.kind = 'usage'
    JOIN receivables_invoicesource s ON s.company_id = w.company_id AND s.kind = 'usage' AND s.number = e.number
    JOIN receivables_invoice v ON v.id = s.invoice_id
)
SELECT p.id, p.delivery, p.invoice, p.amount FROM parts p JOIN wanted w ON w.id = p.id
WHERE p.customer_id = w.customer_id AND p.currency = w.currency
"""

_CREDITED = """
SELECT c.refers_to, sum(c.amount) FROM receivables_invoice c
WHERE c.company_id = %(company)s AND c.kind = 'credit_note' AND c.refers_to <> ''
  AND c.refers_to = ANY(%(invoices)s) GROUP BY c.refers_to
"""

_ROOTS = """
SELECT 'order', o.reference, o.reference FROM orders_order o
WHERE o.company_id = %(company)s AND o.reference = ANY(%(order)s)
UNION ALL
SELECT 'delivery', d.number, o.reference FROM orders_delivery d JOIN orders_order o ON o.id = d.order_id
WHERE d.company_id = %(company)s AND d.number = ANY(%(delivery)s)
UNION ALL
SELECT 'usage', e.number, o.reference FROM orders_goodsevent e JOIN orders_delivery d ON d.id = e.delivery_id
JOIN orders_order o ON o.id = d.order_id
WHERE e.company_id = %(company)s AND e.kind = 'usage' AND e.number = ANY(%(usage)s)
"""

_USAGES = """
SELECT e.number, d.number FROM orders_goodsevent e JOIN orders_delivery d ON d.id = e.delivery_id
WHERE e.company_id = %(company)s AND e.kind = 'usage' AND e.number = ANY(%(numbers)s)
"""

_ORPHANS = """
SELECT v.number, s.kind, s.number, s.amount, v.currency FROM receivables_invoicesource s
JOIN receivables_invoice v ON v.id = s.invoice_id
WHERE s.company_id = %(company)s AND CASE s.kind
    WHEN 'order' THEN NOT EXISTS (SELECT 1 FROM orders_order o
        WHERE o.company_id = s.company_id AND o.reference = s.number)
    WHEN 'delivery' THEN NOT EXISTS (SELECT 1 FROM orders_delivery d
        WHERE d.company_id = s.company_id AND d.number = s.number)
    ELSE NOT EXISTS (SELECT 1 FROM orders_goodsevent e
        WHERE e.company_id = s.company_id AND e.kind = 'usage' AND e.number = s.number) END
ORDER BY v.number, s.number LIMIT %(most)s
"""


@dataclass(slots=True, kw_only=True)
class ShipmentBook:
    """A delivery with what came back of it and what invoices name of it."""

    number: str
    day: date
    amount: Decimal
    returned: Decimal
    replaced: Decimal
    billed: Decimal = Decimal(0)


@dataclass(slots=True, kw_only=True)
class OrderBook:
    """An order with all its documents; a flow may take a batch's own documents out again to add them one by one."""

    id: UUID
    customer_id: UUID
    reference: str
    currency: str
    amount: Decimal
    status: str
    recorded_delivered: Decimal
    recorded_invoiced: Decimal
    shipments: dict[str, ShipmentBook] = field(default_factory=dict)
    billed: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A part of an invoice that names a document which is not there (yet): it may be counted twice until it comes."""

    invoice: str
    kind: str
    number: str
    amount: Decimal
    currency: str


def books_of(*, company_id: UUID, references: Iterable[str]) -> dict[str, OrderBook]:
    """Return the orders under these references with their documents; four statements, however many orders."""
    found = {
        row[0]: OrderBook(
            id=row[0], customer_id=row[1], reference=row[2], currency=row[3], amount=row[4], status=row[5],
            recorded_delivered=row[6], recorded_invoiced=row[7],
        )
        for row in _rows(_ORDERS, company=company_id, references=sorted(set(references)))
    }  # fmt: skip
    if not found:
        return {}
    for order_id, number, day, amount, returned, replaced in _rows(_SHIPMENTS, orders=list(found)):
        found[order_id].shipments[number] = ShipmentBook(
            number=number, day=day, amount=amount, returned=returned, replaced=replaced
        )
    invoices: defaultdict[str, set[UUID]] = defaultdict(set)
    for order_id, delivery, invoice, amount in _rows(_BILLED, orders=list(found)):
        found[order_id].billed += amount
        if delivery:
            found[order_id].shipments[delivery].billed += amount
        invoices[invoice].add(order_id)
    for invoice, amount in _rows(_CREDITED, company=company_id, invoices=list(invoices)):
        for order_id in invoices[invoice]:
            found[order_id].credited += amount
    return {book.reference: book for book in found.values()}


def roots_of(*, company_id: UUID, sources: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the order's reference behind each (kind, number) that can be led back to one; see Note [Lineage]."""
    by_kind: dict[str, list[str]] = {"order": [], "delivery": [], "usage": []}
    for kind, number in set(sources):
        by_kind[kind].append(number)
    if not any(by_kind.values()):
        return {}
    return {(kind, number): root for kind, number, root in _rows(_ROOTS, company=company_id, **by_kind)}


def deliveries_of_usages(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, str]:
    """Return the number of the delivery that each usage settles."""
    wanted = sorted(set(numbers))
    return dict(_rows(_USAGES, company=company_id, numbers=wanted)) if wanted else {}


def orphans(*, company_id: UUID, most: int = 200) -> tuple[Orphan, ...]:
    """Return the parts of invoices whose order, delivery or usage nobody has seen."""
    return tuple(
        Orphan(invoice=row[0], kind=row[1], number=row[2], amount=row[3], currency=row[4])
        for row in _rows(_ORPHANS, company=company_id, most=most)
    )


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
