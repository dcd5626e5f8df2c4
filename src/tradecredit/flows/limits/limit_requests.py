"""Put a proposed line to those who decide, and count their votes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.apps.approvals import locks, operations, queries
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.core.approvals import routing
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.processes import cast_vote, run_flow
from tradecredit.flows.processes.cast_vote import Answer

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.limits.queries import ProposalRecord
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.approvals.routing import Route
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.plumbing.access import Actor

# "Unlimited" is decided by whoever decides the largest amount that can be stored.
_LARGEST: Final = Decimal(10) ** 16 - 1
_KINDS: Final = {"base": "credit_limit", "temporary": "temporary_line"}


class UnableToDecideLimitError(UnableToError):
    """The proposal is not there, or it has been decided."""

    code = "unable_to_decide_limit"
    status = 409


def route(*, line_kind: str, limit: Limit, currency: str, grade: str | None, authority: Authority) -> Route:
    """Return who decides a line of this kind and amount."""
    match limit:
        case tagged.Amount(money):
            amount = money
        case tagged.Unlimited():
            amount = Money(_LARGEST, currency)
        case tagged.NotSet():
            amount = Money.zero(currency)
    return routing.route(kind=_KINDS[line_kind], grade=grade, amount=amount, authority=authority)


def ask(*, company_id: UUID, proposal: ProposalRecord, asked: Route, actor: Actor) -> bool:
    """Ask the roles of the route, or those of the flow that policy draws; false when that flow rejects at once."""
    (request_id,) = operations.ask(
        [
            operations.NewRequest(
                company_id=company_id,
                customer_id=proposal.customer_id,
                subject_id=proposal.id,
                reference=str(proposal.conditions.get("reference", "")),
                route=asked,
                reason=proposal.reason,
            )
        ],
        actor=actor,
    )
    request = queries.by_id(request_id)
    assert request is not None  # noqa: S101 - it was asked a moment ago in this transaction
    if run_flow.begin(request, actor=actor) is not Standing.REJECTED:
        return True
    operations.end([request_id], status=RequestStatus.REJECTED)
    return False


def vote(
    *,
    proposal: ProposalRecord,
    authority: Authority,
    actor: Actor,
    approves: bool,
    reason: str,
) -> Standing:
    """Record the actor's vote and return how the proposal stands then.

    Raises UnableToApproveError where the actor may not decide it, UnableToDecideLimitError where it is not open.
    """
    request = _locked(proposal)
    answer = Answer(approves=approves, reason=reason)
    standing = cast_vote.cast(request, authority=authority, actor=actor, answer=answer)
    if standing is not Standing.PENDING:
        operations.end([request.id], status=standing.value)
    return standing


def withdraw(*, proposal: ProposalRecord) -> None:
    """End the question without an answer."""
    operations.end([_locked(proposal).id], status="withdrawn")


def _locked(proposal: ProposalRecord) -> RequestRecord:
    kind = _KINDS[proposal.line_kind]
    found = queries.open_of_subjects(kind=kind, subject_ids=[proposal.id]).get(proposal.id)
    if found is None or not locks.lock_request(found.id):
        raise already_decided()
    request = queries.open_of_subjects(kind=kind, subject_ids=[proposal.id]).get(proposal.id)
    if request is None:
        raise already_decided()
    return request


def already_decided() -> UnableToDecideLimitError:
    """Return the refusal for a proposal that is not there or not open any more."""
    return UnableToDecideLimitError(
        Words(
            zh="这项额度申请不存在或已有结论，请刷新查看。",
            en="There is no such proposal, or it has been decided. Reload to see how.",
        )
    )
