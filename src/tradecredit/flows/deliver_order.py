"""Deliver an order: the last check before goods leave, then exposure moves from ordered to delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import check_order_credit, order_exposure
from tradecredit.flows.order_cases import CheckRequest
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.decision_views import DecisionView
    from tradecredit.flows.order_exposure import Occupied
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_DELIVERABLE: Final = frozenset({OrderStatus.RELEASED.value, OrderStatus.DELIVERED.value})


class UnableToDeliverError(UnableToError):
    """The delivery contradicts what is recorded."""

    code = "delivery_contradicts"
    status = 409


def deliver_order(
    *,
    company: Company,
    reference: str,
    number: str,
    amount: Money,
    actor: Actor,
    delivery_date: date | None = None,
) -> DecisionView:
    """Check a delivery and, when it passes, record it; the outcome of the view says whether goods may leave.

    Only a released order is delivered. Its room covers the delivery; what goes beyond it must fit.
    Raises UnableToFindOrderError, UnableToMoveOrderError, UnableToDeliverError.
    """
    with db.unit_of_work(actor):
        occupied = order_exposure.locked(company=company, reference=reference)
        order_exposure.require_status(occupied.order, _DELIVERABLE)
        day = delivery_date or clock.today(company)
        _refuse_contradiction(company, occupied, number=number, amount=amount)
        view = _check(company, occupied, amount, actor=actor, day=day)
        if view.lets_through:
            _record(company, reference, number=number, amount=amount, view=view, day=day)
        return view


def _check(company: Company, occupied: Occupied, amount: Money, *, actor: Actor, day: date) -> DecisionView:
    request = CheckRequest(
        company=company,
        customer_code=occupied.order.customer_code,
        reference=occupied.order.reference,
        amount=amount,
        control_point=ControlPoint.DELIVERY,
        purpose="delivery",
    )
    return check_order_credit.check_order_credit(requests=[request], actor=actor, as_of=day)[0]


def _record(
    company: Company, reference: str, *, number: str, amount: Money, view: DecisionView, day: date
) -> None:
    occupied = order_exposure.locked(company=company, reference=reference)
    order = occupied.order
    order_exposure.deliver(occupied, amount, number=number, cause_id=view.id, day=day)
    orders.add_delivery(
        order_id=order.id,
        company_id=company.pk,
        customer_id=order.customer_id,
        number=number,
        delivery_date=day,
        amount=amount,
        is_complete=order.delivered + amount >= order.amount,
    )


def _refuse_contradiction(company: Company, occupied: Occupied, *, number: str, amount: Money) -> None:
    if amount.currency != occupied.order.amount.currency or not amount.is_positive:
        raise UnableToDeliverError(
            Words(
                zh="发货金额必须大于零, 且与订单 {reference} 同币种({currency})。",
                en="A delivery of order {reference} is above zero and in {currency}.",
            ).filled(reference=occupied.order.reference, currency=occupied.order.amount.currency),
            amount=amount.text(),
        )
    known = order_queries.delivery_by_number(company_id=company.pk, number=number)
    if known is not None:
        raise UnableToDeliverError(
            Words(
                zh="发货单 {number} 已经登记过({amount}), 不能重复登记。",
                en="Delivery {number} is recorded already ({amount}) and is not recorded twice.",
            ).filled(number=number, amount=known.amount.text()),
            number=number,
        )
