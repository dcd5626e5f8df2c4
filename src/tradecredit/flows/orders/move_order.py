"""Amend, reopen, cancel and close an order: whatever makes exposure anew is a check, whatever ends it gives room back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import operations as approvals
from tradecredit.apps.approvals import queries as approval_queries
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.approvals import routing
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import (
    check_order_credit,
    freed_room,
    grow_order,
    held_deliveries,
    order_exposure,
    remainders,
)
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_AMENDABLE: Final = frozenset(
    {OrderStatus.HELD.value, OrderStatus.RELEASED.value, OrderStatus.DELIVERED.value}
)
# An order invoiced in full may be closed or cancelled by the system it came from: there is nothing to give back.
_ENDABLE: Final = _AMENDABLE | {OrderStatus.INVOICED.value}
_SENTENCES: Final = {
    OrderStatus.CANCELLED: Words(
        zh="订单 {reference} 已取消：{reason}", en="Order {reference} cancelled: {reason}"
    ),
    OrderStatus.CLOSED: Words(
        zh="订单 {reference} 已关闭：{reason}", en="Order {reference} closed: {reason}"
    ),
}


def amend_order(
    *,
    company: Company,
    reference: str,
    amount: Money,
    actor: Actor,
    terms_days: int | None = None,
    reason: str = "",
    as_of: date | None = None,
) -> DecisionView:
    """Change the amount (or terms) of an order; the new whole is checked, a smaller one gives room back.

    An increase that does not fit holds the whole order; nothing of it may leave until it is decided. What people
    released goes on: within its tolerance an increase passes with it, beyond it only the increment is checked.
    Raises UnableToFindOrderError, UnableToMoveOrderError.
    """
    with db.unit_of_work(actor):
        order = order_exposure.locked(company=company, reference=reference).order
        order_exposure.require_status(order, _AMENDABLE)
        terms = order.asked_terms if terms_days is None else terms_days
        day = as_of or clock.today(company)
        before = order.whole
        increment = grow_order.increment(company=company, order=order, whole=amount, day=day)
        if increment is not None:
            order, amount = increment
        view = _check(
            company, order, amount, terms_days=terms, purpose="amend", reason=reason, actor=actor, as_of=as_of
        )
        if amount.amount < before.amount:
            freed_room.tell(company=company, customer_ids=[order.customer_id])
        return view


def reopen_order(
    *, company: Company, reference: str, actor: Actor, reason: str = "", as_of: date | None = None
) -> DecisionView:
    """Bring back an order that was closed, cancelled, rejected or has expired: a check like the first one.

    Raises UnableToFindOrderError, UnableToMoveOrderError.
    """
    with db.unit_of_work(actor):
        order = order_exposure.locked(company=company, reference=reference).order
        order_exposure.require_status(order, order_queries.ENDED)
        return _check(
            company,
            order,
            order.whole,
            terms_days=order.asked_terms,
            purpose="reopen",
            reason=reason,
            actor=actor,
            as_of=as_of,
        )


def cancel_order(
    *, company: Company, reference: str, actor: Actor, reason: str = "", as_of: date | None = None
) -> OrderRecord:
    """Cancel an order: what it still occupies is given back; what was delivered stays owed."""
    return _end(company, reference, actor=actor, reason=reason, as_of=as_of, status=OrderStatus.CANCELLED)


def close_order(
    *, company: Company, reference: str, actor: Actor, reason: str = "", as_of: date | None = None
) -> OrderRecord:
    """Close an order whose remainder will never be delivered: the remainder is given back."""
    return _end(company, reference, actor=actor, reason=reason, as_of=as_of, status=OrderStatus.CLOSED)


def _check(
    company: Company,
    order: OrderRecord,
    amount: Money,
    *,
    terms_days: int | None,
    purpose: str,
    reason: str,
    actor: Actor,
    as_of: date | None,
) -> DecisionView:
    request = CheckRequest(
        company=company,
        customer_code=order.customer_code,
        reference=order.reference,
        amount=amount,
        terms_days=terms_days,
        purpose=purpose,
        reason=reason,
    )
    return check_order_credit.check_order_credit(requests=[request], actor=actor, as_of=as_of)[0]


def _end(
    company: Company,
    reference: str,
    *,
    actor: Actor,
    reason: str,
    as_of: date | None,
    status: OrderStatus,
) -> OrderRecord:
    with db.unit_of_work(actor):
        occupied = order_exposure.locked(company=company, reference=reference)
        order = occupied.order
        order_exposure.require_status(order, _ENDABLE)
        day = as_of or clock.today(company)
        order_exposure.give_back(occupied, cause=status.value, cause_id=order.id, day=day, status="released")
        apart = remainders.of(order)
        for one in order_exposure.locked_all(
            company=company, references=[each.reference for each in apart]
        ).values():
            order_exposure.give_back(one, cause=status.value, cause_id=order.id, day=day, status="released")
        ended = [order.id, *(one.id for one in apart)]
        orders.set_status(ended, status=status)
        held_deliveries.withdraw(order_ids=ended)
        freed_room.tell(company=company, customer_ids=[order.customer_id])
        asked = approval_queries.open_of_subjects(kind=routing.ORDER_RELEASE, subject_ids=ended)
        approvals.end([request.id for request in asked.values()], status=RequestStatus.WITHDRAWN)
        log.append(
            company_id=company.pk,
            actor=actor,
            entries=[
                log.NewEntry(
                    stream=f"customer:{order.customer_id}",
                    kind=f"order.{status.value}",
                    words=_SENTENCES[status].filled(reference=reference, reason=reason),
                    payload={"reference": reference},
                )
            ],
        )
        return order_exposure.locked(company=company, reference=reference).order
