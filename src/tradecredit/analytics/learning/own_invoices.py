"""The instalments of our own books as payment history: what was paid in full when, and what is open still.

An instalment counts as settled on the day on which money covered what credit notes left of it; one that was written off
was never settled. Amounts are in each document's currency, which customers seldom change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.learning.payment_history import InvoiceRow
from tradecredit.analytics.receivables import reading
from tradecredit.analytics.receivables.ledger_sql import PAID, Ledger

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

_INVOICES: Final = (
    """, looked_at AS (
    SELECT * FROM standing WHERE kind = 'invoice'
)"""
    + PAID.format(lines="looked_at")
    + """
SELECT l.company_code, l.customer_code, l.customer_name, l.number, l.line, l.invoice_date, l.due_date, l.currency, l.amount, l.open,
    CASE WHEN p.cash >= l.amount - p.credit THEN p.latest_day END AS settled_on
FROM looked_at l JOIN paid p ON p.id = l.id
WHERE l.amount > p.credit
ORDER BY l.invoice_date, l.number, l.line, l.id
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInvoice:
    """An instalment with its place in the payment history; ``open`` in its own currency, nought once it is settled."""

    company: str
    customer: str
    customer_name: str
    number: str
    line: int
    currency: str
    open: Decimal
    history: InvoiceRow


def instalments(*, company_id: UUID, as_of: date) -> tuple[OwnInvoice, ...]:
    """Return every invoiced instalment in scope as it stood on the day, by invoice day."""
    ledger = Ledger(as_of=as_of, known_at=None, company_id=company_id)
    return tuple(_own(row) for row in reading.fetch(ledger.sql(_INVOICES), ledger.values))


def _own(row: dict[str, Any]) -> OwnInvoice:
    return OwnInvoice(
        company=row["company_code"],
        customer=row["customer_code"],
        customer_name=row["customer_name"],
        number=row["number"],
        line=row["line"],
        currency=row["currency"],
        open=row["open"],
        history=InvoiceRow(
            reference=f"{row['number']}/{row['line']}",
            customer=row["customer_code"],
            group="",
            amount=float(row["amount"]),
            issued_on=row["invoice_date"],
            due_on=row["due_date"],
            settled_on=row["settled_on"],
        ),
    )
