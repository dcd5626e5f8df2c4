"""Requests of six steps for proofs: asked, voted on by the six people whom the flow names, watched, counted."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import flow_records, locks, operations, queries
from tradecredit.apps.approvals.models import (
    ApprovalRequest,
    FlowStep,
    RequestNote,
    RequestStatus,
    Vote,
)
from tradecredit.apps.dossier.models import Customer
from tradecredit.core.approvals import routing
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel.money import Money
from tradecredit.flows.processes import cast_vote, course, run_flow
from tradecredit.flows.processes.cast_vote import Answer
from tradecredit.plumbing import db, ids
from tradecredit.plumbing.access import people
from tradecredit.plumbing.access.models import Membership, User
from tradecredit.plumbing.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

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
# What is approved then is only told: nothing that another kind would carry out stands in the way.
KIND: Final = "exception"
_TIMERS: Final = ("reminded", "breached", "escalated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the books say of the requests of a proof: ``timers`` are reminders and the like, ``fired_again`` too many.

    ``untold`` are those that somebody should have been written to about, and nobody was.
    """

    requests: int
    approved: int
    votes: int
    doubled: int
    open_steps: int
    timers: int
    fired_again: int
    untold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Which of the requests one of several processes decides, and how many in a transaction."""

    number: int = 0
    of: int = 1
    together: int = 1


def diagram() -> str:
    """Return a flow of six steps, one for each role."""
    names = ["start", *ROLES, "approved"]
    # Due at the end of the day that runs, so that clocks have something to do.
    said = 'tc:slaDays="0" tc:escalateTo="management"'
    boxes = "".join(f'<bpmn:userTask id="{role}" tc:who="role" tc:roles="{role}" {said}/>' for role in ROLES)
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
        user = User.objects.filter(email=address(role)).first()
        if user is None:
            user = User.objects.create_user(email=address(role), name=role)
            Membership.objects.create(user=user, company=company, role=role)
        found[role] = people.actor_of(user)
    return found


def address(role: str) -> str:
    """Return the mail address of a role's person."""
    return f"{role}@proof.example.com"


def ask(*, company: Company, count: int, actor: Actor, begins: bool = True) -> None:
    """Ask so many questions and begin their flows, a transaction each; or leave that to whoever comes first."""
    with db.unit_of_work(actor):
        customer = Customer.objects.order_by("pk").values_list("pk", flat=True).first()
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
                        customer_id=customer,
                        subject_id=ids.new_id(),
                        reference=f"PROOF-{number}",
                        route=route,
                    )
                ],
                actor=actor,
            )
            request = queries.by_id(request_id)
            assert request is not None  # noqa: S101 - it was asked a moment ago in this transaction
            if begins:
                run_flow.begin(request, actor=actor)


def vote_all(*, company: Company, cast: Mapping[str, Actor], actor: Actor, share: Share) -> tuple[int, float]:
    """Let everybody vote until nothing of the share waits; returns how many votes and how many seconds."""
    done, began = 0, time.perf_counter()
    while True:
        before = done
        for role, waiting in _waiting(company, actor, share).items():
            for start in range(0, len(waiting), share.together):
                chunk = waiting[start : start + share.together]
                done += _vote(chunk, company=company, role=role, voter=cast[role], actor=actor)
        if done == before:
            return done, time.perf_counter() - began


def _waiting(company: Company, actor: Actor, share: Share) -> dict[str, list[UUID]]:
    """Return the open requests of the share by the role that they ask now."""
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    with db.unit_of_work(actor):
        rows = ApprovalRequest.objects.filter(company_id=company.pk, kind=KIND, status=RequestStatus.OPEN)
        for request_id, roles in rows.order_by("pk").values_list("pk", "roles"):
            if request_id.int % share.of == share.number:
                found[next(one for one in roles if one in ROLES)].append(request_id)
    return found


def _vote(chunk: Sequence[UUID], *, company: Company, role: str, voter: Actor, actor: Actor) -> int:
    """Let one person agree to some requests in a transaction; returns how many of the votes count."""
    with db.unit_of_work(actor):
        locks.lock_requests(chunk)
        requests = [
            one
            for one in queries.by_ids(chunk).values()
            if one.status == RequestStatus.OPEN and role in one.roles
        ]
        weighed, _ = cast_vote.weigh(
            requests,
            company=company,
            authority=course.authority_today(company),
            actor=voter,
            answer=Answer(approves=True, reason="proof"),
        )
        flow_records.write(one.record for one in weighed)
        operations.end(
            (one.request.id for one in weighed if one.standing is Standing.APPROVED),
            status=RequestStatus.APPROVED,
        )
    return len(weighed)


def tally(*, company: Company, actor: Actor) -> Tally:
    """Count what the proof left: every request approved by six votes, none twice, nothing open, no timer twice."""
    with db.unit_of_work(actor):
        rows = ApprovalRequest.objects.filter(company_id=company.pk, kind=KIND)
        status = Counter(rows.values_list("status", flat=True))
        votes = list(
            Vote.objects.filter(company_id=company.pk, step__isnull=False).values_list("request_id", "role")
        )
        open_steps = FlowStep.objects.filter(company_id=company.pk, status="open").count()
        notes = RequestNote.objects.filter(company_id=company.pk, kind__in=_TIMERS)
        fired = Counter(notes.values_list("kind", "step_id"))
        mails = Counter(
            Message.objects.filter(company_id=company.pk, cause_kind="approval").values_list(
                "recipient", "subject", "dedupe_key"
            )
        )
    told = {":".join(key.split(":")[:2]) for _, _, key in mails}
    reminded = [(kind, step) for kind, step in fired if kind == _TIMERS[0]]
    return Tally(
        untold=sum(f"{kind}:{step}" not in told for kind, step in reminded),
        requests=sum(status.values()),
        approved=status[RequestStatus.APPROVED],
        votes=len(votes),
        doubled=len(votes) - len(set(votes)),
        open_steps=open_steps,
        timers=len(fired),
        fired_again=sum(fired.values()) - len(fired) + sum(mails.values()) - len(mails),
    )
