"""Read what left and what happened to it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from tradecredit.apps.orders.models import Delivery, DeliveryKind, GoodsEvent, GoodsEventKind
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedRecord:
    """A delivery with its order and how much of it was used and came back."""

    id: UUID
    customer_id: UUID
    number: str
    reference: str
    amount: Money
    is_consigned: bool
    used: Money
    returned: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsEventRecord:
    """One event of a delivery."""

    id: UUID
    kind: str
    number: str
    delivery_id: UUID
    event_date: date
    amount: Money


def references_of_deliveries(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, str]:
    """Return the order's reference of each delivery."""
    rows = Delivery.objects.filter(company_id=company_id, number__in=set(numbers))
    return dict(rows.values_list("number", "order__reference"))


def shipped(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, ShippedRecord]:
    """Return deliveries by number with what was used of them and what came back."""
    used = Sum("events__amount", filter=Q(events__kind=GoodsEventKind.USAGE))
    returned = Sum("events__amount", filter=~Q(events__kind=GoodsEventKind.USAGE))
    rows = (
        Delivery.objects.filter(company_id=company_id, number__in=set(numbers))
        .select_related("order")
        .annotate(used=used, returned=returned)
    )
    return {
        row.number: ShippedRecord(
            id=row.pk,
            customer_id=row.customer_id,
            number=row.number,
            reference=row.order.reference,
            amount=Money(row.amount, row.currency),
            is_consigned=row.kind == DeliveryKind.CONSIGNMENT,
            used=Money(row.used or Decimal(0), row.currency),
            returned=Money(row.returned or Decimal(0), row.currency),
        )
        for row in rows
    }


def events_by_number(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, GoodsEventRecord]:
    """Return the events under these numbers."""
    rows = GoodsEvent.objects.filter(company_id=company_id, number__in=set(numbers)).select_related(
        "delivery"
    )
    return {
        row.number: GoodsEventRecord(
            id=row.pk,
            kind=row.kind,
            number=row.number,
            delivery_id=row.delivery_id,
            event_date=row.event_date,
            amount=Money(row.amount, row.delivery.currency),
        )
        for row in rows
    }
