"""What invoices need to know and to write about orders: which deliveries they bill, and how much is billed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.apps.orders.models import Delivery, Order, OrderStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderToBill:
    """An order with the numbers of its deliveries, oldest first."""

    id: UUID
    customer_id: UUID
    reference: str
    currency: str
    deliveries: tuple[str, ...]


def orders_to_bill(*, company_id: UUID, references: Iterable[str]) -> dict[str, OrderToBill]:
    """Return the orders under these references."""
    orders = list(Order.objects.filter(company_id=company_id, reference__in=set(references)))
    numbers: dict[UUID, list[str]] = {}
    deliveries = Delivery.objects.filter(order_id__in=[order.pk for order in orders])
    for order_id, number in deliveries.order_by("delivery_date", "number").values_list("order_id", "number"):
        numbers.setdefault(order_id, []).append(number)
    return {
        order.reference: OrderToBill(
            id=order.pk,
            customer_id=order.customer_id,
            reference=order.reference,
            currency=order.currency,
            deliveries=tuple(numbers.get(order.pk, ())),
        )
        for order in orders
    }


def add_invoiced(*, amounts: Mapping[UUID, Decimal]) -> None:
    """Add to what is invoiced of each order; an order invoiced in full that was under way is marked so."""
    db.transaction_required()
    if not amounts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order AS o SET invoiced_amount = o.invoiced_amount + d.amount,"
            " status = CASE WHEN o.invoiced_amount + d.amount >= o.amount AND o.status = ANY(%s)"
            " THEN %s ELSE o.status END, version = o.version + 1, updated_at = %s"
            " FROM unnest(%s::uuid[], %s::numeric[]) AS d(id, amount) WHERE o.id = d.id",
            [
                [OrderStatus.RELEASED.value, OrderStatus.DELIVERED.value],
                OrderStatus.INVOICED.value,
                clock.now(),
                list(amounts),
                list(amounts.values()),
            ],
        )
