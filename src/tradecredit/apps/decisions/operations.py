"""Record decisions: append-only, with the facts that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions.models import Decision as DecisionRow
from tradecredit.core.decisions import recording
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.limit import Amount, Limit
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """A verdict to record."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    account_id: UUID
    policy_version_id: UUID
    facts: CreditFacts
    decision: Decision
    is_committed: bool
    purpose: str
    previous_id: UUID | None
    decided_at: datetime


def record(decisions: Sequence[NewDecision], *, actor: Actor) -> None:
    """Append verdicts with one statement."""
    db.transaction_required()
    DecisionRow.objects.bulk_create(
        [
            DecisionRow(
                pk=new.id,
                company_id=new.company_id,
                customer_id=new.customer_id,
                account_id=new.account_id,
                policy_version_id=new.policy_version_id,
                control_point=new.facts.request.control_point.value,
                reference=new.facts.request.reference,
                amount=new.facts.request.amount.amount,
                currency=new.facts.currency,
                as_of=new.facts.request.requested_on,
                facts=canonical.dumps(recording.to_dict(new.facts)),
                outcome=new.decision.outcome.text,
                verdict=canonical.dumps(new.decision.as_dict()),
                headroom_before=_amount(new.decision.headroom.available),
                headroom_after=_amount(new.decision.headroom_after),
                is_committed=new.is_committed,
                purpose=new.purpose,
                previous_id=new.previous_id,
                actor_id=actor.user_id,
                actor_name=actor.name,
                decided_at=new.decided_at,
            )
            for new in decisions
        ]
    )


def _amount(limit: Limit) -> Decimal | None:
    return limit.money.amount if isinstance(limit, Amount) else None
