"""The books of customers as the core's instalments, read with one statement: for rules and for pair tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import reading
from tradecredit.analytics.receivables.ledger_sql import Ledger
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables.open_items import AllocationEntry, Dispute, Instalment

if TYPE_CHECKING:
    from uuid import UUID

_QUERY = """
SELECT s.id, s.customer_id, s.number, s.invoice_date, s.due_date, s.currency, s.amount, v.recorded_at,
    (SELECT coalesce(json_agg(json_build_array(a.amount::text, a.effective_date, a.recorded_at,
            CASE WHEN a.payment_id IS NOT NULL THEN 'cash' WHEN EXISTS (SELECT 1 FROM receivables_instalment w
                JOIN receivables_invoice x ON x.id = w.invoice_id
                WHERE w.id = a.credit_instalment_id AND x.nature = 'write_off') THEN 'loss' ELSE 'credit' END) ORDER BY a.recorded_at, a.id), '[]')
        FROM cash_application_allocation a WHERE a.instalment_id = s.id) AS allocations,
    (SELECT coalesce(json_agg(json_build_array(d.amount::text, d.opened_on, d.closed_on, d.recorded_at)), '[]')
        FROM receivables_dispute d WHERE d.instalment_id = s.id) AS disputes
FROM standing s JOIN receivables_invoice v ON v.id = s.invoice_id
WHERE s.kind = 'invoice' ORDER BY s.customer_id, s.invoice_date, s.number, s.line
"""


def instalments(
    *,
    as_of: date,
    known_at: datetime | None = None,
    company_id: UUID | None = None,
    customer_ids: tuple[UUID, ...] | None = None,
) -> dict[UUID, tuple[Instalment, ...]]:
    """Return every instalment issued by the day, with all its allocations and disputes, by customer."""
    ledger = Ledger(as_of=as_of, known_at=known_at, company_id=company_id, customer_ids=customer_ids)
    grouped: dict[UUID, list[Instalment]] = {}
    for row in reading.fetch(ledger.sql(_QUERY), ledger.values):
        grouped.setdefault(row["customer_id"], []).append(_instalment(row))
    return {customer_id: tuple(found) for customer_id, found in grouped.items()}


def _instalment(row: dict[str, Any]) -> Instalment:
    currency = row["currency"]
    return Instalment(
        item_id=str(row["id"]),
        invoice_number=row["number"],
        invoice_date=row["invoice_date"],
        due_date=row["due_date"],
        amount=Money(row["amount"], currency),
        recorded_at=row["recorded_at"],
        allocations=tuple(_allocation(parts, currency) for parts in row["allocations"]),
        disputes=tuple(_dispute(parts, currency) for parts in row["disputes"]),
    )


def _allocation(parts: list[Any], currency: str) -> AllocationEntry:
    amount, effective, recorded, kind = parts
    return AllocationEntry(
        amount=Money.of(amount, currency),
        effective_date=_day(effective),
        recorded_at=_moment(recorded),
        kind=kind,
    )


def _dispute(parts: list[Any], currency: str) -> Dispute:
    amount, opened, closed, recorded = parts
    return Dispute(
        amount=Money.of(amount, currency),
        opened_date=_day(opened),
        closed_date=_day(closed) if closed else None,
        recorded_at=_moment(recorded),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
