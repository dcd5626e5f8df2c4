"""Write bills and the steps of their lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.receivables.models import Bill, BillEvent, BillStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBill:
    """A bill to record."""

    customer_id: UUID
    number: str
    kind: str
    acceptor: str
    acceptor_class: str
    drawer: str
    currency: str
    amount: Decimal
    issue_date: date
    received_on: date
    due_date: date
    content_hash: str
    invoice_number: str = ""
    order_number: str = ""
    source: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one bill."""

    bill_id: UUID
    customer_id: UUID
    status: str
    day: date
    counterparty: str = ""
    reason: str = ""


def record_bills(*, company_id: UUID, bills: Sequence[NewBill], recorded_by: str) -> dict[str, UUID]:
    """Write bills as held, with the first step of each; return their identifiers by number."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        Bill(
            company_id=company_id,
            customer_id=bill.customer_id,
            number=bill.number,
            kind=bill.kind,
            acceptor=bill.acceptor,
            acceptor_class=bill.acceptor_class,
            drawer=bill.drawer,
            currency=bill.currency,
            amount=bill.amount,
            issue_date=bill.issue_date,
            received_on=bill.received_on,
            due_date=bill.due_date,
            content_hash=bill.content_hash,
            invoice_number=bill.invoice_number,
            order_number=bill.order_number,
            source=bill.source,
            recorded_at=moment,
            is_demo=bill.is_demo,
        )
        for bill in bills
    ]
    Bill.objects.bulk_create(rows)
    _append(
        company_id,
        [
            Step(bill_id=row.pk, customer_id=row.customer_id, status=BillStatus.HELD, day=row.received_on)
            for row in rows
        ],
        recorded_by=recorded_by,
    )
    return {row.number: row.pk for row in rows}


def take_steps(*, company_id: UUID, steps: Sequence[Step], recorded_by: str) -> None:
    """Bring bills to where their steps lead; what was passed on keeps to whom."""
    db.transaction_required()
    for step in steps:
        Bill.objects.filter(pk=step.bill_id).update(
            status=step.status, passed_to=step.counterparty, version=F("version") + 1
        )
    _append(company_id, steps, recorded_by=recorded_by)


def _append(company_id: UUID, steps: Sequence[Step], *, recorded_by: str) -> None:
    moment = clock.now()
    BillEvent.objects.bulk_create(
        [
            BillEvent(
                company_id=company_id,
                customer_id=step.customer_id,
                bill_id=step.bill_id,
                status=step.status,
                day=step.day,
                counterparty=step.counterparty,
                reason=step.reason,
                recorded_at=moment,
                recorded_by=recorded_by,
            )
            for step in steps
        ]
    )
