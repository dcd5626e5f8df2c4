"""Write orders and deliveries; what an order may become is decided in flows and core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.orders.models import Delivery, Order, OrderStatus
from tradecredit.plumbing import clock, db, ids

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


def add_delivery(
    *,
    order_id: UUID,
    company_id: UUID,
    customer_id: UUID,
    number: str,
    delivery_date: date,
    amount: Money,
    is_complete: bool,
) -> UUID:
    """Record goods that left for an order; returns the delivery's identifier."""
    db.transaction_required()
    moment = clock.now()
    identifier = ids.new_id()
    Delivery.objects.create(
        pk=identifier,
        company_id=company_id,
        customer_id=customer_id,
        order_id=order_id,
        number=number,
        delivery_date=delivery_date,
        currency=amount.currency,
        amount=amount.amount,
        recorded_at=moment,
    )
    changes = {"status": OrderStatus.DELIVERED.value} if is_complete else {}
    Order.objects.filter(pk=order_id).update(
        delivered_amount=F("delivered_amount") + amount.amount,
        version=F("version") + 1,
        updated_at=moment,
        **changes,
    )
    return identifier
