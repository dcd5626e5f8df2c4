"""What is expected to come in soon from customers in trouble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

_ENDANGERED: Final = """
SELECT count(DISTINCT i.customer_id), coalesce(sum(i.amount - i.settled_amount), 0)
FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
WHERE i.company_id = %(company)s AND i.currency = %(currency)s AND i.settled_amount < i.amount
    AND i.due_date <= %(until)s
    AND EXISTS (SELECT 1 FROM monitoring_alert a WHERE a.company_id = i.company_id AND a.customer_id = i.customer_id
        AND a.closed_at IS NULL AND a.level = ANY (%(levels)s::text[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endangered:
    """How much is due from how many customers with an open alert of the levels."""

    customers: int
    amount: Decimal


def endangered(*, company_id: UUID, currency: str, levels: Sequence[str], until: date) -> Endangered:
    """Return what is open and due by the day (overdue items with it) from customers in trouble, in one currency."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ENDANGERED,
            {"company": company_id, "currency": currency, "levels": list(levels), "until": until},
        )
        ((customers, amount),) = cursor.fetchall()
    return Endangered(customers=customers, amount=amount)
