"""Begin the flow of a request and let it go on: tables are asked, steps opened, its end found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from tradecredit.apps.approvals import flow_operations, flow_queries, flow_records
from tradecredit.apps.approvals.flow_operations import NewNote
from tradecredit.apps.approvals.flow_records import Record
from tradecredit.apps.approvals.models import StepStatus
from tradecredit.apps.decisions import policies
from tradecredit.core.approvals import cover
from tradecredit.core.approvals.diagrams import reading, vocabulary
from tradecredit.core.approvals.diagrams.assignment import Together
from tradecredit.core.approvals.four_eyes import Standing, Vote
from tradecredit.flows.processes import ask_table, course, flow_facts, flow_steps, shadow_flow
from tradecredit.flows.processes.course import Course
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.processes import engine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.processes.engine import Progress, Waiting

SECTION: Final = "flows"
_APPROVED: Final = "approved"
_REJECTED: Final = "rejected"


def begin(request: RequestRecord, *, actor: Actor) -> Standing | None:
    """Begin the flow that policy draws for the kind of request; None where there is none, or it runs already.

    A flow in shadow is walked through and put down on the request, and None is returned.

    The flow in force on the day of the request is taken, and the request stays with it. Rejected means that the flow
    itself rejected it: the caller carries that out. Raises UnableToAssignError where nobody could decide a step.
    """
    db.transaction_required()
    if request.votes or flow_queries.flow_of(request.id) is not None:
        return None
    company = Company.objects.get(pk=request.company_id)
    stored = _policy_of(request, company)
    text = stored.document.get(SECTION, {}).get(request.kind)
    if text is None:
        return None
    if course.drawn(text).is_shadow:
        day, tables = _day_of(request, company), stored.document.get("tables", {})
        shadow_flow.note(request, text=text, tables=tables, day=day, actor=actor)
        return None
    here, progress = _begun(request, company, stored, text)
    return _written(here, _settled(here, progress, actor=actor))


def _begun(
    request: RequestRecord, company: Company, stored: StoredPolicy, text: str
) -> tuple[Course, Progress]:
    facts = flow_facts.gather(request, day=_day_of(request, company), diagram=course.drawn(text))
    progress = engine.start(diagram=text, facts=facts, evaluate=vocabulary.holds)
    definition = flow_operations.define(
        company_id=company.pk, kind=request.kind, text=text, policy_id=stored.id
    )
    instance = flow_operations.begin(
        company_id=company.pk,
        request_id=request.id,
        definition_id=definition,
        state=progress.state,
        facts=facts,
    )
    here = Course(
        request=request,
        company=company,
        instance_id=instance,
        definition_id=definition,
        text=text,
        state=progress.state,
        tables=stored.document.get("tables", {}),
        authority=course.authority_today(company),
        route=course.route_of(request),
        record=Record(company_id=company.pk, request_id=request.id, instance_id=instance, known={}),
    )
    return here, progress


def kinds_with_flows(company: Company) -> frozenset[str]:
    """Return the kinds of requests for which the policy in force draws a flow that runs; none without a policy."""
    try:
        stored = policies.in_force(company_id=company.pk, as_of=clock.today(company))
    except policies.UnableToFindPolicyError:
        return frozenset()
    drawn = stored.document.get(SECTION, {})
    return frozenset(kind for kind, text in drawn.items() if not course.drawn(text).is_shadow)


def complete(
    here: Course, step: StepRecord, *, decision: str, facts: Mapping[str, Any], actor: Actor
) -> Standing:
    """Let the flow go on from a step that is decided (or a service that has answered), and write it down."""
    return _written(here, advance(here, step, decision=decision, facts=facts, actor=actor))


def advance(
    here: Course, step: StepRecord, *, decision: str, facts: Mapping[str, Any], actor: Actor
) -> Standing:
    """Let the flow go on from a step that is decided; the caller writes the course's record."""
    here.record.end(step, status=StepStatus.APPROVED if decision == _APPROVED else StepStatus.REJECTED)
    if step.task_id is None:
        return _covered(here, actor=actor)
    progress = engine.complete(
        diagram=here.text,
        state=here.state,
        task_id=step.task_id,
        facts={**facts, vocabulary.DECIDED: decision},
        evaluate=vocabulary.holds,
    )
    return _settled(here, progress, actor=actor)


