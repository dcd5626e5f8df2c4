"""The hold queue over all companies, parts of held orders, held deliveries."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.analytics.dashboards import holds
from tradecredit.analytics.order_checks import releases
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders import stopped
from tradecredit.core.decisions import wording
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import Amount, CompanyRowIn, Text
from tradecredit.doors.api.credit_checks import CHECKERS, language, read_money
from tradecredit.doors.api.questions import ReasonIn
from tradecredit.flows.approvals import act_on_holds, decide_approval
from tradecredit.flows.orders import decision_views, review_hold, split_order
from tradecredit.flows.orders.record_release import Terms
from tradecredit.flows.orders.split_order import Part
from tradecredit.plumbing import clock, tables
from tradecredit.plumbing.access import people

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.analytics.dashboards.holds import Hold

router = Router(tags=["holds"])
_MOST = 200
Code = Annotated[str, StringConstraints(max_length=32)]
Days = Annotated[int, Field(ge=1, le=3650)]


class QueueIn(Schema, extra="forbid"):
    """What of the queue is asked for."""

    company: str = ""
    customer: str = ""
    kind: Literal["", "order", "delivery"] = ""
    reason: str = ""
    role: str = ""
    currency: str = ""
    least_days: Annotated[int, Field(ge=0)] = 0
    mine: bool = False
    sort: Literal["age", "amount", "over", "customer"] = "age"


class ActionIn(Schema, extra="forbid"):
    """One action on many held documents."""

    action: Literal["recheck", "release", "reject"]
    holds: Annotated[list[UUID], Field(min_length=1, max_length=_MOST)]
    reason: Text = ""
    reason_code: Code = ""
    days: Days | None = None


class PartLineIn(Schema, extra="forbid"):
    """A line to let go; without a quantity the whole line."""

    line: Annotated[int, Field(ge=1)]
    quantity: Amount | None = None


class SplitIn(CompanyRowIn, extra="forbid"):
    """The part that goes: an amount, or lines, or neither: what fits now."""

    amount: Amount | None = None
    lines: Annotated[list[PartLineIn], Field(max_length=1000)] = []


class ReviewIn(Schema, extra="forbid"):
    """A later word on a hold or a release; a wrong one says why."""

    right: bool
    note: Text = ""


@router.get("/holds", summary="Held orders and deliveries of every company of the caller")
def get_holds(request: HttpRequest, query: Annotated[QueueIn, Query()]) -> dict[str, Any]:
    """Return the queue: reasons, amount over the line, days, who decides and whom it still waits for."""
    fields = query.dict()
    fields["is_mine"] = fields.pop("mine")
    with acting.reading(request):
        found = holds.queue(
            actor=acting.actor_of(request), today=_today(request), filters=holds.Filters(**fields), most=_MOST
        )
        return {
            "holds": [_hold(one) for one in found],
            "totals": [{"currency": code, "amount": f"{amount:f}"} for code, amount in holds.totals(found)],
        }


@router.post("/holds/actions", summary="Look again at, release or reject many held documents")
def post_actions(request: HttpRequest, body: ActionIn) -> HttpResponse:
    """Answer for each document by itself; a refused one does not stop the others."""

    def effect() -> dict[str, Any]:
        acting.require_anywhere(request, "check_order" if body.action == "recheck" else "decide")
        answers = act_on_holds.act_on_holds(
            ids=body.holds,
            action=body.action,
            terms=Terms(reason=body.reason, reason_code=body.reason_code, days=body.days),
            actor=acting.actor_of(request),
        )
        return {"results": [_answer(one) for one in answers]}

    return acting.once(request, status=201, effect=effect)


@router.get("/reports/overrides", summary="What people let through: over how much, why, until when")
def get_overrides(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return the report of releases by people, latest first."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        table = releases.overrides_table(as_of=clock.today(found), company_id=found.pk)
        return {"rows": tables.as_records(table)}


@router.get("/reports/hold-errors", summary="How often holds and releases turned out wrong")
def get_hold_errors(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return the figures by kind; the share is of those that were looked back on."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        table = releases.hold_errors_table(as_of=clock.today(found), company_id=found.pk)
        return {"rows": tables.as_records(table)}


@router.post("/credit-checks/{uuid:decision_id}/review", summary="Say whether a hold or release was right")
def post_review(request: HttpRequest, decision_id: UUID, body: ReviewIn) -> HttpResponse:
    """Record the word; the latest one counts in the hold-error figure."""

    def effect() -> dict[str, Any]:
        acting.require_anywhere(request, "respond")
        review_hold.review_hold(
            decision_id=decision_id, was_right=body.right, note=body.note, actor=acting.actor_of(request)
        )
        return {"decision": str(decision_id), "right": body.right}

    return acting.once(request, status=201, effect=effect)


@router.post("/orders/{reference}/split", summary="Let a part of a held order go, hold the rest")
def post_split(request: HttpRequest, reference: str, body: SplitIn) -> HttpResponse:
    """Check each half by itself; what passes is released at once, the rest is the order's remainder."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *CHECKERS)
        key = (company.pk, reference)
        order = order_queries.orders_by_reference([key]).get(key)
        if order is None:
            raise Http404
        amount = None if body.amount is None else read_money(body.amount, order.amount.currency)
        halves = split_order.split_order(
            company=company,
            reference=reference,
            part=Part(
                amount=amount,
                lines={
                    one.line: None if one.quantity is None else Decimal(one.quantity) for one in body.lines
                },
            ),
            actor=acting.actor_of(request),
        )
        return {
            "part": decision_views.as_document(halves.part, language=language()),
            "rest": decision_views.as_document(halves.rest, language=language()),
            "remainder": halves.rest_reference,
        }

    return acting.once(request, status=201, effect=effect)


