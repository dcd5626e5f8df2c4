"""Decide a request: one person's vote, within authority and four eyes; the last one needed carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import locks, queries
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.core.approvals import routing
from tradecredit.core.decisions import releases
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import carriers
from tradecredit.flows.orders import order_policy
from tradecredit.flows.orders.record_release import Terms
from tradecredit.flows.policy import draft_requests
from tradecredit.flows.processes import cast_vote
from tradecredit.flows.processes.cast_vote import Answer
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.four_eyes import Standing
    from tradecredit.core.decisions.releases import ReleasePolicy
    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.plumbing.access import Actor


class UnableToFindRequestError(UnableToError):
    """No such request, or the actor may not see it."""

    code = "approval_unknown"
    status = 404


class UnableToDecideRequestError(UnableToError):
    """The request is closed, is of a kind decided elsewhere, or lacks a reason."""

    code = "approval_closed"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteResult:
    """How a request stands after a vote; ``decision_id`` is the release, if the vote released something."""

    request: RequestRecord
    standing: Standing
    decision_id: UUID | None = None


def decide_approval(
    *,
    request_id: UUID,
    approves: bool,
    reason: str,
    actor: Actor,
    reason_code: str = "",
    days: int | None = None,
    as_of: date | None = None,
) -> VoteResult:
    """Vote on a request; when that settles it, it is carried out (or rejected) in the same transaction.

    ``days`` is for how long a release holds, where the person says less than policy does. Raises UnableToFindRequestError, UnableToDecideRequestError, UnableToApproveError (own request, twice, no
    authority) and what releasing raises.
    """
    with db.unit_of_work(actor):
        request = _locked(request_id)
        _refuse_elsewhere(request)
        refuse_unfit(request, reason=reason)
        policy = _policy_of(request, as_of=as_of)
        terms = Terms(reason=reason, reason_code=reason_code, days=days)
        if request.kind in _WITH_CODES:
            _refuse_code(policy.control.releases, code=reason_code, approves=approves)
        answer = Answer(approves=approves, reason=reason, reason_code=reason_code)
        standing = cast_vote.cast(request, authority=policy.authority, actor=actor, answer=answer)
        decision_id = carriers.carry_out(request, standing, terms=terms, actor=actor, as_of=as_of)
        return VoteResult(request=_locked(request_id), standing=standing, decision_id=decision_id)


def carries_out(kind: str) -> bool:
    """Tell whether requests of a kind are decided by a vote here; lines are decided with their proposals."""
    return kind in carriers.DECIDED_HERE


# What is released or rejected with one of the reasons that policy lists.
_WITH_CODES: Final = carriers.DECIDED_HERE - {
    draft_requests.KIND,
    routing.LEVEL_LIMIT,
    routing.GRADE_OVERRIDE,
    *routing.APPLICATIONS,
    *routing.ADJUSTMENTS,
}


def _locked(request_id: UUID) -> RequestRecord:
    found = queries.by_id(request_id) if locks.lock_request(request_id) else None
    if found is None:
        raise unknown_request()
    return found


def unknown_request() -> UnableToFindRequestError:
    """Return the refusal of a request that is not there, or not in sight."""
    return UnableToFindRequestError(
        Words(zh="没有这项申请，或您无权查看。", en="There is no such request, or you may not see it.")
    )


def _refuse_elsewhere(request: RequestRecord) -> None:
    if request.kind not in carriers.DECIDED_HERE:
        raise UnableToDecideRequestError(
            Words(
                zh="这类申请（{kind}）不在此处审批。", en="Requests of the kind {kind} are not decided here."
            ).filled(kind=request.kind)
        )


def refuse_unfit(request: RequestRecord, *, reason: str) -> None:
    """Do nothing for an open request and a reason; raises UnableToDecideRequestError otherwise."""
    if request.status != RequestStatus.OPEN:
        raise UnableToDecideRequestError(
            Words(
                zh="这项申请已结束（{status}）。请刷新后查看。",
                en="The request has ended ({status}). Reload to see how.",
            ).filled(status=request.status)
        )
    if not reason.strip():
        raise UnableToDecideRequestError(
            Words(
                zh="请写明理由：放行或驳回都会留痕。",
                en="Give a reason: a release or rejection is on record.",
            )
        )


def _refuse_code(policy: ReleasePolicy, *, code: str, approves: bool) -> None:
    codes = policy.release_reasons if approves else policy.reject_reasons
    releases.ensure_code(codes, code=code, is_required=policy.is_code_required)


def _policy_of(request: RequestRecord, *, as_of: date | None) -> PolicyInForce:
    company = Company.objects.get(pk=request.company_id)
    day = as_of or clock.today(company)
    return order_policy.in_force({(company.pk, day)})[company.pk, day]
