"""Four eyes: nobody decides their own request, nobody decides twice, nobody decides more than they may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradecredit.core.approvals.authority import Mode
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from decimal import Decimal

    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.approvals.routing import Route
    from tradecredit.core.kernel.money import Money


class Standing(StrEnum):
    """How a request stands after the votes so far."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person's word on a request, given in one role."""

    person: str
    role: str
    agrees: bool


class UnableToApproveError(UnableToError):
    """The person may not decide this request."""

    code = "approval_refused"
    status = 403


def role_to_fill(
    *,
    route: Route,
    authority: Authority,
    requester: str | None,
    votes: Sequence[Vote],
    person: str,
    roles: Collection[str],
) -> str:
    """Return the role in which the person may vote now; raises UnableToApproveError with the reason.

    With countersign by risk director and CFO, a risk director fills the first place and nobody fills both.
    """
    _refuse_second_look(route=route, requester=requester, votes=votes, person=person)
    filled = {vote.role for vote in votes}
    for role in route.roles:
        if role not in filled and (role in roles or authority.stands_in.get(role, frozenset()) & set(roles)):
            return role
    needed = ", ".join(role for role in route.roles if role not in filled)
    raise refusal(
        "no_authority",
        zh=f"您的角色无权审批：{route.why.zh}",
        en=f"Your roles do not decide this: {route.why.en}",
        needed=needed,
    )


def _refuse_second_look(*, route: Route, requester: str | None, votes: Sequence[Vote], person: str) -> None:
    ensure_other_eyes(person=person, requester=requester, voters={vote.person for vote in votes})
    if standing(route=route, votes=votes) is not Standing.PENDING:
        raise refusal(
            "closed",
            zh="这项申请已经有结论。请刷新查看。",
            en="The request has been decided. Reload to see how.",
        )


def ensure_other_eyes(*, person: str, requester: str | None, voters: Collection[str]) -> None:
    """Raise UnableToApproveError for who asked, and for who has decided already."""
    if person == requester:
        raise refusal(
            "own_request",
            zh="不能审批自己发起的申请。请由他人审批。",
            en="Nobody decides their own request: ask somebody else.",
        )
    if person in voters:
        raise refusal(
            "already_voted",
            zh="您已经审批过这项申请，同一人不能审批两次。",
            en="You have decided this request already; nobody decides twice.",
        )


def standing(*, route: Route, votes: Sequence[Vote]) -> Standing:
    """Return how the request stands: one no ends it; yes by one, or by every role where it is countersigned."""
    if any(not vote.agrees for vote in votes):
        return Standing.REJECTED
    agreed = {vote.role for vote in votes} & set(route.roles)
    if route.mode is Mode.COUNTERSIGN:
        return Standing.APPROVED if agreed == set(route.roles) else Standing.PENDING
    return Standing.APPROVED if agreed else Standing.PENDING


def ensure_still_covered(*, approved: Money, amount: Money) -> None:
    """Raise UnableToApproveError when the amount has grown since it was put to the approvers."""
    if amount.currency != approved.currency or amount > approved:
        raise refusal(
            "amount_changed",
            zh="金额在提交审批后增加了，原审批不再有效。请重新检查。",
            en="The amount has grown since the approval was asked for. Check the document again.",
            approved=approved.text(),
            amount=amount.text(),
        )


def ensure_reaches(
    *, over: Money, over_most: Decimal | None, days: int | None, days_most: int | None
) -> None:
    """Raise UnableToApproveError where a release goes beyond its authority: 60,000 over with at most 50,000."""
    if over_most is not None and over.amount > over_most:
        raise refusal(
            "over_authority",
            zh=f"超出额度 {over.text()}，您的权限最多放行超出 {over_most:f}。请重新检查，由更高权限审批。",
            en=f"It goes {over.text()} over the line; this authority reaches {over_most:f}. Check it again:"
            " a higher desk is asked then.",
            over=over.text(),
        )
    if days is not None and days_most is not None and days > days_most:
        raise refusal(
            "days_authority",
            zh=f"放行有效期最多 {days_most} 天。",
            en=f"This authority releases for at most {days_most} days.",
            days=str(days),
        )


def refusal(reason: str, *, zh: str, en: str, **facts: str) -> UnableToApproveError:
    """Return the refusal of a vote with its reason as a fact."""
    return UnableToApproveError(Words(zh=zh, en=en), reason=reason, **facts)
