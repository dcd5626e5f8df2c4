"""Files that people imported: recorded with what became of their rows, listed, and what was taken back of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.sources.models import FileImport, FilePart, FileUndo
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

_NAME_LENGTH = 200
_REASONS_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file with what became of its rows."""

    id: UUID
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


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow:
    """A row that was new or changed something; ``what`` says what exactly where the key does not (a fact's name, its day)."""

    row: int
    key: str
    status: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoRecord:
    """What was taken back of a file, and why the rest stays."""

    undone: int
    kept: int
    reasons: Sequence[Mapping[str, Any]]
    recorded_at: datetime
    recorded_by: str


def record(*, company_id: UUID, file: FileRecord, actor: Actor) -> None:
    """Append a file that was imported just now."""
    db.transaction_required()
    FileImport.objects.create(
        id=file.id,
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


def record_part(*, company_id: UUID, file_id: UUID, kind: str, rows: Iterable[WrittenRow]) -> None:
    """Append the rows that were recorded together, in their transaction; nothing where there are none."""
    db.transaction_required()
    written = [[one.row, one.key, one.status, one.what] for one in rows]
    if written:
        FilePart.objects.create(
            company_id=company_id, file_id=file_id, kind=kind, rows=written, recorded_at=clock.now()
        )


def written(*, company_id: UUID, file_id: UUID) -> tuple[WrittenRow, ...]:
    """Return the rows of a file that were new or changed something, in the order of the file."""
    parts = FilePart.objects.filter(company_id=company_id, file_id=file_id).values_list("rows", flat=True)
    found = [
        WrittenRow(row=row, key=key, status=status, what=what)
        for rows in parts
        for row, key, status, what in rows
    ]
    return tuple(sorted(found, key=lambda one: one.row))


def latest(*, company_id: UUID, most: int = 30) -> tuple[FileRecord, ...]:
    """Return the latest files, newest first."""
    rows = FileImport.objects.filter(company_id=company_id).order_by("-imported_at", "-id")[:most]
    return tuple(_record(row) for row in rows)


def by_id(*, company_id: UUID, file_id: UUID) -> FileRecord | None:
    """Return one file, if the company has it."""
    row = FileImport.objects.filter(company_id=company_id, pk=file_id).first()
    return None if row is None else _record(row)


def record_undo(
    *,
    company_id: UUID,
    file_id: UUID,
    undone: int,
    kept: int,
    reasons: Sequence[Mapping[str, Any]],
    actor: Actor,
) -> None:
    """Append what was taken back of a file."""
    db.transaction_required()
    FileUndo.objects.create(
        company_id=company_id,
        file_id=file_id,
        undone=undone,
        kept=kept,
        reasons=list(reasons[:_REASONS_KEPT]),
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )


def undone(*, company_id: UUID, file_ids: Iterable[UUID]) -> dict[UUID, UndoRecord]:
    """Return what was taken back last of each file of which anything was."""
    rows = FileUndo.objects.filter(company_id=company_id, file_id__in=list(file_ids))
    latest_first = rows.order_by("file_id", "-recorded_at", "-id").distinct("file_id")
    return {
        row.file_id: UndoRecord(
            undone=row.undone,
            kept=row.kept,
            reasons=row.reasons,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in latest_first
    }


def _record(row: FileImport) -> FileRecord:
    return FileRecord(
        id=row.pk,
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
