"""The services that a flow may run: a fixed list, none of which a diagram can add to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.scoring import queries as scoring
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.approvals.authority_table import UNRATED
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.flows.processes.course import Course
    from tradecredit.plumbing.access import Actor

    Service = Callable[[Course, StepRecord, Actor], dict[str, Any]]


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


SERVICES: Final[Mapping[str, Service]] = {"notify": _notify, "rerate": _rerate}
