"""Write orders and deliveries; what an order may become is decided in flows and core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.orders.models import Delivery, DeliveryKind, GoodsEvent, Order, OrderStatus
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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
    agreed_terms_days: int | None
    first_terms_days: int | None
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
                agreed_terms_days=order.agreed_terms_days,
                first_terms_days=order.first_terms_days,
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
        update_fields=[
            *("amount", "terms_days", "agreed_terms_days", "first_terms_days"),
            *("status", "decision_id", "held_at", "updated_at"),
        ],
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


def set_terms(terms: Mapping[UUID, tuple[int, int | None]]) -> None:
    """Give orders other terms: by order the days, and those that were agreed before a lower grade shortened them."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        Order(pk=order_id, agreed_terms_days=days, first_terms_days=first, updated_at=moment)
        for order_id, (days, first) in terms.items()
    ]
    Order.objects.bulk_update(rows, ["agreed_terms_days", "first_terms_days", "updated_at"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """Goods that left for an order, sold or to a consignment stock."""

    order_id: UUID
    company_id: UUID
    customer_id: UUID
    number: str
    delivery_date: date
    amount: Money
    kind: DeliveryKind | str = DeliveryKind.SALE


def add_deliveries(deliveries: Sequence[NewDelivery]) -> dict[str, UUID]:
    """Record goods that left; returns the identifiers by delivery number.

    What the orders occupy and how far they are follows by `follow_documents`.
    """
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
                kind=str(delivery.kind),
                delivery_date=delivery.delivery_date,
                currency=delivery.amount.currency,
                amount=delivery.amount.amount,
                recorded_at=moment,
            )
            for delivery in deliveries
        ]
    )
    return identifiers


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoodsEvent:
    """A usage of consignment stock, or goods that came back."""

    delivery_id: UUID
    company_id: UUID
    customer_id: UUID
    kind: str
    number: str
    event_date: date
    amount: Money


def add_goods_events(events: Sequence[NewGoodsEvent]) -> dict[str, UUID]:
    """Record what happened to goods after they left; returns the identifiers by number."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        GoodsEvent(
            company_id=event.company_id,
            customer_id=event.customer_id,
            delivery_id=event.delivery_id,
            kind=event.kind,
            number=event.number,
            event_date=event.event_date,
            amount=event.amount.amount,
            recorded_at=moment,
        )
        for event in events
    ]
    GoodsEvent.objects.bulk_create(rows)
    return {row.number: row.pk for row in rows}
