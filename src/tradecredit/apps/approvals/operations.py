"""Write approval requests and votes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals.models import (
    ApprovalRequest,
    FlowInstance,
    FlowStatus,
    FlowStep,
    RequestStatus,
    StepStatus,
    Vote,
)
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.approvals.routing import Route
    from tradecredit.plumbing.access import Actor

# Whom a flow asks one by one is asked by its steps: the request itself waits for any of them.
_ANY: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A question to people."""

    company_id: UUID
    customer_id: UUID | None
    subject_id: UUID
    reference: str
    route: Route
    decision_id: UUID | None = None
    reason: str = ""
    due_at: datetime | None = None
    # Who asked first, where somebody else makes two questions of one.
    asked_by: tuple[UUID, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVote:
    """One person's answer to a request, in a step of its flow where it runs by one."""

    company_id: UUID
    request_id: UUID
    requested_by_id: UUID
    actor: Actor
    role: str
    approves: bool
    reason: str
    reason_code: str = ""
    step_id: UUID | None = None
    place: str = ""
    behalf_of: tuple[UUID, str] | None = None


def ask(requests: Sequence[NewRequest], *, actor: Actor) -> tuple[UUID, ...]:
    """Ask people, with one statement; returns the identifiers of the requests."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        ApprovalRequest(
            pk=ids.new_id(),
            company_id=new.company_id,
            kind=new.route.kind,
            customer_id=new.customer_id,
            subject_id=new.subject_id,
            reference=new.reference,
            decision_id=new.decision_id,
            amount=new.route.amount.amount,
            currency=new.route.amount.currency,
            requested_by_id=actor.user_id if new.asked_by is None else new.asked_by[0],
            requested_by_name=actor.name if new.asked_by is None else new.asked_by[1],
            reason=new.reason,
            roles=list(new.route.roles),
            mode=new.route.mode.value,
            routing=canonical.dumps(new.route.as_dict()),
            created_at=moment,
            due_at=new.due_at,
        )
        for new in requests
    ]
    ApprovalRequest.objects.bulk_create(rows)
    return tuple(row.pk for row in rows)


def is_asked(*, kind: str, subject_id: UUID) -> bool:
    """Tell whether people are asked about the subject already."""
    return ApprovalRequest.objects.filter(
        kind=kind, subject_id=subject_id, status=RequestStatus.OPEN
    ).exists()


def record_votes(votes: Sequence[NewVote]) -> None:
    """Append people's answers; the database refuses the requester's own, a second one, and one nobody may give."""
    db.transaction_required()
    moment = clock.now()
    Vote.objects.bulk_create(
        [
            Vote(
                company_id=one.company_id,
                request_id=one.request_id,
                requested_by_id=one.requested_by_id,
                actor_id=one.actor.user_id,
                actor_name=one.actor.name,
                role=one.role,
                approves=one.approves,
                reason=one.reason,
                reason_code=one.reason_code,
                voted_at=moment,
                step_id=one.step_id,
                place=one.place,
                behalf_of_id=None if one.behalf_of is None else one.behalf_of[0],
                behalf_of_name="" if one.behalf_of is None else one.behalf_of[1],
            )
            for one in votes
        ]
    )


def wait_for_all(roles: Mapping[UUID, Sequence[str]]) -> None:
    """Write on open requests which roles their flows wait for now."""
    db.transaction_required()
    by_roles: defaultdict[tuple[str, ...], list[UUID]] = defaultdict(list)
    for request_id, wanted in roles.items():
        by_roles[tuple(wanted)].append(request_id)
    for wanted, request_ids in by_roles.items():
        ApprovalRequest.objects.filter(pk__in=request_ids, status=RequestStatus.OPEN).update(
            roles=list(wanted), mode=_ANY
        )


def end(request_ids: Iterable[UUID], *, status: RequestStatus | str) -> int:
    """End open requests, with the flows that they run by; returns how many were open."""
    db.transaction_required()
    wanted = set(request_ids)
    moment = clock.now()
    ended = ApprovalRequest.objects.filter(pk__in=wanted, status=RequestStatus.OPEN).update(
        status=str(status), ended_at=moment
    )
    if ended:
        as_flow = (
            str(status) if str(status) in {FlowStatus.APPROVED, FlowStatus.REJECTED} else FlowStatus.ENDED
        )
        running = FlowInstance.objects.filter(request_id__in=wanted, status=FlowStatus.RUNNING)
        if running.update(status=as_flow, ended_at=moment):
            FlowStep.objects.filter(request_id__in=wanted, status=StepStatus.OPEN).update(
                status=StepStatus.CLOSED, ended_at=moment
            )
    return ended
