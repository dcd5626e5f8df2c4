"""Read payments and allocations as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F, Sum

from tradecredit.apps.cash_application.models import Allocation, Payment
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet


_COLUMNS: Final = (
    *(
        "pk",
        "customer_id",
        "number",
        "payment_date",
        "currency",
        "amount",
        "allocated_amount",
        "returned_amount",
    ),
    *("invoice_number", "order_number", "earmark_ended_at", "text", "content_hash"),
)


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
    rows = Payment.objects.filter(among("number", numbers), company_id=company_id)
    return {one.number: one for one in _payments(rows)}


def payments_by_id(*, ids: Iterable[UUID]) -> dict[UUID, PaymentRecord]:
    """Return payments by their identifiers."""
    return {one.id: one for one in _payments(Payment.objects.filter(among("pk", ids)))}


def waiting_payments(*, company_id: UUID, invoice_numbers: Iterable[str]) -> tuple[PaymentRecord, ...]:
    """Return payments that name one of these invoices and are not used up, oldest first."""
    rows = Payment.objects.filter(
        among("invoice_number", invoice_numbers),
        company_id=company_id,
        allocated_amount__lt=F("amount") - F("returned_amount"),
    )
    return tuple(_payments(rows.order_by("payment_date", "number")))


def earmarked_payments(*, company_id: UUID, order_numbers: Iterable[str]) -> tuple[PaymentRecord, ...]:
    """Return payments for these orders only that are not used up, oldest first."""
    rows = Payment.objects.filter(
        company_id=company_id,
        order_number__in=[number for number in order_numbers if number],
        earmark_ended_at__isnull=True,
        allocated_amount__lt=F("amount") - F("returned_amount"),
    )
    return tuple(_payments(rows.order_by("payment_date", "number")))


def payment_of_bill(*, bill_id: UUID) -> PaymentRecord | None:
    """Return the payment that a bill is."""
    return next(_payments(Payment.objects.filter(bill_id=bill_id)), None)


def unapplied_payments(*, company_id: UUID, customer_id: UUID) -> tuple[PaymentRecord, ...]:
    """Return the customer's payments that are not used up, oldest first."""
    rows = Payment.objects.filter(
        company_id=company_id,
        customer_id=customer_id,
        allocated_amount__lt=F("amount") - F("returned_amount"),
    )
    return tuple(_payments(rows.order_by("payment_date", "number")))


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
        Allocation.objects.filter(among("instalment_id", line_ids))
        .values("instalment_id", "effective_date")
        .annotate(held=Sum("amount"))
        .filter(held__gt=0)
        .order_by("effective_date")
    )
    return {day["instalment_id"]: day["effective_date"] for day in days}


def _payments(rows: QuerySet[Payment]) -> Iterator[PaymentRecord]:
    """Read payments as plain values: there may be ten thousands of them."""
    for row in rows.values_list(*_COLUMNS):
        (
            key, customer_id, number, payment_date, currency, amount, allocated, returned, invoice_number,
            order_number, earmark_ended_at, text, content_hash,
        ) = row  # fmt: skip
        yield PaymentRecord(
            id=key,
            customer_id=customer_id,
            number=number,
            payment_date=payment_date,
            currency=currency,
            amount=amount,
            allocated=allocated,
            returned=returned,
            invoice_number=invoice_number,
            order_number=order_number,
            is_earmarked=bool(order_number) and earmark_ended_at is None,
            text=text,
            content_hash=content_hash,
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
