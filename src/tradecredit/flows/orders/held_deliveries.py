"""Deliveries that did not pass: held, put to the people who decide, looked at again when cured, released or rejected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import operations as approvals
from tradecredit.apps.approvals import queries as approval_queries
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.apps.orders import stopped
from tradecredit.apps.orders.models import HeldDeliveryStatus
from tradecredit.core.approvals import routing
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import order_policy
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.approvals.routing import Route
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A delivery with the decision about it."""

    order_id: UUID
    customer_id: UUID
    number: str
    amount: Money
    view: DecisionView


def settle(*, company: Company, checked: Sequence[Checked], day: date, actor: Actor) -> None:
    """Hold what did not pass and ask people; end the hold of what passes now."""
    db.transaction_required()
    stops = [one for one in checked if not one.view.lets_through]
    held = [one for one in stops if one.view.decision.outcome is not Outcome.REJECT]
    known = stopped.by_number(company_id=company.pk, numbers=[one.number for one in checked])
    gone = {one.number: one for one in checked if one not in held and one.number in known}
    for number, one in gone.items():
        status = HeldDeliveryStatus.RELEASED if one.view.lets_through else HeldDeliveryStatus.REJECTED
        stopped.end([known[number].id], status=status, decision_id=one.view.id)
    _end_questions(
        [known[number].id for number, one in gone.items() if one.view.lets_through], RequestStatus.CURED
    )
    _end_questions(
        [known[number].id for number, one in gone.items() if not one.view.lets_through],
        RequestStatus.WITHDRAWN,
    )
    if held:
        _hold(company, held, day=day, actor=actor)
    _tell(company, [(one, "delivery.released") for one in gone.values() if one.view.lets_through], actor)


def withdraw(*, order_ids: Iterable[UUID]) -> int:
    """Withdraw the held deliveries of orders that end, with the questions about them."""
    found = stopped.of_orders(order_ids)
    _end_questions([one.id for one in found], RequestStatus.WITHDRAWN)
    return stopped.end([one.id for one in found], status=HeldDeliveryStatus.WITHDRAWN)


def _hold(company: Company, held: Sequence[Checked], *, day: date, actor: Actor) -> None:
    identifiers = stopped.hold(
        [
            stopped.NewStop(
                company_id=company.pk,
                customer_id=one.customer_id,
                order_id=one.order_id,
                number=one.number,
                delivery_date=day,
                amount=one.amount,
                decision_id=one.view.id,
            )
            for one in held
        ]
    )
    authority = order_policy.in_force({(company.pk, day)})[company.pk, day].authority
    routes = {
        identifiers[one.number]: routing.route_of(
            one.view.decision, facts=one.view.facts, authority=authority
        )
        for one in held
    }
    by_id = {identifiers[one.number]: one for one in held}
    _ask(company, by_id, routes, actor=actor)
    _tell(company, [(one, "delivery.held") for one in held], actor)


def _ask(
    company: Company, by_id: Mapping[UUID, Checked], routes: Mapping[UUID, Route], *, actor: Actor
) -> None:
    standing = approval_queries.open_of_subjects(kind=routing.DELIVERY_RELEASE, subject_ids=by_id)
    kept = {
        subject
        for subject, asked in standing.items()
        if asked.amount == routes[subject].amount and asked.roles == routes[subject].roles
    }
    approvals.end(
        [asked.id for subject, asked in standing.items() if subject not in kept],
        status=RequestStatus.WITHDRAWN,
    )
    approvals.ask(
        [
            approvals.NewRequest(
                company_id=company.pk,
                customer_id=one.customer_id,
                subject_id=subject,
                reference=one.number,
                route=routes[subject],
                decision_id=one.view.id,
                reason=one.view.facts.request.reference,
            )
            for subject, one in by_id.items()
            if subject not in kept
        ],
        actor=actor,
    )


def _end_questions(subjects: Sequence[UUID], status: RequestStatus) -> None:
    asked = approval_queries.open_of_subjects(kind=routing.DELIVERY_RELEASE, subject_ids=subjects)
    approvals.end([one.id for one in asked.values()], status=status)


_SENTENCES = {
    "delivery.held": Words(
        zh="订单 {reference} 的发货 {number} 被拦，等待处理",
        en="Delivery {number} of order {reference} is held and waits",
    ),
    "delivery.released": Words(
        zh="订单 {reference} 的发货 {number} 已放行", en="Delivery {number} of order {reference} may leave"
    ),
}


def _tell(company: Company, told: Sequence[tuple[Checked, str]], actor: Actor) -> None:
    for one, kind in told:
        reference = one.view.facts.request.reference
        payload = {
            "customer_id": one.customer_id,
            "order_id": one.order_id,
            "reference": reference,
            "delivery": one.number,
            "decision_id": one.view.id,
        }
        events.emit(name=kind, company_id=company.pk, payload=payload, subject=one.customer_id)
        log.append(
            company_id=company.pk,
            actor=actor,
            entries=[
                log.NewEntry(
                    stream=f"customer:{one.customer_id}",
                    kind=kind,
                    words=_SENTENCES[kind].filled(reference=reference, number=one.number),
                    payload=payload,
                )
            ],
        )
