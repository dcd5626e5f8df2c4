"""Requests of six steps for proofs: asked, voted on by the six people whom the flow names, counted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import flow_queries, locks, operations, queries
from tradecredit.apps.approvals.models import FlowStep, RequestStatus, Vote
from tradecredit.core.approvals import routing
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel.money import Money
from tradecredit.flows.processes import cast_vote, course, run_flow
from tradecredit.flows.processes.cast_vote import Answer
from tradecredit.plumbing import db, ids
from tradecredit.plumbing.access import people
from tradecredit.plumbing.access.models import Membership, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

ROLES: Final = (
    "credit_specialist",
    "sales_manager",
    "sales_director",
    "finance_manager",
    "risk_director",
    "cfo",
)
KIND: Final = "freeze_lift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the books say of the requests of a proof."""

    requests: int
    approved: int
    votes: int
    doubled: int
    open_steps: int


def diagram() -> str:
    """Return a flow of six steps, one for each role."""
    names = ["start", *ROLES, "approved"]
    boxes = "".join(f'<bpmn:userTask id="{role}" tc:who="role" tc:roles="{role}"/>' for role in ROLES)
    arrows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{names[number]}" targetRef="{names[number + 1]}"/>'
        for number in range(len(names) - 1)
    )
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:tc="urn:tradecredit:flow:1" id="d" targetNamespace="urn:tradecredit:flow:1">'
        f'<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="start"/>{boxes}'
        f'<bpmn:endEvent id="approved" tc:outcome="approved"/>{arrows}</bpmn:process></bpmn:definitions>'
    )


def engage(company: Company) -> Mapping[str, Actor]:
    """Make the six people, once."""
    found = {}
    for role in ROLES:
        user = User.objects.filter(email=f"{role}@proof.example.com").first()
        if user is None:
            user = User.objects.create_user(email=f"{role}@proof.example.com", name=role)
            Membership.objects.create(user=user, company=company, role=role)
        found[role] = people.actor_of(user)
    return found


def ask(*, company: Company, count: int, actor: Actor) -> None:
    """Ask so many questions and begin their flows, a transaction each."""
    for number in range(count):
        with db.unit_of_work(actor):
            route = routing.route(
                kind=KIND,
                grade=None,
                amount=Money.zero(company.base_currency),
                authority=course.authority_today(company),
            )
            (request_id,) = operations.ask(
                [
                    operations.NewRequest(
                        company_id=company.pk,
                        customer_id=None,
                        subject_id=ids.new_id(),
                        reference=f"PROOF-{number}",
                        route=route,
                    )
                ],
                actor=actor,
            )
            request = queries.by_id(request_id)
            assert request is not None  # noqa: S101 - it was asked a moment ago in this transaction
            run_flow.begin(request, actor=actor)


def vote_all(*, company: Company, cast: Mapping[str, Actor], actor: Actor) -> tuple[int, float]:
    """Let everybody vote until nothing waits, a transaction a vote; returns how many votes and how many seconds."""
    with db.unit_of_work(actor):
        authority = course.authority_today(company)
        waiting = list(flow_queries.running(company_id=company.pk, kind=KIND))
    done, began = 0, time.perf_counter()
    for request_id in waiting:
        while True:
            with db.unit_of_work(actor):
                locks.lock_request(request_id)
                request = queries.by_id(request_id)
                if request is None or request.status != RequestStatus.OPEN:
                    break
                standing = cast_vote.cast(
                    request,
                    authority=authority,
                    actor=cast[request.roles[0]],
                    answer=Answer(approves=True, reason="proof"),
                )
                if standing is Standing.APPROVED:
                    operations.end([request_id], status=RequestStatus.APPROVED)
            done += 1
    return done, time.perf_counter() - began


def tally(*, company: Company, actor: Actor) -> Tally:
    """Count what the proof left: every request approved by six votes, none twice, nothing open."""
    with db.unit_of_work(actor):
        asked = queries.of_company(company_id=company.pk, most=1_000_000)
        votes = list(
            Vote.objects.filter(company_id=company.pk, step__isnull=False).values_list("request_id", "role")
        )
        open_steps = FlowStep.objects.filter(company_id=company.pk, status="open").count()
    return Tally(
        requests=len(asked),
        approved=sum(one.status == RequestStatus.APPROVED for one in asked),
        votes=len(votes),
        doubled=len(votes) - len(set(votes)),
        open_steps=open_steps,
    )


def waits(*, company: Company, actor: Actor) -> int:
    """Return how many requests are not decided yet."""
    with db.unit_of_work(actor):
        return len(flow_queries.running(company_id=company.pk, kind=KIND))
