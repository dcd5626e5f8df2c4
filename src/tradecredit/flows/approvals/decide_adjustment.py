"""Decide a write-off, deduction or set-off by its number: a vote on the request that was put for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.receivables import adjustment_queries
from tradecredit.apps.receivables.models import AdjustmentStatus
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables.adjustments import UnableToAdjustError
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.cash import adjustment_requests
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.receivables.adjustment_queries import AdjustmentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_AGREED: Final = "同意 / agreed"


def decide_adjustment(
    *, company: Company, number: str, approves: bool, reason: str, actor: Actor, day: date | None = None
) -> AdjustmentRecord:
    """Vote on what somebody else asked for; the vote that settles it posts it, on ``day`` or today.

    Raises UnableToAdjustError when there is no such request, it is decided already or less is open by now,
    UnableToApproveError when it is the person's own or beyond their authority, UnableToDecideRequestError for a no
    without a reason, UnableToPostError in a closed period.
    """
    with db.unit_of_work(actor):
        asked = _named(company, number)
        if asked.status != AdjustmentStatus.OPEN:
            raise UnableToAdjustError(
                Words(
                    zh="该申请已处理，请刷新后查看。", en="The request is decided already. Reload to see how."
                )
            )
        request = adjustment_requests.open_of(asked)
        if request is None:
            # Asked before such requests were put to people like any other.
            request_id, _ = adjustment_requests.put(company=company, asked=asked, actor=actor)
        else:
            request_id = request.id
        decide_approval.decide_approval(
            request_id=request_id,
            approves=approves,
            reason=reason.strip() or (_AGREED if approves else ""),
            actor=actor,
            as_of=day,
        )
        return _named(company, number)


def _named(company: Company, number: str) -> AdjustmentRecord:
    found = adjustment_queries.by_number(company_id=company.pk, number=number)
    if found is None:
        raise UnableToAdjustError(Words(zh=f"没有申请 {number}。", en=f"There is no request {number}."))
    return found
