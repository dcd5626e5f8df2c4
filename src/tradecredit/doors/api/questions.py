"""Questions to people: what waits for the caller, what the caller asked and whom that waits for, and votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from tradecredit.analytics.approvals import inbox
from tradecredit.apps.approvals import flow_queries
from tradecredit.apps.approvals import queries as approvals
from tradecredit.core.decisions import wording
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import CompanyRowIn
from tradecredit.doors.api.credit_checks import language
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.processes import act_on_request
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord

router = Router(tags=["approvals"])
Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class ReasonIn(CompanyRowIn, extra="forbid"):
    """Why an order is released or rejected: it is on record."""

    reason: Reason
    reason_code: Annotated[str, StringConstraints(max_length=32)] = ""
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class DecideIn(ReasonIn, extra="forbid"):
    """A vote on a request."""

    approves: bool


@router.get("/approvals/tasks", summary="Open requests that the caller may answer")
def get_tasks(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return what waits for the caller, oldest first."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        asked = inbox.waiting(company_id=found.pk, actor=acting.actor_of(request), day=clock.today(found))
        return {"tasks": [task(one) for one in reversed(asked)]}


@router.post("/approvals/tasks/{uuid:request_id}/decide", summary="Vote on a request")
def post_decide(request: HttpRequest, request_id: UUID, body: DecideIn) -> HttpResponse:
    """Vote within authority and four eyes."""

    def effect() -> dict[str, Any]:
        done = decide_approval.decide_approval(
            request_id=request_id,
            approves=body.approves,
            reason=body.reason,
            reason_code=body.reason_code,
            days=body.days,
            actor=acting.actor_of(request),
        )
        return {"standing": done.standing.value, **task(done.request)}

    return acting.once(request, status=201, effect=effect)


class ActIn(CompanyRowIn, extra="forbid"):
    """Something to do with a request beside deciding it, and what it needs."""

    do: Literal["material", "give", "back", "hand", "sign", "urge", "comment"]
    text: Annotated[str, StringConstraints(max_length=2000)] = ""
    email: Annotated[str, StringConstraints(max_length=254)] = ""
    node: Annotated[str, StringConstraints(max_length=100)] = ""
    place: Literal["before", "after", "parallel"] = "parallel"


@router.get("/approvals/tasks/{uuid:request_id}", summary="A request with its steps and what was said")
def get_task(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """Return where a request stands: its steps, whom each waits for and since when, and its notes."""
    with acting.reading(request):
        found = approvals.by_id(request_id)
        if found is None:
            raise decide_approval.unknown_request()
        steps = flow_queries.steps_of([request_id]).get(request_id, ())
        notes = flow_queries.notes_of([request_id]).get(request_id, ())
        return {
            **task(found),
            "steps": [_step(one) for one in steps],
            "notes": [
                {"kind": one.kind, "by": one.actor_name, "text": one.text, "at": one.written_at.isoformat()}
                for one in notes
            ],
        }


@router.post(
    "/approvals/tasks/{uuid:request_id}/actions", summary="Ask, send back, hand over, sign, urge, comment"
)
def post_action(request: HttpRequest, request_id: UUID, body: ActIn) -> HttpResponse:
    """Do one thing with a request; a second time under the same key does nothing."""

    def effect() -> dict[str, Any]:
        acting.require_anywhere(request, "complete_task")
        said = act_on_request.Said(text=body.text, email=body.email, node=body.node, place=body.place)
        act_on_request.ACTIONS[body.do](request_id, said, acting.actor_of(request))
        return {"done": body.do}

    return acting.once(request, status=201, effect=effect)


@router.get("/approvals/mine", summary="What the caller asked for, and whom it waits for")
def get_mine(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return the caller's own requests, latest first."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        mine = acting.actor_of(request).user_id
        asked = approvals.of_company(company_id=found.pk)
        return {"requests": [task(one) for one in asked if one.requested_by_id == mine]}


def _step(one: StepRecord) -> dict[str, Any]:
    return {
        "node": one.node_id,
        "name": one.words.in_language(language()),
        "status": one.status,
        "roles": list(one.roles),
        "since": one.opened_at.isoformat(),
        "due": None if one.due_at is None else one.due_at.isoformat(),
        "waits_for_material": one.is_open and one.material_since is not None,
        "votes": [
            {
                "by": vote.actor_name,
                "for": vote.behalf_of_name,
                "approves": vote.approves,
                "reason": vote.reason,
            }
            for vote in one.votes
        ],
    }


def task(asked: RequestRecord) -> dict[str, Any]:
    """Return a request with its votes and the roles that it still waits for."""
    return {
        "id": str(asked.id),
        "kind": asked.kind,
        "customer": asked.customer_code,
        "customer_name": asked.customer_name,
        "reference": asked.reference,
        "amount": None if asked.amount is None else asked.amount.text(),
        "currency": None if asked.amount is None else asked.amount.currency,
        "requested_by": asked.requested_by_name,
        "reason": asked.reason,
        "roles": [
            {"role": role, "name": wording.role_name(role).in_language(language())} for role in asked.roles
        ],
        "mode": asked.mode,
        "waits_for": list(asked.waits_for),
        "why": asked.why.in_language(language()),
        "status": asked.status,
        "decision": None if asked.decision_id is None else str(asked.decision_id),
        "votes": [
            {"by": vote.actor_name, "role": vote.role, "approves": vote.approves, "reason": vote.reason}
            for vote in asked.votes
        ],
        "created_at": asked.created_at.isoformat(),
    }
