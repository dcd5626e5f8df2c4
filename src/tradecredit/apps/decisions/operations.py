"""Record decisions: append-only, with the facts that they rest on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.core.decisions import recording
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.limit import Amount, Limit
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
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
    """Append verdicts with one statement.

    They travel as one JSON document: as arrays of texts, each verdict's quotes would be escaped one by one.
    """
    db.transaction_required()
    if not decisions:
        return
    rows = [_row(new, actor=actor) for new in decisions]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json.dumps(rows, ensure_ascii=False)])


_COLUMNS: Final = {
    "id": "uuid",
    "company_id": "uuid",
    "customer_id": "uuid",
    "account_id": "uuid",
    "policy_version_id": "uuid",
    "control_point": "text",
    "reference": "text",
    "amount": "numeric",
    "currency": "text",
    "as_of": "date",
    "facts": "text",
    "outcome": "text",
    "verdict": "text",
    "headroom_before": "numeric",
    "headroom_after": "numeric",
    "is_committed": "boolean",
    "purpose": "text",
    "previous_id": "uuid",
    "actor_id": "uuid",
    "actor_name": "text",
    "decided_at": "timestamptz",
}
_INSERT: Final = (
    f"INSERT INTO decisions_decision ({', '.join(_COLUMNS)}) SELECT {', '.join(_COLUMNS)}"
    f" FROM jsonb_to_recordset(%s::jsonb) AS r({', '.join(f'{name} {kind}' for name, kind in _COLUMNS.items())})"
)


def _row(new: NewDecision, *, actor: Actor) -> dict[str, Any]:
    request = new.facts.request
    return {
        "id": str(new.id),
        "company_id": str(new.company_id),
        "customer_id": str(new.customer_id),
        "account_id": str(new.account_id),
        "policy_version_id": str(new.policy_version_id),
        "control_point": request.control_point.value,
        "reference": request.reference,
        "amount": f"{request.amount.amount:f}",
        "currency": new.facts.currency,
        "as_of": request.requested_on.isoformat(),
        "facts": canonical.dumps(recording.to_dict(new.facts)),
        "outcome": new.decision.outcome.text,
        "verdict": canonical.dumps(new.decision.as_dict()),
        "headroom_before": _amount(new.decision.headroom.available),
        "headroom_after": _amount(new.decision.headroom_after),
        "is_committed": new.is_committed,
        "purpose": new.purpose,
        "previous_id": None if new.previous_id is None else str(new.previous_id),
        "actor_id": str(actor.user_id),
        "actor_name": actor.name,
        "decided_at": new.decided_at.isoformat(),
    }


def _amount(limit: Limit) -> str | None:
    return f"{limit.money.amount:f}" if isinstance(limit, Amount) else None
