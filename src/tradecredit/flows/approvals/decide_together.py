"""Decide many requests with one word: what settles none of them is written together, each of the others by itself.

A vote after which a request still waits for others touches nothing but the request, so a hundred of them are one
transaction. The vote that settles a request moves lines, orders or policies: it takes the locks that its kind needs in
their order, and a refusal there undoes that request alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import flow_records, locks, queries
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.limits import set_limit
from tradecredit.flows.processes import cast_vote, course
from tradecredit.flows.processes.cast_vote import Answer
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the requests: how those stand on which the vote counts, and why it does not on the others."""

    standings: Mapping[UUID, Standing]
    refusals: Mapping[UUID, UnableToError]


def decide_together(
    *, company: Company, request_ids: Iterable[UUID], approves: bool, reason: str, actor: Actor
) -> Outcome:
    """Vote the same on many requests of a company; one that is refused stays as it was and stops none of the others."""
    wanted = list(dict.fromkeys(request_ids))
    answer = Answer(approves=approves, reason=reason)
    with db.unit_of_work(actor):
        locks.lock_requests(wanted)
        found = queries.by_ids(wanted)
        fit, refusals = _fit(wanted, found, company=company, reason=reason)
        weighed, refused = cast_vote.weigh(
            fit, company=company, authority=course.authority_today(company), actor=actor, answer=answer
        )
        waiting = [one for one in weighed if one.standing is Standing.PENDING]
        flow_records.write(one.record for one in waiting)
    standings = {one.request.id: one.standing for one in waiting}
    refusals |= refused
    for one in weighed:
        if one.standing is not Standing.PENDING:
            try:
                standings[one.request.id] = decide_one(
                    one.request, company=company, approves=approves, reason=reason, actor=actor
                )
            except UnableToError as refusal:
                refusals[one.request.id] = refusal
    return Outcome(standings=standings, refusals=refusals)


def decide_one(
    request: RequestRecord, *, company: Company, approves: bool, reason: str, actor: Actor
) -> Standing:
    """Vote on a request of any kind and carry it out when that settles it; raises what its kind raises."""
    if decide_approval.carries_out(request.kind):
        done = decide_approval.decide_approval(
            request_id=request.id, approves=approves, reason=reason, actor=actor
        )
        return done.standing
    vote = set_limit.approve_limit if approves else set_limit.reject_limit
    return vote(company=company, proposal_id=request.subject_id, actor=actor, reason=reason).standing


def _fit(
    wanted: Iterable[UUID], found: Mapping[UUID, RequestRecord], *, company: Company, reason: str
) -> tuple[list[RequestRecord], dict[UUID, UnableToError]]:
    fit: list[RequestRecord] = []
    refusals: dict[UUID, UnableToError] = {}
    for one in wanted:
        request = found.get(one)
        try:
            if request is None or request.company_id != company.pk:
                raise decide_approval.unknown_request()
            decide_approval.refuse_unfit(request, reason=reason)
            fit.append(request)
        except UnableToError as refusal:
            refusals[one] = refusal
    return fit, refusals
