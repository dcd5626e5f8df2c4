"""Look again at held orders and deliveries after something was cured: cash came in, a freeze was lifted, a line was raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders import stopped
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import check_order_credit, deliver_order, freed_room
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def recheck_held_orders(
    *,
    company: Company,
    customer_ids: Iterable[UUID],
    actor: Actor,
    as_of: date | None = None,
) -> tuple[DecisionView, ...]:
    """Release the held orders that pass now, longest held first; returns the decisions that released them.

    What others of the customers' levels have held for want of room there is looked at as well. Orders that still do not pass stay as they are, and so do the questions put to people about them.
    """
    with db.unit_of_work(actor):
        concerned = freed_room.fellows(
            company=company, customer_ids=customer_ids, as_of=as_of or clock.today(company)
        )
        held = orders.held_orders(company_id=company.pk, customer_ids=concerned)
        requests = [
            CheckRequest(
                company=company,
                customer_code=order.customer_code,
                reference=order.reference,
                amount=order.whole,
                terms_days=order.asked_terms,
                purpose="recheck",
            )
            for order in held
        ]
        views = check_order_credit.check_order_credit(
            requests=requests, actor=actor, as_of=as_of, records_failures=False
        )
        return tuple(view for view in views if view.lets_through)


def recheck_held_deliveries(
    *, company: Company, customer_ids: Iterable[UUID], actor: Actor, as_of: date | None = None
) -> tuple[DecisionView, ...]:
    """Let held deliveries leave that pass now, longest held first; returns the decisions that let them.

    Deliveries that still do not pass stay as they are, and so do the questions put to people about them.
    """
    with db.unit_of_work(actor):
        held = stopped.held(company_id=company.pk, customer_ids=customer_ids)
        answers = deliver_order.deliver_orders(
            company=company,
            requests=[
                deliver_order.DeliveryRequest(
                    reference=one.order_reference, number=one.number, amount=one.amount
                )
                for one in held
            ],
            actor=actor,
            delivery_date=as_of,
            records_failures=False,
        )
        # One whose order has ended meanwhile is refused and stays held until somebody withdraws it.
        return tuple(one for one in answers if not isinstance(one, UnableToError) and one.lets_through)
