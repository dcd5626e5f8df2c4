"""Customers on whose open items a letter can be tried: those that stand in the days of its step, the largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.apps.dossier import queries as dossier

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_STANDING: Final = """
SELECT i.customer_id
FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
WHERE i.company_id = %(company)s AND i.settled_amount < i.amount
  AND %(as_of)s::date - i.due_date BETWEEN %(from_days)s AND %(to_days)s
GROUP BY i.customer_id ORDER BY max(i.amount - i.settled_amount) DESC, i.customer_id LIMIT 50
"""
_WITHOUT_END: Final = 1_000_000


def in_step(*, company_id: UUID, as_of: date, from_days: int, to_days: int | None) -> UUID | None:
    """Return a customer in scope with an open item so many days overdue; None where there is none."""
    values: dict[str, Any] = {
        "company": company_id,
        "as_of": as_of,
        "from_days": from_days,
        "to_days": _WITHOUT_END if to_days is None else to_days,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, values)
        ids = [row[0] for row in cursor.fetchall()]
    seen = dossier.customers_by_id(ids)
    return next((one for one in ids if one in seen), None)
