"""The services that a flow may run: a fixed list, none of which a diagram can add to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.approvals import flow_queries
from tradecredit.apps.scoring import queries as scoring
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.approvals.authority_table import UNRATED
from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.core.dossier.bureau import answers
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import ports
from tradecredit.flows.bureaus import fetch_reports
from tradecredit.flows.processes import flow_facts
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.flows.processes.course import Course
    from tradecredit.plumbing.access import Actor

    Service = Callable[[Course, StepRecord, Actor], dict[str, Any]]

_OK: Final = "ok"
_FAILED: Final = "failed"
_LONGEST: Final = 200


def is_outside(step: StepRecord) -> bool:
    """Tell whether a step's service asks somebody outside: that is done before its transaction."""
    return step.service in _OUTSIDE


def ask_outside(here: Course, step: StepRecord, *, actor: Actor) -> dict[str, Any]:
    """Ask outside what a step's service asks, within its time; a silent other side is an answer: the fallback."""
    return _OUTSIDE[step.service](here, step, actor)


def run(here: Course, step: StepRecord, *, actor: Actor) -> dict[str, Any]:
    """Run the service of a step; returns the facts that it brings. Raises what the service raises."""
    return SERVICES[step.service](here, step, actor)


def _notify(here: Course, step: StepRecord, actor: Actor) -> dict[str, Any]:
    """Tell a role, by a task that its people find among theirs."""
    del actor
    said = here.diagram.nodes[step.node_id].properties
    zh, _, en = said.get("text", step.words.zh).partition(" / ")
    subject = " ".join(part for part in (here.request.customer_name, here.request.reference) if part)
    worklist.make(
        company_id=here.company.pk,
        tasks=[
            worklist.NewTask(
                kind="flow_notice",
                words=Words(zh=f"{zh}：{subject}", en=f"{en or zh}: {subject}"),
                dedupe_key=f"flow:{step.id}",
                customer_id=here.request.customer_id,
                role=said.get("to", "sales"),
            )
        ],
    )
    return {}


def _rerate(here: Course, step: StepRecord, actor: Actor) -> dict[str, Any]:
    """Rate the customer on today's facts; the grade that follows is what later conditions see."""
    del step
    customer_id = here.request.customer_id
    if customer_id is None:
        return {}
    day = clock.today(here.company)
    rerate_customer.rerate_customers(
        company=here.company, customer_ids=[customer_id], cause="approval_flow", actor=actor, as_of=day
    )
    rating = scoring.latest(company_id=here.company.pk, customer_ids=[customer_id], as_of=day).get(
        customer_id
    )
    return {"grade": UNRATED if rating is None else rating.grade or UNRATED}


def _check(here: Course, step: StepRecord, actor: Actor) -> dict[str, Any]:
    """Look at the customer's line, receivables and record again: later conditions see what is so today."""
    del step, actor
    return flow_facts.of_customer(here.request, day=clock.today(here.company))


def _bureau(here: Course, step: StepRecord, actor: Actor) -> dict[str, Any]:
    """Ask a bureau for the customer's reports, with the policy's budget and consents; then rate on what came."""
    provider = here.diagram.nodes[step.node_id].properties.get("provider", "")
    try:
        fetched = fetch_reports.fetch_reports(
            customer_code=here.request.customer_code,
            provider=provider,
            company=here.company,
            actor=actor,
            bureaus=ports.find(ports.Bureaus),
        )
    except UnableToError:
        return {vocabulary.ANSWERED: _FAILED}
    if any(one.act in answers.FAILURES for one in fetched.answers):
        return {vocabulary.ANSWERED: _FAILED}
    return {vocabulary.ANSWERED: _OK}


def _http(here: Course, step: StepRecord, actor: Actor) -> dict[str, Any]:
    """Ask a registered interface with the facts of the flow; its answer stands under the name that the task gives it."""
    said = here.diagram.nodes[step.node_id].properties
    with db.unit_of_work(actor):
        known = flow_queries.facts_of(here.request.id)
    answer = ports.find(ports.FlowCalls).ask(said.get("call", ""), known)
    name, field = said["result"], said.get("field", "")
    value = None if answer is None else answer.get(field or name)
    if value is None:
        return {vocabulary.ANSWERED: _FAILED, name: said.get("fallback") or None}
    return {vocabulary.ANSWERED: _OK, name: _plain(value)}


def _plain(value: Any) -> Any:
    """Return a value as facts are kept: numbers as texts, nothing nested."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return str(value)[:_LONGEST]


SERVICES: Final[Mapping[str, Service]] = {"notify": _notify, "rerate": _rerate, "check": _check}
_OUTSIDE: Final[Mapping[str, Service]] = {"bureau": _bureau, "http": _http}
