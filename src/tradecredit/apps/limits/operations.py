"""Write proposals, their decision, and lines; a line is never changed, only followed by another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.apps.limits.models import CreditLine, LimitProposal
from tradecredit.apps.limits.queries import ProposalRecord, record_of
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.fields import limit_to_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.periods import Validity
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProposal:
    """A line that somebody asks for, or that policy computed."""

    customer_id: UUID
    line_kind: str
    limit: Limit
    currency: str
    days: int | None
    validity: Validity
    reason: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    calculation: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line that comes into force."""

    customer_id: UUID
    line_kind: str
    limit: Limit
    currency: str
    days: int | None
    validity: Validity
    requested_by_id: UUID
    approved_by_id: UUID
    origin: str
    reason: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""
    proposal_id: UUID | None = None


def open_proposal(*, company_id: UUID, proposal: NewProposal, actor: Actor) -> ProposalRecord:
    """Record a proposal that waits for its decision."""
    db.transaction_required()
    kind, amount = limit_to_columns(proposal.limit)
    row = LimitProposal.objects.create(
        company_id=company_id,
        customer_id=proposal.customer_id,
        line_kind=proposal.line_kind,
        limit_kind=kind,
        limit_amount=amount,
        currency=proposal.currency,
        days=proposal.days,
        conditions=dict(proposal.conditions),
        valid_from=proposal.validity.valid_from,
        valid_to=proposal.validity.valid_to,
        calculation=canonical.dumps(dict(proposal.calculation)),
        reason=proposal.reason,
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        created_at=clock.now(),
    )
    return record_of(row)


def decide_proposal(*, proposal_id: UUID, status: str, actor: Actor, reason: str) -> None:
    """Write the decision on an open proposal; the database refuses an approver who asked for it."""
    db.transaction_required()
    LimitProposal.objects.filter(pk=proposal_id, status="open").update(
        status=status,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        decision_reason=reason,
        decided_at=clock.now(),
    )


def open_lines(*, company_id: UUID, new: Sequence[NewLine]) -> tuple[UUID, ...]:
    """Bring lines into force with one statement; returns their identifiers in order."""
    db.transaction_required()
    moment = clock.now()
    rows = []
    for line in new:
        kind, amount = limit_to_columns(line.limit)
        rows.append(
            CreditLine(
                company_id=company_id,
                customer_id=line.customer_id,
                line_kind=line.line_kind,
                limit_kind=kind,
                limit_amount=amount,
                currency=line.currency,
                days=line.days,
                conditions=dict(line.conditions),
                valid_from=line.validity.valid_from,
                valid_to=line.validity.valid_to,
                reference=line.reference,
                proposal_id=line.proposal_id,
                origin=line.origin,
                requested_by_id=line.requested_by_id,
                approved_by_id=line.approved_by_id,
                reason=line.reason,
                recorded_at=moment,
            )
        )
    return tuple(row.pk for row in CreditLine.objects.bulk_create(rows, batch_size=500))
