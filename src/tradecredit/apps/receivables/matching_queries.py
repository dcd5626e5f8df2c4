"""Open items as the matcher sees them, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.core.cash_application.matcher import values
from tradecredit.core.cash_application.matcher.values import OpenItem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

_ITEMS = """
SELECT l.id, l.customer_id, i.number, l.due_date, l.amount - l.settled_amount, i.order_number, i.contract_number,
    l.disputed_amount > 0, l.currency
FROM receivables_instalment l JOIN receivables_invoice i ON i.id = l.invoice_id
WHERE l.company_id = %(company)s AND i.kind = 'invoice' AND {condition}
"""
_OF_CUSTOMERS = "l.settled_amount < l.amount AND l.customer_id = ANY (%(customers)s::uuid[])"
# What is compared is what core/cash_application/matcher/references.py compares: capitals and digits only.
_OF_NUMBERS = """l.settled_amount < l.amount AND (
    translate(upper(i.number), %(marks)s, '') = ANY (%(numbers)s)
    OR translate(upper(i.order_number), %(marks)s, '') = ANY (%(numbers)s)
    OR translate(upper(i.contract_number), %(marks)s, '') = ANY (%(numbers)s))"""
_SETTLED = "l.settled_amount = l.amount AND i.number = ANY (%(numbers)s)"
_MARKS = "-_/. #()[]:"


def open_items(*, company_id: UUID, customers: Iterable[str]) -> dict[str, list[OpenItem]]:
    """Return what customers have open, by currency."""
    return _read(_OF_CUSTOMERS, company=company_id, customers=list(customers))


def open_items_named(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, list[OpenItem]]:
    """Return what is open of the documents, orders and contracts with these compact numbers, by currency."""
    wanted = list(numbers)
    return _read(_OF_NUMBERS, company=company_id, numbers=wanted, marks=_MARKS) if wanted else {}


def settled_items(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, list[OpenItem]]:
    """Return the instalments of these invoices that are settled, by currency: nothing of them is open."""
    wanted = list(numbers)
    return _read(_SETTLED, company=company_id, numbers=wanted) if wanted else {}


def _read(condition: str, *, company: UUID, **bound: Any) -> dict[str, list[OpenItem]]:
    found: dict[str, list[OpenItem]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS.format(condition=condition), {"company": company, **bound})
        for row in cursor.fetchall():
            item = OpenItem(
                item_id=str(row[0]),
                customer=str(row[1]),
                number=row[2],
                due_date=row[3],
                open=values.units(row[4]),
                order_number=row[5],
                contract_number=row[6],
                is_disputed=row[7],
            )
            found.setdefault(row[8], []).append(item)
    return found
