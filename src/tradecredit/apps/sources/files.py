"""Files that people imported: recorded, and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.sources.models import FileImport
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file with what became of its rows."""

    kind: str
    name: str
    digest: str
    mapping: Mapping[str, str]
    read: int
    created: int
    updated: int
    unchanged: int
    refused: int
    imported_at: datetime | None = None
    imported_by: str = ""


def record(*, company_id: UUID, file: FileRecord, actor: Actor) -> None:
    """Append a file that was imported just now."""
    db.transaction_required()
    FileImport.objects.create(
        company_id=company_id,
        kind=file.kind,
        name=file.name[:_NAME_LENGTH],
        digest=file.digest,
        mapping=dict(file.mapping),
        read=file.read,
        created=file.created,
        updated=file.updated,
        unchanged=file.unchanged,
        refused=file.refused,
        imported_at=clock.now(),
        imported_by=actor.name,
    )


def latest(*, company_id: UUID, most: int = 30) -> tuple[FileRecord, ...]:
    """Return the latest files, newest first."""
    rows = FileImport.objects.filter(company_id=company_id).order_by("-imported_at", "-id")[:most]
    return tuple(
        FileRecord(
            kind=row.kind,
            name=row.name,
            digest=row.digest,
            mapping=row.mapping,
            read=row.read,
            created=row.created,
            updated=row.updated,
            unchanged=row.unchanged,
            refused=row.refused,
            imported_at=row.imported_at,
            imported_by=row.imported_by,
        )
        for row in rows
    )
