"""What people say about a draft before it is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions.draft_models import PolicyRemark, Stance
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.plumbing.access import Actor

STANCES = tuple(Stance.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody said, about which version of the draft, and in which roles."""

    stance: str
    text: str
    draft_version: int
    author_id: UUID
    author_name: str
    roles: tuple[str, ...]
    recorded_at: datetime

    @property
    def is_objection(self) -> bool:
        """Tell whether the author objects."""
        return self.stance == Stance.OBJECT


def add(draft: Draft, *, stance: str, text: str, actor: Actor) -> Remark:
    """Record what the actor says about the draft as it stands."""
    db.transaction_required()
    row = PolicyRemark.objects.create(
        company_id=draft.company_id,
        draft_id=draft.id,
        draft_version=draft.version,
        stance=stance,
        text=text,
        author_id=actor.user_id,
        author_name=actor.name,
        roles=",".join(sorted(role.value for role in actor.roles_in(draft.company_id))),
        recorded_at=clock.now(),
    )
    return _remark(row)


def of_draft(draft_id: UUID) -> Sequence[Remark]:
    """Return what was said about a draft, the first first."""
    rows = PolicyRemark.objects.filter(draft_id=draft_id).order_by("recorded_at", "pk")
    return [_remark(row) for row in rows]


def _remark(row: PolicyRemark) -> Remark:
    return Remark(
        stance=row.stance,
        text=row.text,
        draft_version=row.draft_version,
        author_id=row.author_id,
        author_name=row.author_name,
        roles=tuple(row.roles.split(",")) if row.roles else (),
        recorded_at=row.recorded_at,
    )
