"""Orders: how they stand, and every transition; those that make exposure anew are checks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from tradecredit.analytics.order_checks import shipping
from tradecredit.apps.orders import parts, queries, releases, stopped
from tradecredit.doors.api import acting, questions
from tradecredit.doors.api.batches import Amount, CompanyRowIn, Currency, Number, Text
from tradecredit.doors.api.credit_checks import CHECKERS, language, read_money
from tradecredit.doors.api.questions import ReasonIn
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.orders import (
    decision_views,
    deliver_order,
    move_order,
    order_policy,
    release_order,
)
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.flows.orders.decision_views import DecisionView
    from tradecredit.plumbing.access.models import Company

router = Router(tags=["orders"])


class EndIn(CompanyRowIn, extra="forbid"):
    """Why an order ends or is taken up again."""

    reason: Text = ""


class AmendIn(CompanyRowIn, extra="forbid"):
    """The whole order's new amount, and its terms."""

    amount: Amount
    currency: Currency = ""
    terms_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    reason: Text = ""


class DeliverIn(CompanyRowIn, extra="forbid"):
    """Goods that are about to leave."""

    delivery_number: Number
    amount: Amount
    currency: Currency = ""
    delivery_date: date | None = None


@router.get("/orders", summary="Held orders, longest held first")
def get_held(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return the queue of held orders."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        return {"orders": [_order(order) for order in queries.held_orders(company_id=found.pk)]}


@router.get(
    "/orders/to-ship", summary="Orders of which something is still to leave, in the order of shipping"
)
def get_to_ship(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return what may leave first, by the priority of the customers' grades; the rest says why it may not."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        key = (found.pk, clock.today(found))
        grades = {one.grade: one for one in order_policy.in_force({key})[key].grades}
        rows = shipping.queue(company_id=found.pk, as_of=key[1], grades=grades)
        return {
            "orders": [
                {
                    **_order(one.order),
                    "undelivered": one.order.undelivered.text(),
                    "grade": one.grade,
                    "priority": one.priority,
                    "payment": one.payment,
                    "prepayment_percent": one.prepayment_percent,
                    "may_leave": one.may_leave,
                    "paused": None if one.paused is None else one.paused.as_dict(),
                }
                for one in rows
            ]
        }


@router.get("/orders/{reference}", summary="How one order stands")
def get_order(request: HttpRequest, reference: str, company: str | None = None) -> dict[str, Any]:
    """Return one order."""
    with acting.reading(request):
        order = _found(acting.company_of(request, company), reference)
        return {**_order(order), **_more(order)}


@router.post("/orders/{reference}/release", summary="Release a held order, by authority")
def post_release(request: HttpRequest, reference: str, body: ReasonIn) -> HttpResponse:
    """Vote for the release; the last vote that is needed releases the order."""
    return _vote_on_order(request, reference, body, approves=True)


@router.post("/orders/{reference}/reject", summary="Reject a held order, by authority")
def post_reject(request: HttpRequest, reference: str, body: ReasonIn) -> HttpResponse:
    """Vote against the release: one no rejects the order."""
    return _vote_on_order(request, reference, body, approves=False)


@router.post("/orders/{reference}/amend", summary="Change an order's amount or terms: a check")
def post_amend(request: HttpRequest, reference: str, body: AmendIn) -> HttpResponse:
    """Check the new whole; less gives room back."""

    def act(company: Company) -> DecisionView:
        currency = body.currency or _found(company, reference).amount.currency
        return move_order.amend_order(
            company=company,
            reference=reference,
            amount=read_money(body.amount, currency),
            terms_days=body.terms_days,
            reason=body.reason,
            actor=acting.actor_of(request),
        )

    return _decided(request, body, act)


@router.post(
    "/orders/{reference}/deliver", summary="Deliver (part of) an order: the last check before goods leave"
)
def post_deliver(request: HttpRequest, reference: str, body: DeliverIn) -> HttpResponse:
    """Record the delivery when it passes; the outcome says whether the goods may leave."""

    def act(company: Company) -> DecisionView:
        currency = body.currency or _found(company, reference).amount.currency
        return deliver_order.deliver_order(
            company=company,
            reference=reference,
            number=body.delivery_number,
            amount=read_money(body.amount, currency),
            delivery_date=body.delivery_date,
            actor=acting.actor_of(request),
        )

    return _decided(request, body, act)


@router.post("/orders/{reference}/reopen", summary="Take up an ended order again: a check")
def post_reopen(request: HttpRequest, reference: str, body: EndIn) -> HttpResponse:
    """Check the order like a new one."""
    return _decided(
        request,
        body,
        lambda company: move_order.reopen_order(
            company=company, reference=reference, reason=body.reason, actor=acting.actor_of(request)
        ),
    )


@router.post("/orders/{reference}/cancel", summary="Cancel an order")
def post_cancel(request: HttpRequest, reference: str, body: EndIn) -> HttpResponse:
    """Give back what the order still occupies."""
    return _ended(
        request,
        body,
        lambda company: move_order.cancel_order(
            company=company, reference=reference, reason=body.reason, actor=acting.actor_of(request)
        ),
    )


@router.post("/orders/{reference}/close", summary="Close an order whose remainder will not be delivered")
def post_close(request: HttpRequest, reference: str, body: EndIn) -> HttpResponse:
    """Give back the remainder."""
    return _ended(
        request,
        body,
        lambda company: move_order.close_order(
            company=company, reference=reference, reason=body.reason, actor=acting.actor_of(request)
        ),
    )


def _vote_on_order(request: HttpRequest, reference: str, body: ReasonIn, *, approves: bool) -> HttpResponse:
    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        done = decide_approval.decide_approval(
            request_id=release_order.open_request(company=company, reference=reference).id,
            approves=approves,
            reason=body.reason,
            reason_code=body.reason_code,
            days=body.days,
            actor=acting.actor_of(request),
        )
        return {
            "standing": done.standing.value,
            "order": _order(_found(company, reference)),
            "decision": None if done.decision_id is None else str(done.decision_id),
            "request": questions.task(done.request),
        }

    return acting.once(request, status=201, effect=effect)


def _decided(
    request: HttpRequest, body: CompanyRowIn, act: Callable[[Company], DecisionView]
) -> HttpResponse:
    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *CHECKERS)
        return decision_views.as_document(act(company), language=language())

    return acting.once(request, status=201, effect=effect)


def _ended(request: HttpRequest, body: CompanyRowIn, act: Callable[[Company], OrderRecord]) -> HttpResponse:
    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *CHECKERS)
        return _order(act(company))

    return acting.once(request, status=201, effect=effect)


