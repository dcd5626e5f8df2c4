"""Read covers as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from tradecredit.apps.limits.models import Cover, CoverStatus
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRecord:
    """A cover as it stands."""

    id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    number: str
    kind: str
    provider: str
    amount: Money
    haircut_share: Decimal
    valid_from: date
    valid_to: date | None
    notify_days: int | None
    documents_required: tuple[str, ...]
    documents_received: tuple[str, ...]
    status: str
    activated_on: date | None
    content_hash: str
    recorded_by_id: UUID

    @property
    def documents_missing(self) -> tuple[str, ...]:
        """Return the documents that are required and not there."""
        return tuple(one for one in self.documents_required if one not in self.documents_received)

    @property
    def effective(self) -> Money:
        """Return what counts of it: 500,000 with a haircut of 30 % is 350,000."""
        return self.amount.times(Decimal(1) - self.haircut_share).rounded_down()

    def counts_on(self, day: date) -> bool:
        """Tell whether it counts on the day: active, and within its validity."""
        return (
            self.status == CoverStatus.ACTIVE
            and self.activated_on is not None
            and self.activated_on <= day
            and self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
        )


def covers_by_number(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, CoverRecord]:
    """Return the covers under these numbers."""
    rows = Cover.objects.filter(company_id=company_id, number__in=set(numbers)).select_related("customer")
    return {row.number: _cover(row) for row in rows}


def covers_of(*, company_id: UUID, customer_id: UUID, as_of: date) -> tuple[CoverRecord, ...]:
    """Return the covers of a customer that count on a day, in every currency."""
    rows = (
        Cover.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
            company_id=company_id,
            customer_id=customer_id,
            status=CoverStatus.ACTIVE,
            activated_on__lte=as_of,
            valid_from__lte=as_of,
        )
        .select_related("customer")
        .order_by("currency", "number")
    )
    return tuple(_cover(row) for row in rows)


def all_covers(
    *, company_id: UUID, customer_id: UUID | None = None, most: int = 500
) -> tuple[CoverRecord, ...]:
    """Return the covers of a company (or of one customer), whatever their state, ending soonest first."""
    rows = Cover.objects.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return tuple(_cover(row) for row in rows.select_related("customer").order_by("valid_to", "number")[:most])


def _cover(row: Cover) -> CoverRecord:
    return CoverRecord(
        id=row.pk,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        number=row.number,
        kind=row.kind,
        provider=row.provider,
        amount=Money(row.amount, row.currency),
        haircut_share=row.haircut_share,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        notify_days=row.notify_days,
        documents_required=tuple(row.documents_required),
        documents_received=tuple(row.documents_received),
        status=row.status,
        activated_on=row.activated_on,
        content_hash=row.content_hash,
        recorded_by_id=row.recorded_by_id,
    )
