"""What carries out a request that people have decided: a kind of request, a flow of its room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from tradecredit.apps.approvals import operations
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.core.approvals import routing
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.flows.applications import make_application
from tradecredit.flows.cash import adjust_receivable
from tradecredit.flows.levels import node_limits
from tradecredit.flows.limits import limit_journal, set_limit
from tradecredit.flows.orders import release_delivery, release_order
from tradecredit.flows.policy import draft_requests, publish_approved
from tradecredit.flows.ratings import propose_grade
from tradecredit.flows.watch import freeze_by_hand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor


class Carrier(Protocol):
    """What carries out a request that people have decided."""

    def release_approved(
        self, *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None
    ) -> UUID | None: ...

    def reject_approved(self, *, request: RequestRecord, reason: str, actor: Actor) -> None: ...


_CARRIERS: Final[Mapping[str, Carrier]] = {
    routing.ORDER_RELEASE: release_order,
    routing.DELIVERY_RELEASE: release_delivery,
    routing.LIMIT_JOURNAL: limit_journal,
    routing.LEVEL_LIMIT: node_limits,
    routing.FREEZE_LIFT: freeze_by_hand,
    routing.GRADE_OVERRIDE: propose_grade,
    draft_requests.KIND: publish_approved,
    **dict.fromkeys(routing.APPLICATIONS, make_application),
    **dict.fromkeys(routing.ADJUSTMENTS, adjust_receivable),
    "credit_limit": set_limit,
    "temporary_line": set_limit,
}
# A vote on a line takes the account's lock first: it is cast through its proposal.
_WITH_PROPOSAL: Final = frozenset({"credit_limit", "temporary_line"})
DECIDED_HERE: Final = frozenset(_CARRIERS) - _WITH_PROPOSAL


def carry_out(
    request: RequestRecord, standing: Standing, *, terms: Terms, actor: Actor, as_of: date | None
) -> UUID | None:
    """End a decided request and do what was decided; returns the decision that releases something, if one does."""
    carrier = _CARRIERS[request.kind]
    if standing is Standing.APPROVED:
        operations.end([request.id], status=RequestStatus.APPROVED)
        return carrier.release_approved(request=request, terms=terms, actor=actor, as_of=as_of)
    if standing is Standing.REJECTED:
        operations.end([request.id], status=RequestStatus.REJECTED)
        carrier.reject_approved(request=request, reason=terms.reason, actor=actor)
    return None