def settle(here: Course, progress: Progress, *, actor: Actor) -> Standing:
    """Go on from where the caller has brought a flow, having written steps itself; return how the request stands."""
    here.record.forget()
    return _written(here, _settled(here, progress, actor=actor))


def _written(here: Course, standing: Standing) -> Standing:
    flow_records.write([here.record])
    return standing


def _settled(here: Course, progress: Progress, *, actor: Actor) -> Standing:
    """Ask tables, open the steps that wait, keep the state; return how the request stands."""
    progress = _through_tables(here, progress)
    here.record.state = progress.state
    ends = [here.diagram.nodes[one].properties.get("outcome") for one in progress.ends]
    if _REJECTED in ends:
        return Standing.REJECTED
    known = {one.task_id for one in here.record.steps if one.is_open}
    fresh = [one for one in progress.waiting if one.task_id not in known]
    here.record.open([_new_step(here, one) for one in fresh])
    if not progress.is_done:
        show(here)
        return Standing.PENDING
    return _covered(here, actor=actor)


def _through_tables(here: Course, progress: Progress) -> Progress:
    """Ask every table that waits, until only people and services do."""
    while True:
        waiting = _first_table(here, progress)
        if waiting is None:
            return progress
        node = here.diagram.nodes[waiting.node_id]
        progress = engine.complete(
            diagram=here.text,
            state=progress.state,
            task_id=waiting.task_id,
            facts=ask_table.answer(node, tables=here.tables, facts=waiting.facts),
            evaluate=vocabulary.holds,
        )


def _first_table(here: Course, progress: Progress) -> Waiting | None:
    nodes = here.diagram.nodes
    return next((one for one in progress.waiting if nodes[one.node_id].type == reading.TABLE), None)


def _new_step(here: Course, waiting: Waiting) -> flow_operations.NewStep:
    node = here.diagram.nodes[waiting.node_id]
    if node.type == reading.SERVICE:
        return flow_operations.NewStep(
            task_id=waiting.task_id,
            node_id=node.id,
            words=node.words,
            service=node.properties["service"],
        )
    return flow_steps.of_node(node, task_id=waiting.task_id, facts=waiting.facts, course=here)


def _covered(here: Course, *, actor: Actor) -> Standing:
    """Return approved when the yes votes satisfy the authority table; else open the step that it still wants."""
    steps = here.record.steps
    if any(one.is_open for one in steps):
        show(here)
        return Standing.PENDING
    votes = [vote for one in steps if one.stands for vote in as_votes(one)]
    missing = cover.missing(route=here.route, authority=here.authority, votes=votes)
    if not missing:
        return Standing.APPROVED
    here.record.open([flow_steps.closing(missing=missing, course=here)])
    text = ", ".join(missing)
    flow_operations.note(
        company_id=here.company.pk,
        request_id=here.request.id,
        notes=[NewNote(kind="authority_asked", text=text)],
        actor=actor,
    )
    show(here)
    return Standing.PENDING


def show(here: Course) -> None:
    """Say whom the request waits for now, so that lists need not look into its steps; the caller writes it."""
    roles: list[str] = []
    for one in here.record.steps:
        if one.is_open and not one.service:
            roles += [role for role in one.roles if role not in _filled(one)]
    here.record.waits_for = tuple(dict.fromkeys(roles))


def _filled(step: StepRecord) -> set[str]:
    if step.ballot.together is Together.ALL and len(step.roles) > 1:
        return {vote.role for vote in step.votes}
    return set()


def as_votes(step: StepRecord) -> list[Vote]:
    """Return a step's votes as the rules know them."""
    return [Vote(person=str(one.actor_id), role=one.role, agrees=one.approves) for one in step.votes]


def _policy_of(request: RequestRecord, company: Company) -> StoredPolicy:
    return policies.in_force(company_id=company.pk, as_of=_day_of(request, company))


def _day_of(request: RequestRecord, company: Company) -> date:
    return request.created_at.astimezone(ZoneInfo(company.time_zone)).date()