def _found(company: Company, reference: str) -> OrderRecord:
    order = queries.orders_by_reference([(company.pk, reference)]).get((company.pk, reference))
    if order is None:
        raise Http404
    return order


def _order(order: OrderRecord) -> dict[str, Any]:
    return {
        "id": str(order.id),
        "reference": order.reference,
        "customer": order.customer_code,
        "customer_name": order.customer_name,
        "order_date": order.order_date.isoformat(),
        "amount": order.amount.text(),
        "delivered": order.delivered.text(),
        "invoiced": order.invoiced.text(),
        "currency": order.amount.currency,
        "terms_days": order.terms_days,
        "agreed_terms_days": order.agreed_terms_days,
        "first_terms_days": order.first_terms_days,
        "status": order.status,
        "held_at": None if order.held_at is None else order.held_at.isoformat(),
        "decision": None if order.decision_id is None else str(order.decision_id),
        "version": order.version,
        "whole": order.whole.text(),
        "apart": order.apart.text(),
    }


def _more(order: OrderRecord) -> dict[str, Any]:
    """Return what else belongs to one order: its lines, its remainders, its held deliveries, its releases."""
    apart = queries.orders_by_id(parts.remainders_of([order.id]))
    return {
        "lines": [
            {
                "line": line.line,
                "item": line.item,
                "quantity": None if line.quantity is None else f"{line.quantity:f}",
                "amount": f"{line.amount:f}",
            }
            for line in parts.lines_of([order.id]).get(order.id, ())
        ],
        "remainders": [
            {"reference": one.reference, "amount": one.amount.text(), "status": one.status}
            for one in apart.values()
        ],
        "held_deliveries": [
            {"number": one.number, "amount": one.amount.text(), "held_at": one.held_at.isoformat()}
            for one in stopped.of_orders([order.id])
        ],
        "releases": [
            {
                "delivery": one.delivery_number or None,
                "amount": one.amount.text(),
                "over": one.over.text(),
                "tolerance": f"{one.tolerance.normalize():f}",
                "covers": list(one.covers),
                "released_on": one.released_on.isoformat(),
                "expires_on": None if one.expires_on is None else one.expires_on.isoformat(),
                "reason": one.reason,
                "reason_code": one.reason_code,
                "released_by": one.released_by_name,
            }
            for one in releases.of_order(order.id)
        ],
    }
