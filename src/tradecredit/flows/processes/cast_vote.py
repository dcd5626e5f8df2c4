"""Vote on a request: in the step of its flow that is the voter's, or by its row of the authority table alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import delegations, flow_records, operations
from tradecredit.apps.approvals.flow_records import Record
from tradecredit.apps.decisions import drafts
from tradecredit.core.approvals import four_eyes, seats
from tradecredit.core.approvals.diagrams import voting
from tradecredit.core.approvals.four_eyes import Standing, Vote
from tradecredit.core.approvals.seats import Bench, Person, Seat
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.policy import draft_eyes, draft_requests
from tradecredit.flows.processes import course, request_forms, run_flow
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company, Membership

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.approvals.four_eyes import UnableToApproveError
    from tradecredit.flows.processes.course import Course
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person says to a request."""

    approves: bool
    reason: str
    reason_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """Who votes, as the rules know them, and for whom they may."""

    actor: Actor
    person: Person
    delegators: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """How a request would stand after a vote that is not written yet; ``record`` is what writing it takes."""

    request: RequestRecord
    standing: Standing
    record: Record


def cast(request: RequestRecord, *, authority: Authority, actor: Actor, answer: Answer) -> Standing:
    """Record the vote of a person on a request that the caller has locked, and return how the request stands.

    Raises UnableToApproveError: own request, twice, a step that is another's, no authority.
    """
    company = Company.objects.get(pk=request.company_id)
    weighed, refused = weigh([request], company=company, authority=authority, actor=actor, answer=answer)
    for refusal in refused.values():
        raise refusal
    flow_records.write([weighed[0].record])
    return weighed[0].standing


def weigh(
    requests: Sequence[RequestRecord], *, company: Company, authority: Authority, actor: Actor, answer: Answer
) -> tuple[list[Weighed], dict[UUID, UnableToError]]:
    """Count one person's same vote on many requests of a company, locked by the caller, without writing anything.

    Returns how each would stand, and why the others are refused; ``flow_records.write`` writes those chosen. A flow
    that has not begun is begun first, which alone is written.
    """
    voter = _voter(company, actor)
    weighed: list[Weighed] = []
    refused: dict[UUID, UnableToError] = {}
    courses = course.of_requests(requests, company=company, authority=authority)
    forms = request_forms.of_requests(requests, company=company) if answer.approves else {}
    for one in requests:
        try:
            lacking = request_forms.why_not_yet(forms.get(one.id))
            if lacking is not None:
                raise lacking
            if answer.approves and one.kind == draft_requests.KIND:
                _refuse_editor(one, actor=actor)
            here = courses.get(one.id)
            if here is None and _is_rejected_at_once(one, actor=actor):
                record = Record(company_id=company.pk, request_id=one.id, known={})
                weighed.append(Weighed(request=one, standing=Standing.REJECTED, record=record))
                continue
            here = here or course.of_request(one, authority=authority)
            weighed.append(_weigh(one, here, voter=voter, authority=authority, answer=answer))
        except UnableToError as refusal:
            refused[one.id] = refusal
    return weighed, refused


def _refuse_editor(request: RequestRecord, *, actor: Actor) -> None:
    """Do nothing for who has not changed the draft that is asked about; raises UnableToApproveError otherwise."""
    if request.requested_by_id == actor.user_id:
        return  # Own requests are refused by every kind alike.
    draft = drafts.by_id(request.subject_id)
    words = None if draft is None else draft_eyes.why_not(draft, actor=actor)
    if words is not None:
        raise four_eyes.refusal("own_draft", zh=words.zh, en=words.en)


def _is_rejected_at_once(request: RequestRecord, *, actor: Actor) -> bool:
    """Begin the flow of a request that runs by none yet; tells whether the flow itself rejected it."""
    with db.savepoint():
        return run_flow.begin(request, actor=actor) is Standing.REJECTED


def _weigh(
    request: RequestRecord, here: Course | None, *, voter: Voter, authority: Authority, answer: Answer
) -> Weighed:
    if here is None:
        return _by_table(request, authority=authority, voter=voter, answer=answer)
    step, seat = _place(here, steps=here.record.steps, voter=voter)
    here.record.vote(
        operations.NewVote(
            company_id=request.company_id,
            request_id=request.id,
            requested_by_id=request.requested_by_id,
            actor=voter.actor,
            role=seat.role,
            approves=answer.approves,
            reason=answer.reason,
            reason_code=answer.reason_code,
            step_id=step.id,
            place=seat.place,
            behalf_of=delegations.named(seat.behalf_of),
        )
    )
    standing = _conclude(here, step.id, actor=voter.actor)
    return Weighed(request=request, standing=standing, record=here.record)


def place_of(here: Course, *, steps: Sequence[StepRecord], actor: Actor) -> tuple[StepRecord, Seat]:
    """Return the open step that the actor may decide now, with the seat; raises UnableToApproveError with the reason."""
    return _place(here, steps=steps, voter=_voter(here.company, actor))


