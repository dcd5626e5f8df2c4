"""Read payments and allocations as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Sum

from tradecredit.apps.cash_application.models import Allocation, Payment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecord:
    """A payment as it stands in the books now."""

    id: UUID
    customer_id: UUID
    number: str
    payment_date: date
    currency: str
    amount: Decimal
    allocated: Decimal
    returned: Decimal
    invoice_number: str
    order_number: str
    is_earmarked: bool
    text: str
    content_hash: str

    @property
    def unapplied(self) -> Decimal:
        """Return what is not set against any line and has not left the account again."""
        return self.amount - self.allocated - self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRecord:
    """One allocation that holds (it is no reversal and was not reversed)."""

    id: UUID
    customer_id: UUID
    payment_id: UUID | None
    credit_instalment_id: UUID | None
    instalment_id: UUID
    currency: str
    amount: Decimal
    effective_date: date


def payments(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, PaymentRecord]:
    """Return the payments with these numbers, by number."""
    rows = Payment.objects.filter(company_id=company_id, number__in=list(numbers))
    return {row.number: _payment(row) for row in rows}


def payments_by_id(*, ids: Iterable[UUID]) -> dict[UUID, PaymentRecord]:
    """Return payments by their identifiers."""
    return {row.pk: _payment(row) for row in Payment.objects.filter(pk__in=list(ids))}


def waiting_payments(*, company_id: UUID, invoice_numbers: Iterable[str]) -> tuple[PaymentRecord, ...]:
    """Return payments that name one of these invoices and are not used up, oldest first."""
    rows = Payment.objects.filter(
        company_id=company_id,
        invoice_number__in=list(invoice_numbers),
        allocated_amount__lt=F("amount") - F("returned_amount"),
    )
    return tuple(_payment(row) for row in rows.order_by("payment_date", "number"))


def earmarked_payments(*, company_id: UUID, order_numbers: Iterable[str]) -> tuple[PaymentRecord, ...]:
    """Return payments for these orders only that are not used up, oldest first."""
    rows = Payment.objects.filter(
        company_id=company_id,
        order_number__in=[number for number in order_numbers if number],
        earmark_ended_at__isnull=True,
        allocated_amount__lt=F("amount") - F("returned_amount"),
    )
    return tuple(_payment(row) for row in rows.order_by("payment_date", "number"))


def payment_of_bill(*, bill_id: UUID) -> PaymentRecord | None:
    """Return the payment that a bill is."""
    row = Payment.objects.filter(bill_id=bill_id).first()
    return None if row is None else _payment(row)


def unapplied_payments(*, company_id: UUID, customer_id: UUID) -> tuple[PaymentRecord, ...]:
    """Return the customer's payments that are not used up, oldest first."""
    rows = Payment.objects.filter(
        company_id=company_id,
        customer_id=customer_id,
        allocated_amount__lt=F("amount") - F("returned_amount"),
    )
    return tuple(_payment(row) for row in rows.order_by("payment_date", "number"))


def holding_allocations(
    *,
    company_id: UUID,
    ids: Iterable[UUID] | None = None,
    payment_id: UUID | None = None,
) -> tuple[AllocationRecord, ...]:
    """Return the allocations that hold, by identifiers or of one payment, oldest first."""
    rows = Allocation.objects.filter(company_id=company_id, reverses__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    if payment_id is not None:
        rows = rows.filter(payment_id=payment_id)
    reversed_ids = Allocation.objects.filter(company_id=company_id, reverses__isnull=False)
    rows = rows.exclude(pk__in=reversed_ids.values("reverses_id"))
    return tuple(_allocation(row) for row in rows.order_by("recorded_at", "pk"))


def lines_with_history(*, line_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the lines that any allocation, holding or reversed, ever touched."""
    ids = list(line_ids)
    touched = Allocation.objects.filter(instalment_id__in=ids).values_list("instalment_id", flat=True)
    used = Allocation.objects.filter(credit_instalment_id__in=ids).values_list(
        "credit_instalment_id", flat=True
    )
    return frozenset([*touched.distinct(), *(item for item in used.distinct() if item is not None)])


def latest_effective_dates(*, line_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Return, for each line, the latest day on which something that still holds was set against it."""
    days = (
        Allocation.objects.filter(instalment_id__in=list(line_ids))
        .values("instalment_id", "effective_date")
        .annotate(held=Sum("amount"))
        .filter(held__gt=0)
        .order_by("effective_date")
    )
    return {day["instalment_id"]: day["effective_date"] for day in days}


def _payment(row: Payment) -> PaymentRecord:
    return PaymentRecord(
        id=row.pk,
        customer_id=row.customer_id,
        number=row.number,
        payment_date=row.payment_date,
        currency=row.currency,
        amount=row.amount,
        allocated=row.allocated_amount,
        returned=row.returned_amount,
        invoice_number=row.invoice_number,
        order_number=row.order_number,
        is_earmarked=bool(row.order_number) and row.earmark_ended_at is None,
        text=row.text,
        content_hash=row.content_hash,
    )


def _allocation(row: Allocation) -> AllocationRecord:
    return AllocationRecord(
        id=row.pk,
        customer_id=row.customer_id,
        payment_id=row.payment_id,
        credit_instalment_id=row.credit_instalment_id,
        instalment_id=row.instalment_id,
        currency=row.currency,
        amount=row.amount,
        effective_date=row.effective_date,
    )
