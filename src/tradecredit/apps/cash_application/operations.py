"""Write payments and allocations; an allocation is never changed, only reversed by a row of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.apps.cash_application.models import Allocation, AllocationMethod, Payment
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import AllocationRecord
    from tradecredit.core.kernel.reasons import Words

_BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment to record."""

    customer_id: UUID
    number: str
    payment_date: date
    currency: str
    amount: Decimal
    content_hash: str
    invoice_number: str = ""
    order_number: str = ""
    payer: str = ""
    text: str = ""
    source: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAllocation:
    """An allocation to record: from a payment or from the line of a credit note."""

    customer_id: UUID
    payment_id: UUID | None
    credit_instalment_id: UUID | None
    instalment_id: UUID
    currency: str
    amount: Decimal
    effective_date: date
    method: str
    words: Words


def record_payments(*, company_id: UUID, payments: Sequence[NewPayment]) -> dict[str, UUID]:
    """Write the payments; return the identifiers by number."""
    db.transaction_required()
    found = portions.insert_returning(
        Payment,
        {
            "customer_id": [payment.customer_id for payment in payments],
            "number": [payment.number for payment in payments],
            "payment_date": [payment.payment_date for payment in payments],
            "currency": [payment.currency for payment in payments],
            "amount": [payment.amount for payment in payments],
            "invoice_number": [payment.invoice_number for payment in payments],
            "order_number": [payment.order_number for payment in payments],
            "payer": [payment.payer for payment in payments],
            "text": [payment.text for payment in payments],
            "source": [payment.source for payment in payments],
            "content_hash": [payment.content_hash for payment in payments],
            "is_demo": [payment.is_demo for payment in payments],
        },
        same={"company_id": company_id, "recorded_at": clock.now()},
    )
    return {payment.number: identifier for payment, identifier in zip(payments, found, strict=True)}


def link_bills(*, bills: Mapping[str, UUID], company_id: UUID) -> None:
    """Write which bill each payment is, by the payment's number."""
    db.transaction_required()
    for number, bill_id in bills.items():
        Payment.objects.filter(company_id=company_id, number=number).update(bill_id=bill_id)


def end_earmark(*, payment_id: UUID) -> int:
    """Let an earmarked payment count for everything again; returns 0 when it did already."""
    db.transaction_required()
    return Payment.objects.filter(
        pk=payment_id, earmark_ended_at__isnull=True
    ).update(earmark_ended_at=clock.now())  # fmt: skip


def record_allocations(
    *, company_id: UUID, allocations: Sequence[NewAllocation], recorded_by: str
) -> tuple[UUID, ...]:
    """Write the allocations and move what is allocated of their payments; return their identifiers."""
    db.transaction_required()
    found = portions.insert_returning(
        Allocation,
        {
            "customer_id": [new.customer_id for new in allocations],
            "payment_id": [new.payment_id for new in allocations],
            "credit_instalment_id": [new.credit_instalment_id for new in allocations],
            "instalment_id": [new.instalment_id for new in allocations],
            "currency": [new.currency for new in allocations],
            "amount": [new.amount for new in allocations],
            "effective_date": [new.effective_date for new in allocations],
            "method": [new.method for new in allocations],
            "explanation_zh": [new.words.zh for new in allocations],
            "explanation_en": [new.words.en for new in allocations],
        },
        same={"company_id": company_id, "recorded_at": clock.now(), "recorded_by": recorded_by},
    )
    _move_allocated([(new.payment_id, new.amount) for new in allocations])
    return tuple(found)


def reverse_allocations(
    *,
    company_id: UUID,
    allocations: Sequence[AllocationRecord],
    reason: str,
    recorded_by: str,
    day: date | None = None,
) -> tuple[UUID, ...]:
    """Write a reverse row for each allocation, on the same effective date; return their identifiers.

    With ``day`` the reversal counts from that day only: what was settled until then stays settled until then.
    """
    db.transaction_required()
    moment = clock.now()
    rows = [
        Allocation(
            company_id=company_id,
            customer_id=held.customer_id,
            payment_id=held.payment_id,
            credit_instalment_id=held.credit_instalment_id,
            instalment_id=held.instalment_id,
            currency=held.currency,
            amount=-held.amount,
            effective_date=held.effective_date if day is None else max(day, held.effective_date),
            method=AllocationMethod.REVERSAL,
            reverses_id=held.id,
            reason=reason,
            recorded_at=moment,
            recorded_by=recorded_by,
        )
        for held in allocations
    ]
    Allocation.objects.bulk_create(rows, batch_size=_BATCH)
    _move_allocated([(held.payment_id, -held.amount) for held in allocations])
    return tuple(row.pk for row in rows)


def _move_allocated(changes: Sequence[tuple[UUID | None, Decimal]]) -> None:
    totals: dict[UUID, Decimal] = {}
    for payment_id, amount in changes:
        if payment_id is not None:
            totals[payment_id] = totals[payment_id] + amount if payment_id in totals else amount
    if totals:
        _update_allocated(totals)


def _update_allocated(totals: Mapping[UUID, Decimal]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cash_application_payment AS payment"
            " SET allocated_amount = payment.allocated_amount + d.change"
            " FROM unnest(%s::uuid[], %s::numeric[]) AS d(id, change) WHERE payment.id = d.id",
            [portions.array(totals, quoted=False), portions.array(totals.values(), quoted=False)],
        )
