"""Open items and the largest overdue ones, as rows that a page or a file shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import reading
from tradecredit.analytics.receivables.ledger_sql import Ledger
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """One open instalment with its customer."""

    item_id: UUID
    company: str
    customer_id: UUID
    customer_code: str
    customer_name: str
    salesperson: str
    region: str
    invoice_number: str
    line: int
    invoice_date: date
    due_date: date
    days_overdue: int
    amount: Money
    open: Money
    disputed: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueCustomer:
    """A customer's overdue amount in one currency, and how long the oldest of it is overdue."""

    company: str
    customer_id: UUID
    customer_code: str
    customer_name: str
    salesperson: str
    region: str
    currency: str
    overdue: Money
    open: Money
    items: int
    max_days_overdue: int


_OPEN = """
SELECT s.id, s.company_code, s.customer_id, s.customer_code, s.customer_name, s.salesperson, s.region, s.number,
    s.line, s.invoice_date, s.due_date, %(as_of)s::date - s.due_date AS days_overdue, s.currency, s.amount, s.open,
    least(s.open, coalesce((SELECT sum(d.amount) FROM receivables_dispute d WHERE d.instalment_id = s.id
        AND d.opened_on <= %(as_of)s AND (d.closed_on IS NULL OR %(as_of)s < d.closed_on OR d.closed_at > %(known_at)s)
        AND (%(known_at)s::timestamptz IS NULL OR d.recorded_at <= %(known_at)s)), 0)) AS disputed
FROM standing s
WHERE s.kind = 'invoice' AND s.open > 0 AND (NOT %(only_overdue)s OR s.due_date < %(as_of)s)
ORDER BY s.due_date, s.customer_code, s.number, s.line LIMIT %(most)s
"""

_TOP = """
SELECT company_code, customer_id, customer_code, customer_name, salesperson, region, currency,
    sum(open) FILTER (WHERE due_date < %(as_of)s) AS overdue, sum(open) AS open,
    count(*) FILTER (WHERE due_date < %(as_of)s) AS items, %(as_of)s::date - min(due_date) AS max_days_overdue
FROM standing WHERE kind = 'invoice' AND open > 0
GROUP BY company_code, customer_id, customer_code, customer_name, salesperson, region, currency
HAVING min(due_date) < %(as_of)s
ORDER BY overdue DESC, customer_code LIMIT %(most)s
"""


def open_items(
    *,
    as_of: date,
    known_at: datetime | None = None,
    company_id: UUID | None = None,
    customer_ids: tuple[UUID, ...] | None = None,
    only_overdue: bool = False,
    most: int | None = None,
) -> tuple[OpenRow, ...]:
    """Return the open instalments in scope, oldest due day first."""
    ledger = Ledger(as_of=as_of, known_at=known_at, company_id=company_id, customer_ids=customer_ids)
    ledger.values.update(only_overdue=only_overdue, most=most)
    rows = reading.fetch(ledger.sql(_OPEN), ledger.values)
    return tuple(_open_row(row) for row in rows)


def top_overdue(
    *, as_of: date, known_at: datetime | None = None, company_id: UUID | None = None, most: int | None = 10
) -> tuple[OverdueCustomer, ...]:
    """Return the customers with the largest overdue amounts, a row a currency (which are never added)."""
    ledger = Ledger(as_of=as_of, known_at=known_at, company_id=company_id)
    ledger.values.update(most=most)
    rows = reading.fetch(ledger.sql(_TOP), ledger.values)
    return tuple(
        OverdueCustomer(
            company=row["company_code"],
            customer_id=row["customer_id"],
            customer_code=row["customer_code"],
            customer_name=row["customer_name"],
            salesperson=row["salesperson"],
            region=row["region"],
            currency=row["currency"],
            overdue=Money(row["overdue"], row["currency"]),
            open=Money(row["open"], row["currency"]),
            items=row["items"],
            max_days_overdue=row["max_days_overdue"],
        )
        for row in rows
    )


def _open_row(row: dict[str, Any]) -> OpenRow:
    currency = row["currency"]
    return OpenRow(
        item_id=row["id"],
        company=row["company_code"],
        customer_id=row["customer_id"],
        customer_code=row["customer_code"],
        customer_name=row["customer_name"],
        salesperson=row["salesperson"],
        region=row["region"],
        invoice_number=row["number"],
        line=row["line"],
        invoice_date=row["invoice_date"],
        due_date=row["due_date"],
        days_overdue=row["days_overdue"],
        amount=Money(row["amount"], currency),
        open=Money(row["open"], currency),
        disputed=Money(row["disputed"], currency),
    )
