"""Ask people about held orders, and take the question back when it has been overtaken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.approvals import operations, queries
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.core.approvals import routing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.routing import Route
    from tradecredit.flows.orders.order_decided import Decided
    from tradecredit.plumbing.access import Actor


def bring_up_to_date(
    decided: Sequence[Decided], *, order_ids: Mapping[tuple[UUID, str], UUID], actor: Actor
) -> dict[UUID, UUID]:
    """Return the open request of each held order, asked anew where the question has changed.

    A question about another amount is another question: votes given on the old one do not count for it.
    """
    by_order = {order_ids[one.case.request.company.pk, one.case.request.reference]: one for one in decided}
    # Nothing can have been asked about an order that this check makes.
    known = [order for order, one in by_order.items() if one.case.order is not None]
    standing = queries.open_of_subjects(kind=routing.ORDER_RELEASE, subject_ids=known) if known else {}
    routes = {order: _route(one) for order, one in by_order.items() if one.decision.deciders}
    kept = {
        order: request.id
        for order, request in standing.items()
        if order in routes and _is_same_question(request, routes[order])
    }
    overtaken = {order: request for order, request in standing.items() if order not in kept}
    if overtaken:
        _end(overtaken, by_order)
    asked = [order for order in routes if order not in kept]
    questions = [_new_request(order, by_order[order], routes[order]) for order in asked]
    identifiers = operations.ask(questions, actor=actor) if questions else ()
    return {**kept, **dict(zip(asked, identifiers, strict=True))}


def _end(overtaken: Mapping[UUID, RequestRecord], by_order: Mapping[UUID, Decided]) -> None:
    cured = [
        request.id for order, request in overtaken.items() if by_order[order].decision.outcome.lets_through
    ]
    operations.end(cured, status=RequestStatus.CURED)
    withdrawn = [request.id for request in overtaken.values() if request.id not in cured]
    operations.end(withdrawn, status=RequestStatus.WITHDRAWN)


def _route(one: Decided) -> Route:
    return routing.route_of(one.decision, facts=one.facts, authority=one.case.policy.authority)


def _is_same_question(request: RequestRecord, route: Route) -> bool:
    # Where a flow runs, the request itself names whom that waits for; the route is as it was when it was asked.
    asked = request.routing.get("roles", request.roles), request.routing.get("mode", request.mode)
    return request.amount == route.amount and (tuple(asked[0]), asked[1]) == (route.roles, route.mode.value)


def _new_request(order_id: UUID, one: Decided, route: Route) -> operations.NewRequest:
    return operations.NewRequest(
        company_id=one.case.request.company.pk,
        customer_id=one.case.customer.id,
        subject_id=order_id,
        reference=one.case.request.reference,
        route=route,
        decision_id=one.id,
        reason=one.case.request.reason,
        asked_by=one.case.request.asked_by,
    )
