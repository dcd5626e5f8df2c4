"""Write and read drafts of policies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions.draft_models import DraftOrigin, DraftStatus, PolicyDraft
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One draft as it stands; ``version`` grows with every change."""

    id: UUID
    company_id: UUID
    title: str
    base_id: UUID
    document: Mapping[str, Any]
    valid_from: date
    reason: str
    status: str
    author_id: UUID
    author_name: str
    editor_ids: tuple[UUID, ...]
    ended_by_name: str
    published_id: UUID | None
    origin: str
    origin_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def is_open(self) -> bool:
        """Tell whether it may still be changed."""
        return self.status == DraftStatus.OPEN


def start(
    *, company_id: UUID, title: str, base_id: UUID, document: Mapping[str, Any], valid_from: date, reason: str,
    actor: Actor, origin: str = DraftOrigin.LATEST, origin_id: UUID | None = None,
) -> Draft:  # fmt: skip
    """Begin a draft; ``origin`` says where its document was taken from."""
    db.transaction_required()
    moment = clock.now()
    row = PolicyDraft.objects.create(
        company_id=company_id,
        title=title,
        base_id=base_id,
        document=canonical.dumps(dict(document)),
        valid_from=valid_from,
        reason=reason,
        origin=origin,
        origin_id=origin_id,
        author_id=actor.user_id,
        author_name=actor.name,
        created_at=moment,
        updated_at=moment,
    )
    return _draft(row)


def locked(draft_id: UUID) -> Draft | None:
    """Return a draft in scope, locked until the transaction ends."""
    db.transaction_required()
    row = PolicyDraft.objects.select_for_update().filter(pk=draft_id).first()
    return None if row is None else _draft(row)


def by_id(draft_id: UUID) -> Draft | None:
    """Return a draft in scope."""
    row = PolicyDraft.objects.filter(pk=draft_id).first()
    return None if row is None else _draft(row)


def listed(*, company_id: UUID, most: int = 50) -> Sequence[Draft]:
    """Return the company's drafts, the latest touched first."""
    rows = PolicyDraft.objects.filter(company_id=company_id).order_by("-updated_at", "-pk")[:most]
    return [_draft(row) for row in rows]


def write(
    draft: Draft, *, document: Mapping[str, Any], valid_from: date, reason: str, title: str, editor_id: UUID
) -> Draft:
    """Write a locked draft, changed by the editor, as its next version."""
    db.transaction_required()
    PolicyDraft.objects.filter(pk=draft.id).update(
        document=canonical.dumps(dict(document)),
        valid_from=valid_from,
        reason=reason,
        title=title,
        editor_ids=list(dict.fromkeys((*draft.editor_ids, editor_id))),
        version=draft.version + 1,
        updated_at=clock.now(),
    )
    return _draft(PolicyDraft.objects.get(pk=draft.id))


def end(draft: Draft, *, actor: Actor, published_id: UUID | None = None) -> Draft:
    """End a draft: published as a version, or withdrawn."""
    db.transaction_required()
    status = DraftStatus.WITHDRAWN if published_id is None else DraftStatus.PUBLISHED
    PolicyDraft.objects.filter(pk=draft.id).update(
        status=status,
        published_id=published_id,
        ended_by_id=actor.user_id,
        ended_by_name=actor.name,
        version=draft.version + 1,
        updated_at=clock.now(),
    )
    return _draft(PolicyDraft.objects.get(pk=draft.id))


def _draft(row: PolicyDraft) -> Draft:
    return Draft(
        id=row.pk,
        company_id=row.company_id,
        title=row.title,
        base_id=row.base_id,
        document=json.loads(row.document),
        valid_from=row.valid_from,
        reason=row.reason,
        status=row.status,
        author_id=row.author_id,
        author_name=row.author_name,
        editor_ids=tuple(row.editor_ids),
        ended_by_name=row.ended_by_name,
        published_id=row.published_id,
        origin=row.origin,
        origin_id=row.origin_id,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