def _place(here: Course, *, steps: Sequence[StepRecord], voter: Voter) -> tuple[StepRecord, Seat]:
    request = here.request
    voters = standing_voters(steps)
    refusal: UnableToApproveError | None = None
    for step in steps:
        if not step.is_open or step.service or not _is_its_turn(step, steps):
            continue
        try:
            return step, seats.seat(
                _bench(step),
                voter=voter.person,
                delegators=voter.delegators,
                requester=str(request.requested_by_id),
                voters=voters,
                stands_in=here.authority.stands_in,
            )
        except four_eyes.UnableToApproveError as error:
            refusal = refusal or error
    if refusal is not None:
        raise refusal
    four_eyes.ensure_other_eyes(person=voter.person.id, requester=str(request.requested_by_id), voters=voters)
    raise four_eyes.refusal(
        "nothing_open",
        zh="这项申请现在没有等待人工审批的步骤。请稍后刷新。",
        en="No step of the request waits for a person now. Reload in a moment.",
    )


def standing_voters(steps: Iterable[StepRecord]) -> frozenset[str]:
    """Return who has a vote that counts, and for whom it was given."""
    votes = [vote for step in steps if step.stands for vote in step.votes]
    return frozenset(
        str(one) for vote in votes for one in (vote.actor_id, vote.behalf_of_id) if one is not None
    )


def _by_table(request: RequestRecord, *, authority: Authority, voter: Voter, answer: Answer) -> Weighed:
    route = course.route_of(request)
    votes = [Vote(person=str(one.actor_id), role=one.role, agrees=one.approves) for one in request.votes]
    role = four_eyes.role_to_fill(
        route=route,
        authority=authority,
        requester=str(request.requested_by_id),
        votes=votes,
        person=voter.person.id,
        roles=voter.person.roles,
    )
    record = Record(company_id=request.company_id, request_id=request.id, known={})
    record.vote(
        operations.NewVote(
            company_id=request.company_id,
            request_id=request.id,
            requested_by_id=request.requested_by_id,
            actor=voter.actor,
            role=role,
            approves=answer.approves,
            reason=answer.reason,
            reason_code=answer.reason_code,
        )
    )
    given = Vote(person=voter.person.id, role=role, agrees=answer.approves)
    standing = four_eyes.standing(route=route, votes=(*votes, given))
    return Weighed(request=request, standing=standing, record=record)


def _voter(company: Company, actor: Actor) -> Voter:
    """Return the actor as a voter, with those for whom they may decide today."""
    own = frozenset(one.value for one in actor.roles_in(company.pk))
    ids = delegations.principals(company_id=company.pk, to_user_id=actor.user_id, day=clock.today(company))
    roles: dict[UUID, set[str]] = {one: set() for one in ids}
    if ids:
        rows = Membership.objects.filter(company_id=company.pk, user_id__in=ids, user__is_active=True)
        for user_id, role in rows.values_list("user_id", "role"):
            roles[user_id].add(role)
    return Voter(
        actor=actor,
        person=Person(id=str(actor.user_id), roles=own),
        delegators=tuple(Person(id=str(one), roles=frozenset(held)) for one, held in roles.items()),
    )


def _bench(step: StepRecord) -> Bench:
    return Bench(
        roles=step.roles,
        people=frozenset(str(one) for one in step.people),
        reserved_for=None if step.reserved_for is None else str(step.reserved_for),
        ballot=step.ballot,
        filled=frozenset(vote.place for vote in step.votes),
    )


def _is_its_turn(step: StepRecord, steps: Sequence[StepRecord]) -> bool:
    """Tell whether a step may be voted on: a signer before it comes first, one after it comes after."""
    if any(one.parent_id == step.id and one.added_as == "before" and one.is_open for one in steps):
        return False
    if step.added_as != "after":
        return True
    parent = next(one for one in steps if one.id == step.parent_id)
    return voting.standing(parent.ballot, run_flow.as_votes(parent)) is Standing.APPROVED


def _conclude(here: Course, step_id: UUID, *, actor: Actor) -> Standing:
    """End a step whose votes suffice, with those added to it, and let the flow go on."""
    steps = {one.id: one for one in here.record.steps}
    step = steps[step_id]
    found = voting.standing(step.ballot, run_flow.as_votes(step))
    if found is Standing.REJECTED:
        return _refused(here, step, actor=actor)
    if found is Standing.PENDING or any(one.parent_id == step.id and one.is_open for one in steps.values()):
        run_flow.show(here)
        return Standing.PENDING
    if step.parent_id is not None:
        here.record.end(step, status="approved")
        return _conclude(here, step.parent_id, actor=actor)
    return run_flow.advance(here, step, decision="approved", facts={}, actor=actor)


def _refused(here: Course, step: StepRecord, *, actor: Actor) -> Standing:
    if step.goes_on and step.parent_id is None:
        return run_flow.advance(here, step, decision="rejected", facts={}, actor=actor)
    return Standing.REJECTED
