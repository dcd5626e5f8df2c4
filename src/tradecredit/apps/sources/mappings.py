"""Mappings that people gave once: remembered by the headings of the file, found again, forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.sources.models import RememberedMapping
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRecord:
    """Which column is which, for files of a kind with the same headings."""

    kind: str
    headings: str
    file_name: str
    mapping: str
    recorded_at: datetime
    recorded_by: str


def find(*, company_id: UUID, kind: str, headings: str) -> MappingRecord | None:
    """Return the mapping that counts for files with these headings (their digest), if one is remembered."""
    rows = RememberedMapping.objects.filter(company_id=company_id, kind=kind, headings=headings)
    row = rows.order_by("-recorded_at", "-id").first()
    return _record(row) if row is not None and row.mapping else None


def every(*, company_id: UUID) -> tuple[MappingRecord, ...]:
    """Return the mappings that count, by kind."""
    rows = RememberedMapping.objects.filter(company_id=company_id)
    latest = rows.order_by("kind", "headings", "-recorded_at", "-id").distinct("kind", "headings")
    return tuple(_record(row) for row in latest if row.mapping)


def remember(
    *, company_id: UUID, kind: str, headings: str, file_name: str, mapping: str, actor: Actor
) -> None:
    """Append a mapping; an empty one forgets."""
    db.transaction_required()
    RememberedMapping.objects.create(
        company_id=company_id,
        kind=kind,
        headings=headings,
        file_name=file_name[:_NAME_LENGTH],
        mapping=mapping,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )


def _record(row: RememberedMapping) -> MappingRecord:
    return MappingRecord(
        kind=row.kind,
        headings=row.headings,
        file_name=row.file_name,
        mapping=row.mapping,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
