"""Write bills and the steps of their lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.receivables.models import Bill, BillEvent, BillStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID


# What a part has of its own; everything else is the whole bill's.
_OF_ONE = frozenset(
    {
        *("id", "number", "amount", "first_unit", "package_id", "recorded_at", "status", "passed_to"),
        "version",
    }
)


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
    first_unit: int | None = None


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
            first_unit=bill.first_unit,
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


def record_parts(
    *, company_id: UUID, bill_id: UUID, parts: Mapping[str, tuple[int, Decimal]], day: date, recorded_by: str
) -> None:
    """Write the parts of a bill, by number with their first unit and amount, as held from the day on."""
    db.transaction_required()
    whole = Bill.objects.get(pk=bill_id, company_id=company_id)
    fields = {
        field.attname: getattr(whole, field.attname)
        for field in Bill._meta.concrete_fields  # noqa: SLF001 - Django's documented Meta API
        if field.attname not in _OF_ONE
    }
    rows = [
        Bill(
            **fields,
            number=number,
            amount=amount,
            first_unit=first_unit,
            package_id=whole.package_id or whole.pk,
            recorded_at=clock.now(),
        )
        for number, (first_unit, amount) in parts.items()
    ]
    Bill.objects.bulk_create(rows)
    _append(
        company_id,
        [Step(bill_id=row.pk, customer_id=row.customer_id, status=BillStatus.HELD, day=day) for row in rows],
        recorded_by=recorded_by,
    )


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
