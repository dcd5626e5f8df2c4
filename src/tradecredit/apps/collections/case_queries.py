"""Cases and plans, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.collections.models import ActionPlan, Case, CaseEvent
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case as it stands."""

    id: UUID
    company_id: UUID
    number: str
    customer_id: UUID
    customer_code: str
    customer_name: str
    opened_on: date
    cause: str
    channel: str
    channel_since: date
    owner_id: UUID | None
    owner_name: str
    next_action: str
    next_on: date | None
    closed_on: date | None
    closed_because: str

    @property
    def is_open(self) -> bool:
        """Tell whether it is still worked."""
        return self.closed_on is None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """A step in a case."""

    id: UUID
    kind: str
    way: str
    outcome: str
    words: Words
    facts: Mapping[str, str]
    channel: str
    stage: str
    day: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """A step of a plan that was started."""

    id: UUID
    position: int
    code: str
    title: Words
    role: str
    due_date: date
    done_on: date | None
    done_by: str
    is_skipped: bool
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A plan that was started for a customer."""

    id: UUID
    code: str
    title: Words
    cause: str
    started_on: date
    ended_on: date | None
    recorded_by: str
    steps: tuple[StepRecord, ...]


def cases(
    *,
    company_id: UUID,
    is_open: bool | None = True,
    customer_id: UUID | None = None,
    ids: Collection[UUID] | None = None,
    channel: str | None = None,
    before: UUID | None = None,
    limit: int = 500,
) -> Sequence[CaseRecord]:
    """Return cases of a company, newest first; ``before`` continues after the one with that identifier."""
    rows = Case.objects.select_related("customer").filter(company_id=company_id).order_by("-id")
    if is_open is not None:
        rows = rows.filter(closed_on__isnull=is_open)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if channel is not None:
        rows = rows.filter(channel=channel)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_case(row) for row in rows[:limit]]


def by_number(*, company_id: UUID, number: str) -> CaseRecord | None:
    """Return the case with the number."""
    row = Case.objects.select_related("customer").filter(company_id=company_id, number=number).first()
    return _case(row) if row else None


def open_case_of(*, company_id: UUID, customer_id: UUID) -> CaseRecord | None:
    """Return the customer's open case, if it has one."""
    found = cases(company_id=company_id, customer_id=customer_id, limit=1)
    return found[0] if found else None


def count_on(*, company_id: UUID, as_of: date) -> int:
    """Return how many cases a company opened on a day; the next number follows from it."""
    return Case.objects.filter(company_id=company_id, opened_on=as_of).count()


def events(*, case_id: UUID) -> Sequence[EventRecord]:
    """Return what was done in a case, latest first."""
    return [
        EventRecord(
            id=row.pk,
            kind=row.kind,
            way=row.way,
            outcome=row.outcome,
            words=Words(zh=row.text_zh, en=row.text_en),
            facts=row.facts,
            channel=row.channel,
            stage=row.stage,
            day=row.day,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in CaseEvent.objects.filter(case_id=case_id).order_by("-id")
    ]


def is_known(*, case_id: UUID, reference: str) -> bool:
    """Tell whether a contact with the reference is on record in the case."""
    return CaseEvent.objects.filter(dedupe_key=f"contact:{case_id}:{reference}"[:200]).exists()


def plans(
    *, company_id: UUID, customer_id: UUID | None = None, is_running: bool | None = None, limit: int = 200
) -> Sequence[PlanRecord]:
    """Return the plans that were started, latest first, with their steps in order."""
    rows = ActionPlan.objects.filter(company_id=company_id).prefetch_related("steps").order_by("-id")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if is_running is not None:
        rows = rows.filter(ended_on__isnull=is_running)
    return [_plan(row) for row in rows[:limit]]


def plan_of(*, company_id: UUID, plan_id: UUID) -> tuple[PlanRecord, UUID] | None:
    """Return a plan that was started, with its customer."""
    rows = ActionPlan.objects.filter(company_id=company_id, pk=plan_id).prefetch_related("steps")
    row = rows.first()
    return (_plan(row), row.customer_id) if row else None


def running_plan(*, company_id: UUID, customer_id: UUID, code: str) -> UUID | None:
    """Return the customer's plan of the kind that runs, if there is one."""
    rows = ActionPlan.objects.filter(company_id=company_id, customer_id=customer_id, code=code)
    found: UUID | None = rows.filter(ended_on__isnull=True).values_list("pk", flat=True).first()
    return found


def _case(row: Case) -> CaseRecord:
    return CaseRecord(
        id=row.pk,
        company_id=row.company_id,
        number=row.number,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        opened_on=row.opened_on,
        cause=row.cause,
        channel=row.channel,
        channel_since=row.channel_since,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        next_action=row.next_action,
        next_on=row.next_on,
        closed_on=row.closed_on,
        closed_because=row.closed_because,
    )


def _plan(row: ActionPlan) -> PlanRecord:
    steps = sorted(row.steps.all(), key=lambda step: step.position)
    return PlanRecord(
        id=row.pk,
        code=row.code,
        title=Words(zh=row.title_zh, en=row.title_en),
        cause=row.cause,
        started_on=row.started_on,
        ended_on=row.ended_on,
        recorded_by=row.recorded_by,
        steps=tuple(
            StepRecord(
                id=step.pk,
                position=step.position,
                code=step.code,
                title=Words(zh=step.title_zh, en=step.title_en),
                role=step.role,
                due_date=step.due_date,
                done_on=step.done_on,
                done_by=step.done_by,
                is_skipped=step.is_skipped,
                result=step.result,
            )
            for step in steps
        ),
    )
