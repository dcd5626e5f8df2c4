"""Let flows go on by themselves: begin those that wait, run their services, remind, escalate, note what came too late.

What a clock does is written down under a key of its own, so that it happens once, however often one looks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.approvals import flow_operations, flow_queries, flow_records, locks, queries
from tradecredit.apps.approvals.flow_operations import NewNote
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import carriers, flow_services
from tradecredit.flows.orders.record_release import Terms
from tradecredit.flows.processes import course, run_flow
from tradecredit.plumbing import clock, db, failpoints
from tradecredit.plumbing.access import people
from tradecredit.plumbing.outbox import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.four_eyes import Standing
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MOST: Final = 200
_BY_FLOW: Final = "按审批流程 / by the approval flow"
# A reminder goes out when less than this is left: technical, the days themselves stand in the diagram.
_REMIND_BEFORE: Final = timedelta(hours=24)


def watch_flows(*, company: Company, actor: Actor) -> int:
    """Begin, run, remind and escalate what waits in a company; returns how many things were done."""
    with db.unit_of_work(actor):
        kinds = run_flow.kinds_with_flows(company)
        waiting = flow_queries.without_flow(company_id=company.pk, kinds=kinds, most=_MOST) if kinds else ()
        services = flow_queries.open_steps(company_id=company.pk, is_service=True)
        late = _untold(
            flow_queries.open_steps(company_id=company.pk, due_before=clock.now() + _REMIND_BEFORE)
        )
    done = sum(_each(one, _begin, actor=actor) for one in waiting)
    done += sum(_served(one, actor=actor) for one in services)
    return done + sum(_watch(one, company=company, actor=actor) for one in late)


def _each(request_id: UUID, work: Callable[[RequestRecord, Actor], bool], *, actor: Actor) -> int:
    """Do one request's work in a transaction of its own; what refuses it is noted on the request, once a day."""
    try:
        with db.unit_of_work(actor):
            return int(locks.lock_request(request_id) and work(_now(request_id), actor))
    except UnableToError as refusal:
        with db.unit_of_work(actor):
            request = _now(request_id)
            note = NewNote(
                kind="stuck",
                text=f"{refusal.words.zh} / {refusal.words.en}",
                once_key=f"stuck:{request_id}:{clock.now().date()}",
            )
            flow_operations.note(
                company_id=request.company_id, request_id=request_id, notes=[note], actor=actor
            )
        return 0


def _begin(request: RequestRecord, actor: Actor) -> bool:
    standing = run_flow.begin(request, actor=actor)
    if standing is None:
        return False
    _carry_out(request, standing)
    return True


def _served(step: StepRecord, *, actor: Actor) -> int:
    """Run a service; what asks somebody outside does so before the transaction, which then looks again."""
    brought: dict[str, Any] = {}
    if flow_services.is_outside(step):
        with db.unit_of_work(actor):
            here = course.of_request(_now(step.request_id))
        if here is None:
            return 0
        brought = flow_services.ask_outside(here, step, actor=actor)

    def serve(request: RequestRecord, actor: Actor) -> bool:
        return _serve(request, step, brought, actor=actor)

    return _each(step.request_id, serve, actor=actor)


def _serve(request: RequestRecord, found: StepRecord, brought: dict[str, Any], *, actor: Actor) -> bool:
    """Let the flow go on from a service; a step that another worker has taken meanwhile is left alone."""
    here = course.of_request(request)
    step = None
    if here is not None:
        step = next((one for one in here.record.steps if one.id == found.id and one.is_open), None)
    if here is None or step is None:
        return False
    is_outside = flow_services.is_outside(step)
    facts = brought if is_outside else flow_services.run(here, step, actor=actor)
    _carry_out(request, run_flow.complete(here, step, decision="approved", facts=facts, actor=actor))
    return True


