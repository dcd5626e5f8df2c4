"""Rules that people have silenced for a time, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.monitoring.models import RuleMute
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A rule that is not asked until ``ends_on`` (that day excluded), who said so and why."""

    rule: str
    reason: str
    muted_on: date
    ends_on: date
    muted_by: str


def mute(*, company_id: UUID, new: Mute) -> bool:
    """Record that a rule is silenced; tells whether it was not already."""
    db.transaction_required()
    rows = RuleMute.objects.filter(company_id=company_id, rule=new.rule, ended_on__isnull=True)
    rows.filter(ends_on__lte=new.muted_on).update(ended_on=new.muted_on, ended_by="its days are over")
    if rows.exists():
        return False
    RuleMute.objects.create(
        company_id=company_id,
        rule=new.rule,
        reason=new.reason,
        muted_on=new.muted_on,
        ends_on=new.ends_on,
        muted_by=new.muted_by,
        recorded_at=clock.now(),
    )
    return True


def unmute(*, company_id: UUID, rule: str, day: date, by: str) -> bool:
    """Let a rule be asked again from the day on; tells whether it was silenced."""
    db.transaction_required()
    rows = RuleMute.objects.filter(company_id=company_id, rule=rule, ended_on__isnull=True)
    return rows.update(ended_on=day, ended_by=by) > 0


def in_force(*, company_id: UUID, as_of: date) -> Sequence[Mute]:
    """Return the rules that are silenced on the day."""
    rows = RuleMute.objects.filter(
        company_id=company_id, muted_on__lte=as_of, ends_on__gt=as_of, ended_on__isnull=True
    )
    return [
        Mute(
            rule=row.rule,
            reason=row.reason,
            muted_on=row.muted_on,
            ends_on=row.ends_on,
            muted_by=row.muted_by,
        )
        for row in rows.order_by("rule")
    ]
