"""Write and read the later words on holds and releases: right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.orders.models import HoldReview
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """A word on a decision."""

    was_right: bool
    note: str
    reviewed_by_name: str
    recorded_at: datetime


def record(
    *, company_id: UUID, customer_id: UUID, decision_id: UUID, was_right: bool, note: str, actor: Actor
) -> None:
    """Append a word on a decision; the latest one counts."""
    db.transaction_required()
    HoldReview.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        decision_id=decision_id,
        was_right=was_right,
        note=note,
        reviewed_by_id=actor.user_id,
        reviewed_by_name=actor.name,
        recorded_at=clock.now(),
    )


def latest(decision_id: UUID) -> ReviewRecord | None:
    """Return the latest word on a decision, if there is one."""
    row = HoldReview.objects.filter(decision_id=decision_id).order_by("-recorded_at", "-id").first()
    if row is None:
        return None
    return ReviewRecord(
        was_right=row.was_right,
        note=row.note,
        reviewed_by_name=row.reviewed_by_name,
        recorded_at=row.recorded_at,
    )