def _carry_out(request: RequestRecord, standing: Standing) -> None:
    terms = Terms(reason=_BY_FLOW)
    carriers.carry_out(request, standing, terms=terms, actor=course.FLOW, as_of=None)


def _untold(steps: Sequence[StepRecord]) -> list[StepRecord]:
    """Return the steps of which a clock has something new to say."""
    known = flow_queries.known_keys(_key(one) for one in steps if _is_watched(one))
    return [one for one in steps if _is_watched(one) and _key(one) not in known]


def _is_watched(step: StepRecord) -> bool:
    return not step.service and step.material_since is None and step.due_at is not None


def _key(step: StepRecord) -> str:
    is_late = step.due_at is not None and step.due_at < clock.now()
    return f"{'breached' if is_late else 'reminded'}:{step.id}"


def _watch(step: StepRecord, *, company: Company, actor: Actor) -> int:
    """Remind of a step that is nearly due; note, and hand up, one that is late: all of it, or nothing."""
    with db.unit_of_work(actor):
        if not locks.lock_request(step.request_id):
            return 0
        here = course.of_request(_now(step.request_id))
        now = None if here is None else next((one for one in here.record.steps if one.id == step.id), None)
        if here is None or now is None or not now.is_open or not _is_watched(now):
            return 0
        if _key(now).startswith("reminded"):
            return _told(now, "reminded", roles=now.roles, words=_REMIND, company=company, actor=actor)
        done = _told(now, "breached", roles=now.roles, words=_LATE, company=company, actor=actor)
        if done and now.escalate_to:
            _escalate(here, now)
            _told(now, "escalated", roles=(now.escalate_to,), words=_UP, company=company, actor=actor)
        return done


def _escalate(here: course.Course, step: StepRecord) -> None:
    """Let the higher desk decide the step as well, and whoever it was handed to no longer alone."""
    flow_operations.change_step(
        step.id,
        roles=[*step.roles, step.escalate_to],
        able_roles=[*step.able_roles, step.escalate_to],
        reserved_for=None,
    )
    here.record.forget()
    run_flow.show(here)
    flow_records.write([here.record])


def _told(
    step: StepRecord, kind: str, *, roles: tuple[str, ...], words: Words, company: Company, actor: Actor
) -> int:
    note = NewNote(kind=kind, step_id=step.id, once_key=f"{kind}:{step.id}")
    done = flow_operations.note(company_id=company.pk, request_id=step.request_id, notes=[note], actor=actor)
    if done:
        failpoints.reach("timer.noted")
        _write(step, kind, roles=roles, words=words, company=company)
    return done


def _write(step: StepRecord, kind: str, *, roles: tuple[str, ...], words: Words, company: Company) -> None:
    request = _now(step.request_id)
    subject = " ".join(part for part in (request.customer_name, request.reference) if part)
    messages.put(
        company_id=company.pk,
        messages=[
            messages.NewMessage(
                channel="mail",
                recipient=person.email,
                language=person.language,
                subject=words.filled(zh=step.words.zh, en=step.words.en, subject=subject).in_language(
                    person.language
                ),
                body=f"{request.why.in_language(person.language)}\n\n/tasks#request-{request.id}\n",
                dedupe_key=f"{kind}:{step.id}:{person.pk}",
                cause_kind="approval",
                cause_id=request.id,
            )
            for person in people.people_with_role(company_id=company.pk, roles=list(roles))
        ],
    )


def _now(request_id: UUID) -> RequestRecord:
    found = queries.by_id(request_id)
    assert found is not None  # noqa: S101 - it was found a moment ago, and requests are never deleted
    return found


_REMIND: Final = Words(zh="即将到期：{zh} {subject}", en="Nearly due: {en} {subject}")
_LATE: Final = Words(zh="已超时：{zh} {subject}", en="Late: {en} {subject}")
_UP: Final = Words(zh="超时上报，请处理：{zh} {subject}", en="Late and handed up to you: {en} {subject}")
