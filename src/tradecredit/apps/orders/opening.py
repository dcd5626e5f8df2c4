"""Write orders that were open before we came: recorded as they stand, without a verdict of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.orders.models import Order, OrderStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningOrder:
    """An order that another system has let through already."""

    customer_id: UUID
    reference: str
    order_date: date
    amount: Money
    requested_date: date | None = None
    terms_days: int | None = None
    status: OrderStatus = OrderStatus.RELEASED
    is_demo: bool = False


def record_opening(*, company_id: UUID, opening: Sequence[OpeningOrder]) -> dict[str, UUID]:
    """Write the orders with one statement; returns their identifiers by reference."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        Order(
            company_id=company_id,
            customer_id=order.customer_id,
            reference=order.reference,
            order_date=order.order_date,
            requested_date=order.requested_date,
            currency=order.amount.currency,
            amount=order.amount.amount,
            terms_days=order.terms_days,
            agreed_terms_days=order.terms_days,
            status=order.status.value,
            is_opening=True,
            recorded_at=moment,
            updated_at=moment,
            is_demo=order.is_demo,
        )
        for order in opening
    ]
    Order.objects.bulk_create(rows, batch_size=2000)
    return {row.reference: row.pk for row in rows}
