"""Look again at held orders and deliveries after something was cured: cash came in, a freeze was lifted, a line was raised.

They are looked at in portions, longest held first, each portion in a transaction of its own: a customer with thousands
of held orders goes on trading meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from tradecredit.apps.orders import held_marks, stopped
from tradecredit.apps.orders import queries as orders
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import check_order_credit, deliver_order, freed_room
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tradecredit.apps.orders.held_marks import HeldMark
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# Technical: documents that are looked at under one lock.
PORTION: Final = 100
ORDERS: Final = "orders"
DELIVERIES: Final = "deliveries"


def recheck_held_orders(
    *,
    company: Company,
    customer_ids: Iterable[UUID],
    actor: Actor,
    as_of: date | None = None,
    after: HeldMark | None = None,
    with_fellows: bool = True,
) -> tuple[DecisionView, ...]:
    """Release the held orders that pass now, longest held first; returns the decisions that released them.

    What others of the customers' levels have held for want of room there is looked at as well, ``with_fellows``.
    Orders that still do not pass stay as they are, and so do the questions put to people about them. What is beyond the
    first portion is left to the event ``held.remain``, which goes on ``after`` the last document that was looked at.
    """
    with db.unit_of_work(actor):
        concerned = tuple(customer_ids)
        if with_fellows and after is None:
            day = as_of or clock.today(company)
            concerned = freed_room.fellows(company=company, customer_ids=concerned, as_of=day)
        held = orders.held_orders(
            company_id=company.pk, customer_ids=concerned, after=after, most=PORTION + 1
        )
        requests = [
            CheckRequest(
                company=company,
                customer_code=order.customer_code,
                reference=order.reference,
                amount=order.whole,
                terms_days=order.asked_terms,
                purpose="recheck",
            )
            for order in held[:PORTION]
        ]
        if len(held) > PORTION:
            _leave(company, ORDERS, concerned, after=held_marks.of(held[PORTION - 1]))
        views = check_order_credit.check_order_credit(
            requests=requests, actor=actor, as_of=as_of, records_failures=False
        )
        return tuple(view for view in views if view.lets_through)


def recheck_held_deliveries(
    *,
    company: Company,
    customer_ids: Iterable[UUID],
    actor: Actor,
    as_of: date | None = None,
    after: HeldMark | None = None,
) -> tuple[DecisionView, ...]:
    """Let held deliveries leave that pass now, longest held first; returns the decisions that let them.

    Deliveries that still do not pass stay as they are, and so do the questions put to people about them; in portions
    as with orders.
    """
    with db.unit_of_work(actor):
        ours = tuple(customer_ids)
        held = stopped.held(company_id=company.pk, customer_ids=ours, after=after, most=PORTION + 1)
        if len(held) > PORTION:
            _leave(company, DELIVERIES, ours, after=held_marks.of(held[PORTION - 1]))
        answers = deliver_order.deliver_orders(
            company=company,
            requests=[
                deliver_order.DeliveryRequest(
                    reference=one.order_reference, number=one.number, amount=one.amount
                )
                for one in held[:PORTION]
            ],
            actor=actor,
            delivery_date=as_of,
            records_failures=False,
        )
        # One whose order has ended meanwhile is refused and stays held until somebody withdraws it.
        return tuple(one for one in answers if not isinstance(one, UnableToError) and one.lets_through)


def go_on(
    *, company: Company, told: Iterable[Mapping[str, str]], actor: Actor, as_of: date | None = None
) -> None:
    """Look at the next portion for events ``held.remain``; of several the one that got least far says where."""
    left = tuple(told)
    for kind, look in ((ORDERS, recheck_held_orders), (DELIVERIES, recheck_held_deliveries)):
        ours = [one for one in left if one["kind"] == kind]
        if ours:
            look(
                company=company,
                customer_ids=tuple(dict.fromkeys(UUID(one["customer_id"]) for one in ours)),
                as_of=as_of,
                actor=actor,
                after=min(held_marks.read(one["after"]) for one in ours),
            )


def _leave(company: Company, kind: str, customer_ids: Iterable[UUID], *, after: HeldMark) -> None:
    """Leave what is held beyond the portion to an event a customer that has any."""
    waiting = held_marks.holders(
        company_id=company.pk, customer_ids=customer_ids, after=after, is_order=kind == ORDERS
    )
    events.emit_many(
        name="held.remain",
        company_id=company.pk,
        payloads=[(one, {"customer_id": one, "kind": kind, "after": after.text()}) for one in waiting],
    )
