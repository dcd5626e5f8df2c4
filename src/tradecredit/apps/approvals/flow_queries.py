"""Read flows that run, their steps and notes as frozen values."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tradecredit.apps.approvals.models import (
    ApprovalRequest,
    FlowInstance,
    FlowStatus,
    FlowStep,
    RequestNote,
    RequestStatus,
    StepStatus,
    Vote,
)
from tradecredit.core.approvals.diagrams.assignment import Together
from tradecredit.core.approvals.diagrams.voting import Ballot
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRecord:
    """A flow that runs or ran, with the diagram that it is pinned to."""

    id: UUID
    request_id: UUID
    definition_id: UUID
    diagram: str
    policy_id: UUID
    kind: str
    state: str
    facts: Mapping[str, Any]
    status: str

    @property
    def is_running(self) -> bool:
        """Tell whether it goes on."""
        return self.status == FlowStatus.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class StepVote:
    """One vote in a step."""

    actor_id: UUID
    actor_name: str
    role: str
    place: str
    approves: bool
    reason: str
    voted_at: datetime
    behalf_of_id: UUID | None
    behalf_of_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """A step with the votes in it."""

    id: UUID
    company_id: UUID
    instance_id: UUID
    request_id: UUID
    parent_id: UUID | None
    added_as: str
    task_id: UUID | None
    node_id: str
    words: Words
    service: str
    roles: tuple[str, ...]
    able_roles: tuple[str, ...]
    people: tuple[UUID, ...]
    reserved_for: UUID | None
    ballot: Ballot
    goes_on: bool
    escalate_to: str
    status: str
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    material_since: datetime | None
    votes: tuple[StepVote, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether it still waits."""
        return self.status == StepStatus.OPEN

    @property
    def stands(self) -> bool:
        """Tell whether its votes count: those of a returned step do not."""
        return self.status != StepStatus.RETURNED


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecord:
    """Something said or done about a request."""

    kind: str
    actor_id: UUID
    actor_name: str
    text: str
    step_id: UUID | None
    written_at: datetime


def flow_of(request_id: UUID) -> FlowRecord | None:
    """Return the flow of a request, if it runs by one."""
    return flows_of([request_id]).get(request_id)


def flows_of(request_ids: Iterable[UUID]) -> dict[UUID, FlowRecord]:
    """Return the flows of the requests that run, or ran, by one."""
    rows = FlowInstance.objects.filter(request_id__in=set(request_ids))
    return {row.request_id: _flow(row) for row in rows.select_related("definition")}


def facts_of(request_id: UUID) -> Mapping[str, Any]:
    """Return what a request's flow knew when it began."""
    text = FlowInstance.objects.filter(request_id=request_id).values_list("facts", flat=True).first()
    found: Mapping[str, Any] = {} if text is None else json.loads(text)
    return found


def steps_of(request_ids: Iterable[UUID]) -> dict[UUID, tuple[StepRecord, ...]]:
    """Return the steps of requests in the order in which they were opened."""
    rows = list(FlowStep.objects.filter(request_id__in=set(request_ids)).order_by("opened_at", "pk"))
    votes: defaultdict[UUID, list[StepVote]] = defaultdict(list)
    for vote in Vote.objects.filter(step_id__in=[row.pk for row in rows]).order_by("voted_at", "pk"):
        if vote.step_id is not None:
            votes[vote.step_id].append(_vote(vote))
    found: defaultdict[UUID, list[StepRecord]] = defaultdict(list)
    for row in rows:
        found[row.request_id].append(step_of(row, tuple(votes[row.pk])))
    return {request_id: tuple(steps) for request_id, steps in found.items()}


