"""Move a running request to the flow that is in force now: what was decided stays decided, the rest is asked anew.

The new diagram is played from its start with the facts of the old one; a step that has the same box in both keeps its
decision. So a request arrives at the first box that nobody has decided yet, and the preview says which that is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import flow_operations, flow_queries, locks, queries
from tradecredit.apps.approvals.flow_operations import NewNote
from tradecredit.apps.decisions import policies
from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import carriers
from tradecredit.flows.orders.record_release import Terms
from tradecredit.flows.policy.draft_policy import WRITERS
from tradecredit.flows.processes import course, flow_facts, run_flow
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.processes import engine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.approvals.flow_queries import FlowRecord, StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.four_eyes import Standing
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.processes.engine import Progress

_REASON = "已改按新流程 / moved to the new flow"


class UnableToMigrateFlowError(UnableToError):
    """The request runs by no flow, by the one in force already, or the actor may not move it."""

    code = "flow_not_migrated"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What moving a request would do: which decisions stay, which fall, and where it would wait."""

    request: RequestRecord
    stays: tuple[Words, ...]
    falls: tuple[Words, ...]
    waits_at: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replay:
    progress: Progress
    text: str
    policy_id: UUID
    kept: dict[UUID, UUID]


def previews(*, company: Company, actor: Actor) -> tuple[Preview, ...]:
    """Return what moving every request would do whose flow is no longer the one in force."""
    with db.unit_of_work(actor):
        stored = policies.in_force(company_id=company.pk, as_of=clock.today(company))
        drawn = stored.document.get(run_flow.SECTION, {})
        kinds, found = run_flow.kinds_with_flows(company), []
        for flow in flow_queries.running(company_id=company.pk):
            text = drawn[flow.kind] if flow.kind in kinds else flow.diagram
            request = queries.by_id(flow.request_id) if flow.diagram != text else None
            if request is not None:
                found.append(_preview(request, flow, text=text, policy_id=stored.id))
        return tuple(found)


def migrate(*, company: Company, request_id: UUID, actor: Actor) -> Standing:
    """Move one running request to the flow in force; raises UnableToMigrateFlowError."""
    if not actor.has_role(company.pk, *WRITERS):
        raise _refused("您的角色不能迁移申请。", "Your role may not move requests.")
    with db.unit_of_work(actor):
        request = queries.by_id(request_id) if locks.lock_request(request_id) else None
        here = None if request is None else course.of_request(request)
        if request is None or here is None or request.company_id != company.pk:
            raise _refused("这项申请没有进行中的流程。", "The request runs by no flow.")
        stored = policies.in_force(company_id=company.pk, as_of=clock.today(company))
        text = stored.document.get(run_flow.SECTION, {}).get(request.kind)
        if text is None or text == here.text or course.drawn(text).is_shadow:
            raise _refused("这项申请已在现行流程上。", "The request runs by the flow in force already.")
        flow = flow_queries.flow_of(request_id)
        assert flow is not None  # noqa: S101 - its course was found a moment ago
        steps = _steps(request)
        done = _replayed(flow, request, text=text, policy_id=stored.id)
        standing = _moved(here, steps, done, actor=actor)
        carriers.carry_out(request, standing, terms=Terms(reason=_REASON), actor=course.FLOW, as_of=None)
        return standing


def _moved(here: course.Course, steps: Sequence[StepRecord], done: _Replay, *, actor: Actor) -> Standing:
    definition = flow_operations.define(
        company_id=here.company.pk, kind=here.request.kind, text=done.text, policy_id=done.policy_id
    )
    flow_operations.take_back_steps(one.id for one in steps if one.stands and one.id not in done.kept)
    for step_id, task_id in done.kept.items():
        flow_operations.set_task(step_id, task_id=task_id)
    flow_operations.go_on(instance_id=here.instance_id, state=done.progress.state, definition_id=definition)
    flow_operations.note(
        company_id=here.company.pk,
        request_id=here.request.id,
        notes=[NewNote(kind="migrated")],
        actor=actor,
    )
    after = replace(here, text=done.text, definition_id=definition, state=done.progress.state)
    return run_flow.settle(after, done.progress, actor=actor)


def _preview(request: RequestRecord, flow: FlowRecord, *, text: str, policy_id: UUID) -> Preview:
    steps = _steps(request)
    done = _replayed(flow, request, text=text, policy_id=policy_id)
    drawn = course.drawn(text)
    decided = [one for one in steps if one.stands and one.votes]
    return Preview(
        request=request,
        stays=tuple(one.words for one in decided if one.id in done.kept),
        falls=tuple(one.words for one in decided if one.id not in done.kept),
        waits_at=tuple(drawn.nodes[one.node_id].words for one in done.progress.waiting),
    )


def _replayed(flow: FlowRecord, request: RequestRecord, *, text: str, policy_id: UUID) -> _Replay:
    """Play the new diagram as far as the decisions of the old one reach, with what was known and what it asks anew."""
    company = Company.objects.get(pk=request.company_id)
    asked = flow_facts.gather(request, day=clock.today(company), diagram=course.drawn(text))
    facts = asked | {name: value for name, value in flow.facts.items() if value is not None}
    progress = engine.start(diagram=text, facts=facts, evaluate=vocabulary.holds)
    standing = {one.node_id: one for one in _steps(request) if one.stands and one.task_id is not None}
    kept: dict[UUID, UUID] = {}
    while True:
        found = next((one for one in progress.waiting if _is_decided(standing.get(one.node_id), kept)), None)
        if found is None:
            break
        step = standing[found.node_id]
        kept[step.id] = found.task_id
        progress = engine.complete(
            diagram=text,
            state=progress.state,
            task_id=found.task_id,
            facts={vocabulary.DECIDED: step.status},
            evaluate=vocabulary.holds,
        )
    # A box that is open in both keeps the votes that it has.
    for one in progress.waiting:
        step_now = standing.get(one.node_id)
        if step_now is not None and step_now.is_open:
            kept[step_now.id] = one.task_id
    return _Replay(progress=progress, text=text, policy_id=policy_id, kept=kept)


def _is_decided(step: StepRecord | None, kept: dict[UUID, UUID]) -> bool:
    return step is not None and step.status in {"approved", "rejected"} and step.id not in kept


def _steps(request: RequestRecord) -> tuple[StepRecord, ...]:
    return flow_queries.steps_of([request.id]).get(request.id, ())


def _refused(zh: str, en: str) -> UnableToMigrateFlowError:
    return UnableToMigrateFlowError(Words(zh=zh, en=en))
