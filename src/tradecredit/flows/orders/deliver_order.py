"""Deliver orders: the last check before goods leave, then exposure moves from ordered to delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders.models import DeliveryKind, OrderStatus
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import (
    check_order_credit,
    follow_documents,
    held_deliveries,
    order_exposure,
)
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.orders.queries import DeliveryRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.flows.orders.order_exposure import Occupied
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# An order invoiced in full may still have to leave: a pro-forma is paid before its goods go.
DELIVERABLE: Final = frozenset(
    {OrderStatus.RELEASED.value, OrderStatus.DELIVERED.value, OrderStatus.INVOICED.value}
)


class UnableToDeliverError(UnableToError):
    """The delivery contradicts what is recorded."""

    code = "delivery_contradicts"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRequest:
    """Goods that are about to leave for an order."""

    reference: str
    number: str
    amount: Money
    kind: str = DeliveryKind.SALE.value


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
    request = DeliveryRequest(reference=reference, number=number, amount=amount)
    answer = deliver_orders(company=company, requests=[request], actor=actor, delivery_date=delivery_date)[0]
    if isinstance(answer, UnableToError):
        raise answer
    return answer


def deliver_orders(
    *,
    company: Company,
    requests: Sequence[DeliveryRequest],
    actor: Actor,
    delivery_date: date | None = None,
    records_failures: bool = True,
) -> tuple[DecisionView | UnableToError, ...]:
    """Check a batch of deliveries and record those that pass; a refused one does not stop the others.

    What does not pass is held and put to the people who may decide; ``records_failures=False`` leaves no trace of
    it (a second look at what is held). Answers stand in the order of the requests: the decision, or the refusal
    that ``deliver_order`` would raise.
    """
    day = delivery_date or clock.today(company)
    answers: dict[int, DecisionView | UnableToError] = {}
    with db.unit_of_work(actor):
        # Every account before any level: a later round would else lock accounts behind the levels of an earlier one.
        order_exposure.locked_all(company=company, references=[request.reference for request in requests])
        for places in _rounds(requests):
            answers |= _deliver_round(
                company,
                {place: requests[place] for place in places},
                actor=actor,
                day=day,
                keeps=records_failures,
            )
    return tuple(answers[place] for place in range(len(requests)))


def _rounds(requests: Sequence[DeliveryRequest]) -> Iterable[list[int]]:
    """Split a batch so that within a round each order and each number appears once: a later one sees the earlier."""
    rounds: list[list[int]] = []
    seen: list[set[str]] = []
    for place, request in enumerate(requests):
        names = {f"order {request.reference}", f"number {request.number}"}
        home = max((index + 1 for index, names_ in enumerate(seen) if names_ & names), default=0)
        if home == len(rounds):
            rounds.append([])
            seen.append(set())
        rounds[home].append(place)
        seen[home] |= names
    return rounds


def _deliver_round(
    company: Company, requests: dict[int, DeliveryRequest], *, actor: Actor, day: date, keeps: bool
) -> dict[int, DecisionView | UnableToError]:
    references = [request.reference for request in requests.values()]
    found = order_exposure.locked_all(company=company, references=references)
    known = order_queries.deliveries_by_number(
        company_id=company.pk, numbers=[request.number for request in requests.values()]
    )
    answers: dict[int, DecisionView | UnableToError] = {}
    fit: dict[int, DeliveryRequest] = {}
    for place, request in requests.items():
        try:
            _refuse_unfit(company, request, found.get(request.reference), known.get(request.number))
            fit[place] = request
        except UnableToError as refusal:
            answers[place] = refusal
    views = _check(company, list(fit.values()), found, actor=actor, day=day, keeps=keeps)
    answers |= dict(zip(fit, views, strict=True))
    both = list(zip(fit.values(), views, strict=True))
    record_leaving(
        company=company, leaving=[(request, view.id) for request, view in both if view.lets_through], day=day
    )
    held_deliveries.settle(
        company=company,
        checked=[_checked(request, view, found) for request, view in both if keeps or view.lets_through],
        day=day,
        actor=actor,
    )
    return answers


def _checked(
    request: DeliveryRequest, view: DecisionView, found: dict[str, Occupied]
) -> held_deliveries.Checked:
    order = found[request.reference].order
    return held_deliveries.Checked(
        order_id=order.id,
        customer_id=order.customer_id,
        number=request.number,
        amount=request.amount,
        view=view,
    )


def _check(
    company: Company,
    requests: Sequence[DeliveryRequest],
    found: dict[str, Occupied],
    *,
    actor: Actor,
    day: date,
    keeps: bool,
) -> tuple[DecisionView, ...]:
    checks = [
        CheckRequest(
            company=company,
            customer_code=found[request.reference].order.customer_code,
            reference=request.reference,
            amount=request.amount,
            control_point=ControlPoint.DELIVERY,
            purpose="delivery",
        )
        for request in requests
    ]
    return check_order_credit.check_order_credit(
        requests=checks, actor=actor, as_of=day, records_failures=keeps
    )


def record_leaving(*, company: Company, leaving: Sequence[tuple[DeliveryRequest, UUID]], day: date) -> None:
    """Record goods that leave, each with the decision that let them, and move what their orders occupy."""
    if not leaving:
        return
    # Once more, since the check itself may have reserved room for what goes beyond an order.
    now = order_exposure.locked_all(company=company, references=[request.reference for request, _ in leaving])
    orders.add_deliveries([_new_delivery(company, request, now, day=day) for request, _ in leaving])
    follow_documents.follow(
        company_id=company.pk,
        changes=[
            follow_documents.Change(
                reference=request.reference,
                account_id=now[request.reference].account_id,
                cause="delivery",
                cause_id=decision_id,
                day=day,
                delivery=request.number,
            )
            for request, decision_id in leaving
        ],
    )


def _new_delivery(
    company: Company, request: DeliveryRequest, now: dict[str, Occupied], *, day: date
) -> orders.NewDelivery:
    order = now[request.reference].order
    return orders.NewDelivery(
        order_id=order.id,
        company_id=company.pk,
        customer_id=order.customer_id,
        number=request.number,
        delivery_date=day,
        amount=request.amount,
        kind=request.kind,
    )


def _refuse_unfit(
    company: Company, request: DeliveryRequest, occupied: Occupied | None, known: DeliveryRecord | None
) -> None:
    if occupied is None:
        raise order_exposure.order_unknown(company, request.reference)
    order_exposure.require_status(occupied.order, DELIVERABLE)
    if request.amount.currency != occupied.order.amount.currency or not request.amount.is_positive:
        raise UnableToDeliverError(
            Words(
                zh="发货金额必须大于零，且与订单 {reference} 同币种（{currency}）。",
                en="A delivery of order {reference} is above zero and in {currency}.",
            ).filled(reference=request.reference, currency=occupied.order.amount.currency),
            amount=request.amount.text(),
        )
    if known is not None:
        raise UnableToDeliverError(
            Words(
                zh="发货单 {number} 已经登记过（{amount}），不能重复登记。",
                en="Delivery {number} is recorded already ({amount}) and is not recorded twice.",
            ).filled(number=request.number, amount=known.amount.text()),
            number=request.number,
        )
