"""Files of requests: kept by their content, seen by whoever sees the request."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.approvals.models import Attachment
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file of a request, without its content."""

    id: UUID
    request_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    actor_name: str
    added_at: datetime


def attach(
    *, company_id: UUID, request_id: UUID, name: str, media_type: str, content: bytes, actor: Actor
) -> UUID:
    """Keep a file of a request; the same content is kept once."""
    db.transaction_required()
    found: Attachment
    found, _ = Attachment.objects.get_or_create(
        request_id=request_id,
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={
            "company_id": company_id,
            "name": name[:200],
            "media_type": media_type,
            "size": len(content),
            "content": content,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "added_at": clock.now(),
        },
    )
    return found.pk


def files_of(request_ids: Iterable[UUID]) -> dict[UUID, tuple[FileRecord, ...]]:
    """Return the files of requests, oldest first."""
    found: defaultdict[UUID, list[FileRecord]] = defaultdict(list)
    rows = (
        Attachment.objects.filter(request_id__in=set(request_ids)).defer("content").order_by("added_at", "pk")
    )
    for row in rows:
        found[row.request_id].append(_file(row))
    return {request_id: tuple(files) for request_id, files in found.items()}


def file_with_content(file_id: UUID) -> tuple[FileRecord, bytes] | None:
    """Return a file in scope with its content."""
    row = Attachment.objects.filter(pk=file_id).first()
    return None if row is None else (_file(row), bytes(row.content))


def _file(row: Attachment) -> FileRecord:
    return FileRecord(
        id=row.pk,
        request_id=row.request_id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        actor_name=row.actor_name,
        added_at=row.added_at,
    )
