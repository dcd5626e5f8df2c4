"""Overdue items of insured customers, and until when the insurer must hear of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from uuid import UUID

_SQL = """
SELECT c.code, c.name, v.number || CASE WHEN i.line > 1 THEN '#' || i.line ELSE '' END, i.due_date,
    i.amount - i.settled_amount, i.currency, k.number, k.provider, k.notify_days
FROM limits_cover k
JOIN receivables_instalment i ON i.company_id = k.company_id AND i.customer_id = k.customer_id
    AND i.currency = k.currency AND i.settled_amount < i.amount AND i.due_date < %(as_of)s
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
JOIN dossier_customer c ON c.id = k.customer_id
WHERE k.company_id = %(company)s AND k.kind = 'insurance' AND k.status = 'active' AND k.notify_days IS NOT NULL
    AND k.valid_from <= v.invoice_date AND (k.valid_to IS NULL OR k.valid_to > v.invoice_date)
    AND (%(customer)s::uuid IS NULL OR k.customer_id = %(customer)s::uuid)
ORDER BY i.due_date + k.notify_days, c.code, v.number, i.line LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuredItem:
    """An overdue item under an insured limit; ``notify_by`` is the last day for telling the insurer."""

    customer_code: str
    customer_name: str
    invoice: str
    due_date: date
    open: Money
    cover: str
    insurer: str
    notify_by: date

    def days_left(self, as_of: date) -> int:
        """Return the days until the deadline; below zero it has passed."""
        return (self.notify_by - as_of).days


def insured_items(
    *, company_id: UUID, as_of: date, customer_id: UUID | None = None, most: int | None = 500
) -> tuple[InsuredItem, ...]:
    """Return the overdue items that the insurer must hear of, the earliest deadline first; all of them with no ``most``."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"company": company_id, "as_of": as_of, "customer": customer_id, "most": most})
        rows = cursor.fetchall()
    return tuple(
        InsuredItem(
            customer_code=row[0],
            customer_name=row[1],
            invoice=row[2],
            due_date=row[3],
            open=Money(row[4], row[5]),
            cover=row[6],
            insurer=row[7],
            notify_by=row[3] + timedelta(days=row[8]),
        )
        for row in rows
    )