@router.post("/deliveries/{number}/release", summary="Release a held delivery, by authority")
def post_release(request: HttpRequest, number: str, body: ReasonIn) -> HttpResponse:
    """Vote for the release; with the last vote needed the goods may leave and the delivery is recorded."""
    return _vote(request, number, body, approves=True)


@router.post("/deliveries/{number}/reject", summary="Reject a held delivery, by authority")
def post_reject(request: HttpRequest, number: str, body: ReasonIn) -> HttpResponse:
    """Vote against the release; the order itself goes on."""
    return _vote(request, number, body, approves=False)


def _vote(request: HttpRequest, number: str, body: ReasonIn, *, approves: bool) -> HttpResponse:
    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        stop = stopped.by_number(company_id=company.pk, numbers=[number]).get(number)
        asked = (
            None
            if stop is None
            else approvals.open_of_subjects(kind="delivery_release", subject_ids=[stop.id]).get(stop.id)
        )
        if stop is None or asked is None:
            raise Http404
        done = decide_approval.decide_approval(
            request_id=asked.id,
            approves=approves,
            reason=body.reason,
            reason_code=body.reason_code,
            days=body.days,
            actor=acting.actor_of(request),
        )
        return {
            "standing": done.standing.value,
            "delivery": number,
            "order": stop.order_reference,
            "decision": None if done.decision_id is None else str(done.decision_id),
        }

    return acting.once(request, status=201, effect=effect)


def _today(request: HttpRequest) -> dict[UUID, date]:
    return {company.pk: clock.today(company) for company in people.companies_of(acting.actor_of(request))}


def _hold(one: Hold) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "company": one.company_code,
        "reference": one.reference,
        "order": one.order_reference,
        "customer": one.customer_code,
        "customer_name": one.customer_name,
        "amount": f"{one.amount:f}",
        "over": None if one.over is None else f"{one.over:f}",
        "currency": one.currency,
        "held_at": one.held_at.isoformat(),
        "days": one.days,
        "reasons": [{"code": code, "text": words.in_language(language())} for code, words in one.reasons],
        "roles": list(one.roles),
        "waits_for": [
            {"role": role, "name": wording.role_name(role).in_language(language())} for role in one.waits_for
        ],
        "requested_by": one.requested_by,
        "is_mine": one.is_mine,
        "decision": None if one.decision_id is None else str(one.decision_id),
        "request": None if one.request_id is None else str(one.request_id),
    }


def _answer(one: act_on_holds.HoldAnswer) -> dict[str, Any]:
    refusal = one.refusal
    return {
        "id": str(one.id),
        "standing": one.standing,
        "error": None
        if refusal is None
        else {"code": refusal.code, "text": refusal.words.in_language(language())},
    }
