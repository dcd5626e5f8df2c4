"""Record cases, what is done in them, and the plans that are started."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.apps.collections.models import ActionPlan, ActionStep, Case, CaseEvent
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.plan_library import ActionPlan as LibraryPlan
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to open, and why."""

    customer_id: UUID
    cause: str
    words: Words
    stage: str = ""
    channel: str = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A step in a case; a dedupe key already known makes it nothing new."""

    case_id: UUID
    customer_id: UUID
    kind: str
    words: Words
    channel: str
    day: date
    way: str = ""
    outcome: str = ""
    stage: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    dedupe_key: str | None = None


def open_cases(
    *, company_id: UUID, cases: Sequence[NewCase], as_of: date, actor: Actor, first_number: int
) -> tuple[UUID, ...]:
    """Open a case a customer, numbered from ``first_number`` on; returns their identifiers.

    The database refuses a second open case of a customer (IntegrityError).
    """
    db.transaction_required()
    moment = clock.now()
    rows = [
        Case(
            id=new_id(),
            company_id=company_id,
            customer_id=case.customer_id,
            number=f"CASE-{as_of:%Y%m%d}-{number:04}",
            opened_on=as_of,
            cause=case.cause[:64],
            channel=case.channel,
            channel_since=as_of,
            recorded_at=moment,
        )
        for number, case in enumerate(cases, start=first_number)
    ]
    Case.objects.bulk_create(rows)
    events = [_opened(case, row.pk, as_of) for row, case in zip(rows, cases, strict=True)]
    record(company_id=company_id, actor=actor, events=events)
    return tuple(row.pk for row in rows)


def _opened(case: NewCase, case_id: UUID, as_of: date) -> NewEvent:
    return NewEvent(
        case_id=case_id,
        customer_id=case.customer_id,
        kind="opened",
        words=case.words,
        channel=case.channel,
        stage=case.stage,
        day=as_of,
        facts={"cause": case.cause},
    )


def record(*, company_id: UUID, events: Sequence[NewEvent], actor: Actor) -> None:
    """Add steps to cases; one whose key is known is left out."""
    db.transaction_required()
    moment = clock.now()
    CaseEvent.objects.bulk_create(
        [
            CaseEvent(
                company_id=company_id,
                customer_id=event.customer_id,
                case_id=event.case_id,
                kind=event.kind,
                way=event.way,
                outcome=event.outcome,
                text_zh=event.words.zh,
                text_en=event.words.en,
                facts=dict(event.facts),
                channel=event.channel,
                stage=event.stage,
                day=event.day,
                dedupe_key=event.dedupe_key,
                recorded_at=moment,
                recorded_by=actor.name,
                recorded_by_id=None if actor.is_system else actor.user_id,
            )
            for event in events
        ],
        ignore_conflicts=any(event.dedupe_key is not None for event in events),
    )


def hand_over(*, case_ids: Sequence[UUID], channel: str, since: date) -> int:
    """Give open cases to another channel; returns how many were not there yet."""
    db.transaction_required()
    rows = Case.objects.filter(pk__in=case_ids, closed_on__isnull=True).exclude(channel=channel)
    return rows.update(channel=channel, channel_since=since)


def assign(*, case_id: UUID, owner_id: UUID | None, owner_name: str) -> None:
    """Give a case an owner, or none."""
    db.transaction_required()
    Case.objects.filter(pk=case_id, closed_on__isnull=True).update(owner_id=owner_id, owner_name=owner_name)


def plan_next(*, case_id: UUID, action: str, day: date | None) -> None:
    """Record what is done next, and on which day."""
    db.transaction_required()
    Case.objects.filter(pk=case_id, closed_on__isnull=True).update(next_action=action[:200], next_on=day)


def close(*, case_ids: Sequence[UUID], closed_on: date, because: str) -> int:
    """Close cases; returns how many were open."""
    db.transaction_required()
    rows = Case.objects.filter(pk__in=case_ids, closed_on__isnull=True)
    return rows.update(closed_on=closed_on, closed_because=because[:200], next_on=None)


def start_plan(
    *, company_id: UUID, customer_id: UUID, case_id: UUID | None, plan: LibraryPlan, cause: str,
    as_of: date, actor: Actor,
) -> UUID:  # fmt: skip
    """Start a plan of the library with all its steps; the database refuses a second of the kind (IntegrityError)."""
    db.transaction_required()
    row: ActionPlan = ActionPlan.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        case_id=case_id,
        code=plan.code,
        title_zh=plan.title.zh,
        title_en=plan.title.en,
        cause=cause[:100],
        started_on=as_of,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    ActionStep.objects.bulk_create(
        [
            ActionStep(
                company_id=company_id,
                customer_id=customer_id,
                plan_id=row.pk,
                position=position,
                code=step.code,
                title_zh=step.title.zh,
                title_en=step.title.en,
                role=step.role,
                due_date=step.due_date(as_of),
            )
            for position, step in enumerate(plan.steps, start=1)
        ]
    )
    return row.id


def finish_step(*, step_id: UUID, day: date, result: str, is_skipped: bool, actor: Actor) -> bool:
    """Record what came of a step; the last step ends its plan. Tells whether the step was still to do."""
    db.transaction_required()
    done = ActionStep.objects.filter(pk=step_id, done_on__isnull=True).update(
        done_on=day, done_by=actor.name, result=result, is_skipped=is_skipped
    )
    if done:
        plan_id = ActionStep.objects.values_list("plan_id", flat=True).get(pk=step_id)
        if not ActionStep.objects.filter(plan_id=plan_id, done_on__isnull=True).exists():
            ActionPlan.objects.filter(pk=plan_id, ended_on__isnull=True).update(ended_on=day)
    return done == 1
