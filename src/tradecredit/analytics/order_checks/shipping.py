"""In which order goods leave: open orders by the priority that their customers' grades have today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from tradecredit.apps.monitoring import queries as monitoring
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.scoring import queries as scoring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.limits.grade_policy import GradePolicy

_SHIPMENTS: Final = "shipments"
_HELD: Final = "held"
_LAST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ToShip:
    """An order of which something is still to leave; ``paused`` says why nothing may leave, None when it may."""

    order: OrderRecord
    grade: str | None
    priority: int | None
    payment: str | None
    prepayment_percent: str | None
    paused: Words | None

    @property
    def may_leave(self) -> bool:
        """Tell whether the goods may leave as things stand."""
        return self.order.status != _HELD and self.paused is None


def queue(*, company_id: UUID, as_of: date, grades: Mapping[str, GradePolicy]) -> tuple[ToShip, ...]:
    """Return the orders to ship: what may leave first, then by priority, wanted day and age.

    The priority is that of the grade of the day, so a grade that moves changes the order of shipping at once.
    """
    found = orders.to_ship(company_id=company_id)
    customers = {order.customer_id for order in found}
    ratings = scoring.latest(company_id=company_id, customer_ids=customers, as_of=as_of)
    freezes = monitoring.active_freezes(company_id=company_id, customer_ids=customers, as_of=as_of)
    paused = {
        customer: freeze.words
        for customer, ours in freezes.items()
        for freeze in reversed(ours)
        if freeze.scope == _SHIPMENTS
    }
    rows = []
    for order in found:
        rating = ratings.get(order.customer_id)
        grade = None if rating is None else rating.grade
        means = grades.get(grade or "")
        rows.append(
            ToShip(
                order=order,
                grade=grade,
                priority=None if means is None else means.shipping_priority,
                payment=None if means is None else means.trade,
                prepayment_percent=None if means is None else f"{means.prepayment_percent.normalize():f}",
                paused=paused.get(order.customer_id),
            )
        )
    return tuple(sorted(rows, key=_place))


def _place(one: ToShip) -> tuple[bool, int, date, date, str]:
    order = one.order
    wanted = order.requested_date or date.max
    return not one.may_leave, one.priority or _LAST, wanted, order.order_date, order.reference
