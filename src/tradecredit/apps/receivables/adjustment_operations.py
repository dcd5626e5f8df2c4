"""Write requests for adjustments, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.receivables import adjustment_queries
from tradecredit.apps.receivables.models import Adjustment, AdjustmentKind, AdjustmentStatus
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.receivables.adjustment_queries import AdjustmentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.plumbing.access import Actor

_PREFIXES: Final = {
    AdjustmentKind.WRITE_OFF: "WO",
    AdjustmentKind.DEDUCTION: "DED",
    AdjustmentKind.SET_OFF: "OFF",
    AdjustmentKind.RECOVERY: "REC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAdjustment:
    """What is asked for."""

    kind: str
    amount: Decimal
    reason_code: str
    text: str = ""
    counter_document: str = ""


def ask(
    *,
    company_id: UUID,
    line: LineRecord,
    wanted: NewAdjustment,
    actor: Actor,
    posted_on: date | None = None,
) -> AdjustmentRecord:
    """Write a request; with ``posted_on`` it needs no decision and counts as posted."""
    db.transaction_required()
    identifier = ids.new_id()
    moment = clock.now()
    row = Adjustment.objects.create(
        id=identifier,
        company_id=company_id,
        customer_id=line.customer_id,
        instalment_id=line.id,
        kind=wanted.kind,
        number=f"{_PREFIXES[AdjustmentKind(wanted.kind)]}-{moment:%Y%m%d}-{identifier.hex[-8:]}",
        amount=wanted.amount,
        currency=line.currency,
        reason_code=wanted.reason_code,
        text=wanted.text,
        counter_document=wanted.counter_document,
        status=AdjustmentStatus.OPEN if posted_on is None else AdjustmentStatus.POSTED,
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        requested_at=moment,
        posted_on=posted_on,
    )
    found = adjustment_queries.by_number(company_id=company_id, number=row.number)
    if found is None:
        raise RuntimeError("a request that was just written is not there")
    return found


def decide(
    *,
    company_id: UUID,
    number: str,
    status: AdjustmentStatus,
    actor: Actor,
    reason: str,
    posted_on: date | None,
) -> None:
    """Write the decision of an open request."""
    db.transaction_required()
    changed = Adjustment.objects.filter(
        company_id=company_id, number=number, status=AdjustmentStatus.OPEN
    ).update(
        status=status,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        decided_at=clock.now(),
        decision_reason=reason,
        posted_on=posted_on,
    )
    if changed != 1:
        raise RuntimeError(f"the request {number} is not open")
