"""Write flows that run: their definition, their state, their steps and notes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.approvals.models import (
    FlowDefinition,
    FlowInstance,
    FlowStatus,
    FlowStep,
    RequestNote,
    StepStatus,
)
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """A step to open."""

    node_id: str
    words: Words
    task_id: UUID | None = None
    service: str = ""
    roles: tuple[str, ...] = ()
    able_roles: tuple[str, ...] = ()
    people: tuple[UUID, ...] = ()
    together: str = "any"
    seats: int = 1
    needed: str = "1"
    quorum: int = 0
    completion: str = ""
    goes_on: bool = False
    escalate_to: str = ""
    due_at: datetime | None = None
    parent_id: UUID | None = None
    added_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """Something said or done about a request; with ``once_key`` it is written down only once."""

    kind: str
    text: str = ""
    step_id: UUID | None = None
    mentions: tuple[UUID, ...] = ()
    once_key: str | None = None


def define(*, company_id: UUID, kind: str, text: str, policy_id: UUID) -> UUID:
    """Keep a diagram of a policy version; the same one is kept once."""
    db.transaction_required()
    digest = hashlib.sha256(text.encode()).hexdigest()
    found: FlowDefinition
    found, _ = FlowDefinition.objects.get_or_create(
        company_id=company_id,
        kind=kind,
        digest=digest,
        policy_id=policy_id,
        defaults={"text": text, "recorded_at": clock.now()},
    )
    return found.pk


def begin(
    *, company_id: UUID, request_id: UUID, definition_id: UUID, state: str, facts: Mapping[str, Any]
) -> UUID:
    """Record that the flow of a request runs."""
    db.transaction_required()
    row: FlowInstance = FlowInstance.objects.create(
        company_id=company_id,
        request_id=request_id,
        definition_id=definition_id,
        state=state,
        facts=canonical.dumps(dict(facts)),
        started_at=clock.now(),
    )
    return row.pk


def go_on(*, instance_id: UUID, state: str, definition_id: UUID | None = None) -> None:
    """Keep the state that a flow has come to; with ``definition_id`` it has moved to another diagram."""
    db.transaction_required()
    changes: dict[str, Any] = {"state": state}
    if definition_id is not None:
        changes["definition_id"] = definition_id
    FlowInstance.objects.filter(pk=instance_id, status=FlowStatus.RUNNING).update(**changes)


def open_steps(
    *, company_id: UUID, instance_id: UUID, request_id: UUID, steps: Sequence[NewStep]
) -> tuple[UUID, ...]:
    """Open steps, with one statement; returns their identifiers."""
    db.transaction_required()
    rows = step_rows(company_id=company_id, instance_id=instance_id, request_id=request_id, steps=steps)
    FlowStep.objects.bulk_create(rows)
    return tuple(row.pk for row in rows)


def step_rows(
    *, company_id: UUID, instance_id: UUID, request_id: UUID, steps: Sequence[NewStep]
) -> list[FlowStep]:
    """Return steps to open as rows that are not written yet."""
    moment = clock.now()
    return [
        FlowStep(
            pk=ids.new_id(),
            company_id=company_id,
            instance_id=instance_id,
            request_id=request_id,
            parent_id=new.parent_id,
            added_as=new.added_as,
            task_id=new.task_id,
            node_id=new.node_id,
            name_zh=new.words.zh[:100],
            name_en=new.words.en[:100],
            service=new.service,
            roles=list(new.roles),
            able_roles=list(new.able_roles),
            people=list(new.people),
            together=new.together,
            seats=new.seats,
            needed=new.needed,
            quorum=new.quorum,
            completion=new.completion,
            goes_on=new.goes_on,
            escalate_to=new.escalate_to,
            opened_at=moment,
            due_at=new.due_at,
        )
        for new in steps
    ]


def take_back_steps(step_ids: Iterable[UUID]) -> None:
    """Mark steps as returned: open or decided, their votes stand no more."""
    db.transaction_required()
    FlowStep.objects.filter(pk__in=set(step_ids)).update(status=StepStatus.RETURNED, ended_at=clock.now())


def change_step(step_id: UUID, **values: Any) -> None:
    """Change what an open step says of its people or its material."""
    db.transaction_required()
    FlowStep.objects.filter(pk=step_id, status=StepStatus.OPEN).update(**values)


def note(*, company_id: UUID, request_id: UUID, notes: Sequence[NewNote], actor: Actor) -> int:
    """Write notes on a request; one whose key is known is left out. Returns how many are new."""
    db.transaction_required()
    moment = clock.now()
    keys = [one.once_key for one in notes if one.once_key]
    known = (
        set(RequestNote.objects.filter(once_key__in=keys).values_list("once_key", flat=True))
        if keys
        else set()
    )
    rows = [
        RequestNote(
            company_id=company_id,
            request_id=request_id,
            step_id=one.step_id,
            kind=one.kind,
            actor_id=actor.user_id,
            actor_name=actor.name,
            text=one.text,
            mentions=list(one.mentions),
            once_key=one.once_key,
            written_at=moment,
        )
        for one in notes
        if one.once_key not in known or one.once_key is None
    ]
    RequestNote.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def set_task(step_id: UUID, *, task_id: UUID) -> None:
    """Tie a step to the task of another diagram that stands for it now."""
    db.transaction_required()
    FlowStep.objects.filter(pk=step_id).update(task_id=task_id)
