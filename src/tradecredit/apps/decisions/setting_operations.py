"""Write settings below the policy: asked for by one person, decided by another, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions.models import Setting
from tradecredit.apps.decisions.setting_models import SettingStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.core.kernel.periods import Validity
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSetting:
    """A setting asked for; no value lets the wider level speak again."""

    company_id: UUID | None
    customer_id: UUID | None
    level: str
    class_name: str
    name: str
    value: str | None
    validity: Validity
    reason: str


def ask(new: NewSetting, *, actor: Actor) -> UUID:
    """Record a setting that waits for a second person."""
    db.transaction_required()
    row = Setting.objects.create(
        company_id=new.company_id,
        customer_id=new.customer_id,
        level=new.level,
        class_name=new.class_name,
        name=new.name,
        is_set=new.value is not None,
        value=new.value or "",
        valid_from=new.validity.valid_from,
        valid_to=new.validity.valid_to,
        reason=new.reason,
        requested_by_id=actor.user_id,
        requested_by_name=actor.name,
        recorded_at=clock.now(),
    )
    return row.pk


def decide(*, setting_id: UUID, approves: bool, actor: Actor) -> bool:
    """Write the decision on an open setting; the database refuses the person who asked for it."""
    db.transaction_required()
    changed = Setting.objects.filter(pk=setting_id, status=SettingStatus.OPEN).update(
        status=SettingStatus.APPROVED if approves else SettingStatus.REJECTED,
        decided_by_id=actor.user_id,
        decided_by_name=actor.name,
        decided_at=clock.now(),
    )
    return bool(changed)