def notes_of(request_ids: Iterable[UUID]) -> dict[UUID, tuple[NoteRecord, ...]]:
    """Return the notes of requests, in order."""
    found: defaultdict[UUID, list[NoteRecord]] = defaultdict(list)
    for row in RequestNote.objects.filter(request_id__in=set(request_ids)).order_by("written_at", "pk"):
        found[row.request_id].append(
            NoteRecord(
                kind=row.kind,
                actor_id=row.actor_id,
                actor_name=row.actor_name,
                text=row.text,
                step_id=row.step_id,
                written_at=row.written_at,
            )
        )
    return {request_id: tuple(notes) for request_id, notes in found.items()}


def known_keys(keys: Iterable[str]) -> set[str]:
    """Return those of the keys under which something has been noted already."""
    rows = RequestNote.objects.filter(once_key__in=set(keys))
    return {key for key in rows.values_list("once_key", flat=True) if key is not None}


def without_flow(*, company_id: UUID, kinds: Collection[str], most: int) -> tuple[UUID, ...]:
    """Return open requests of some kinds that run by no flow yet, oldest first."""
    rows = ApprovalRequest.objects.filter(
        company_id=company_id,
        kind__in=kinds,
        status=RequestStatus.OPEN,
        flow__isnull=True,
        votes__isnull=True,
    )
    return tuple(rows.order_by("created_at", "pk").values_list("pk", flat=True)[:most])


def open_steps(
    *, company_id: UUID, due_before: datetime | None = None, is_service: bool | None = None
) -> tuple[StepRecord, ...]:
    """Return open steps of a company: those due before a moment, or those that a service runs."""
    rows = FlowStep.objects.filter(company_id=company_id, status=StepStatus.OPEN)
    if due_before is not None:
        rows = rows.filter(due_at__lt=due_before)
    if is_service is not None:
        rows = rows.exclude(service="") if is_service else rows.filter(service="")
    return tuple(step_of(row) for row in rows.order_by("opened_at", "pk"))


def running(*, company_id: UUID) -> tuple[FlowRecord, ...]:
    """Return the flows of a company that run, of every kind, those that began first in front."""
    rows = FlowInstance.objects.filter(company_id=company_id, status=FlowStatus.RUNNING)
    return tuple(map(_flow, rows.select_related("definition").order_by("started_at", "pk")))


def _flow(row: FlowInstance) -> FlowRecord:
    return FlowRecord(
        id=row.pk,
        request_id=row.request_id,
        definition_id=row.definition_id,
        diagram=row.definition.text,
        policy_id=row.definition.policy_id,
        kind=row.definition.kind,
        state=row.state,
        facts=json.loads(row.facts),
        status=row.status,
    )


def _vote(vote: Vote) -> StepVote:
    return StepVote(
        actor_id=vote.actor_id,
        actor_name=vote.actor_name,
        role=vote.role,
        place=vote.place,
        approves=vote.approves,
        reason=vote.reason,
        voted_at=vote.voted_at,
        behalf_of_id=vote.behalf_of_id,
        behalf_of_name=vote.behalf_of_name,
    )


def step_of(row: FlowStep, votes: tuple[StepVote, ...] = ()) -> StepRecord:
    """Return a row as what others see of it."""
    return StepRecord(
        id=row.pk,
        company_id=row.company_id,
        instance_id=row.instance_id,
        request_id=row.request_id,
        parent_id=row.parent_id,
        added_as=row.added_as,
        task_id=row.task_id,
        node_id=row.node_id,
        words=Words(zh=row.name_zh, en=row.name_en),
        service=row.service,
        roles=tuple(row.roles),
        able_roles=tuple(row.able_roles),
        people=tuple(row.people),
        reserved_for=row.reserved_for,
        ballot=Ballot(
            together=Together(row.together),
            seats=row.seats,
            needed=Fraction(row.needed),
            quorum=row.quorum,
            completion=row.completion,
        ),
        goes_on=row.goes_on,
        escalate_to=row.escalate_to,
        status=row.status,
        opened_at=row.opened_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        material_since=row.material_since,
        votes=votes,
    )
