"""Open items as the matcher sees them, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.core.cash_application.matcher import values
from tradecredit.core.cash_application.matcher.values import OpenItem
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

_ITEMS = """
SELECT l.id::text, l.customer_id::text, i.number, l.due_date, l.amount - l.settled_amount, i.order_number, i.contract_number,
    l.disputed_amount > 0, l.currency, i.kind = 'credit_note'
FROM receivables_instalment l JOIN receivables_invoice i ON i.id = l.invoice_id
WHERE l.company_id = %(company)s AND {condition}
"""
_OF_CUSTOMERS = "l.settled_amount < l.amount AND l.customer_id = ANY (%(customers)s::uuid[])"
# What is compared is what core/cash_application/matcher/references.py compares: capitals and digits only.
_OF_NUMBERS = """l.settled_amount < l.amount AND (
    translate(upper(i.number), %(marks)s, '') = ANY (%(numbers)s::text[])
    OR translate(upper(i.order_number), %(marks)s, '') = ANY (%(numbers)s::text[])
    OR translate(upper(i.contract_number), %(marks)s, '') = ANY (%(numbers)s::text[]))"""
_SETTLED = "i.kind = 'invoice' AND l.settled_amount = l.amount AND i.number = ANY (%(numbers)s::text[])"
_MARKS = "-_/. #()[]:"
_NONE = "{}"


def open_items(*, company_id: UUID, customers: Iterable[str]) -> dict[str, list[OpenItem]]:
    """Return what customers have open, and what is left of their credit notes, by currency."""
    return _read(_OF_CUSTOMERS, company=company_id, customers=portions.array(customers, quoted=False))


def open_items_named(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, list[OpenItem]]:
    """Return what is open of the documents, orders and contracts with these compact numbers, by currency."""
    wanted = portions.array(numbers, quoted=True)
    return _read(_OF_NUMBERS, company=company_id, numbers=wanted, marks=_MARKS) if wanted != _NONE else {}


def settled_items(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, list[OpenItem]]:
    """Return the instalments of these invoices that are settled, by currency: nothing of them is open."""
    wanted = portions.array(numbers, quoted=True)
    return _read(_SETTLED, company=company_id, numbers=wanted) if wanted != _NONE else {}


def _read(condition: str, *, company: UUID, **bound: Any) -> dict[str, list[OpenItem]]:
    found: dict[str, list[OpenItem]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS.format(condition=condition), {"company": company, **bound})
        for row in cursor.fetchall():
            item = OpenItem(
                item_id=row[0],
                customer=row[1],
                number=row[2],
                due_date=row[3],
                open=values.units(row[4]),
                order_number=row[5],
                contract_number=row[6],
                is_disputed=row[7],
                is_credit=row[9],
            )
            found.setdefault(row[8], []).append(item)
    return found
