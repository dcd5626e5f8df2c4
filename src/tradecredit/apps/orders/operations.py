"""Write orders and deliveries; what an order may become is decided in flows and core."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, F, Value, When

from tradecredit.apps.orders.models import Delivery, Order, OrderStatus
from tradecredit.plumbing import clock, db, ids
from tradecredit.plumbing.fields import AmountField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOrder:
    """An order as a check leaves it."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    reference: str
    order_date: date
    amount: Money
    terms_days: int | None
    status: OrderStatus | str
    decision_id: UUID
    is_demo: bool = False


def write_checked(orders: Sequence[CheckedOrder]) -> None:
    """Write orders after their check, new ones and known ones, with one statement.

    A known order keeps its day, its salesperson and what has moved of it.
    """
    db.transaction_required()
    moment = clock.now()
    Order.objects.bulk_create(
        [
            Order(
                pk=order.id,
                company_id=order.company_id,
                customer_id=order.customer_id,
                reference=order.reference,
                order_date=order.order_date,
                currency=order.amount.currency,
                amount=order.amount.amount,
                terms_days=order.terms_days,
                status=str(order.status),
                decision_id=order.decision_id,
                held_at=moment if order.status == OrderStatus.HELD else None,
                recorded_at=moment,
                updated_at=moment,
                is_demo=order.is_demo,
            )
            for order in orders
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["amount", "terms_days", "status", "decision_id", "held_at", "updated_at"],
    )


def set_status(ids: Iterable[UUID], *, status: OrderStatus | str) -> int:
    """Bring orders to a status; returns how many there were."""
    db.transaction_required()
    moment = clock.now()
    return Order.objects.filter(pk__in=set(ids)).update(
        status=str(status),
        held_at=moment if status == OrderStatus.HELD else None,
        version=F("version") + 1,
        updated_at=moment,
    )


def set_decision(order_id: UUID, *, status: OrderStatus | str, decision_id: UUID) -> None:
    """Bring one order to a status with the decision that did it."""
    db.transaction_required()
    moment = clock.now()
    Order.objects.filter(pk=order_id).update(
        status=str(status),
        decision_id=decision_id,
        held_at=moment if status == OrderStatus.HELD else None,
        version=F("version") + 1,
        updated_at=moment,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """Goods that left for an order; ``is_complete`` when nothing of it is left to deliver."""

    order_id: UUID
    company_id: UUID
    customer_id: UUID
    number: str
    delivery_date: date
    amount: Money
    is_complete: bool


def add_deliveries(deliveries: Sequence[NewDelivery]) -> dict[str, UUID]:
    """Record goods that left; returns the identifiers by delivery number. At most one delivery an order."""
    db.transaction_required()
    moment = clock.now()
    identifiers = {delivery.number: ids.new_id() for delivery in deliveries}
    Delivery.objects.bulk_create(
        [
            Delivery(
                pk=identifiers[delivery.number],
                company_id=delivery.company_id,
                customer_id=delivery.customer_id,
                order_id=delivery.order_id,
                number=delivery.number,
                delivery_date=delivery.delivery_date,
                currency=delivery.amount.currency,
                amount=delivery.amount.amount,
                recorded_at=moment,
            )
            for delivery in deliveries
        ]
    )
    amounts = [When(pk=each.order_id, then=Value(each.amount.amount)) for each in deliveries]
    complete = [each.order_id for each in deliveries if each.is_complete]
    Order.objects.filter(pk__in=[each.order_id for each in deliveries]).update(
        delivered_amount=F("delivered_amount")
        + Case(*amounts, default=Value(Decimal(0)), output_field=AmountField()),
        status=Case(When(pk__in=complete, then=Value(OrderStatus.DELIVERED.value)), default=F("status")),
        version=F("version") + 1,
        updated_at=moment,
    )
    return identifiers
