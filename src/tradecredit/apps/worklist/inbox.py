"""The inbox of documents that could not be recorded: kept, tried again, ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from tradecredit.apps.worklist.models import IncomingDocument, IncomingStatus
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that could not be recorded."""

    kind: str
    number: str
    content: Mapping[str, Any]
    content_hash: str
    waits_for: str
    field: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A kept row as it stands."""

    id: UUID
    kind: str
    number: str
    content: Mapping[str, Any]
    content_hash: str
    waits_for: str
    field: str
    words: Words
    status: str
    attempts: int
    first_refused_at: datetime
    latest_refused_at: datetime


def keep(*, company_id: UUID, refused: Sequence[Refused]) -> None:
    """Keep refused rows; one that was kept before counts another attempt, with today's reason."""
    db.transaction_required()
    moment = clock.now()
    known = {
        (row.kind, row.content_hash): row
        for row in IncomingDocument.objects.filter(
            company_id=company_id, content_hash__in=[one.content_hash for one in refused]
        )
    }
    new: dict[tuple[str, str], IncomingDocument] = {}
    for one in refused:
        key = (one.kind, one.content_hash)
        row = known.get(key) or new.get(key)
        if row is None:
            new[key] = _row(company_id, one, moment)
            continue
        # Said no to by a person is said: the same row does not come back by itself.
        if row.status != IncomingStatus.DISMISSED and key in known:
            _again(row, one, moment)
    IncomingDocument.objects.bulk_create(new.values())


def end(*, ids: Iterable[UUID], status: IncomingStatus | str, by: str, reason: str = "") -> int:
    """End waiting rows (recorded since, or dismissed by a person); returns how many there were."""
    db.transaction_required()
    return IncomingDocument.objects.filter(pk__in=list(ids), status=IncomingStatus.WAITING).update(
        status=str(status), ended_at=clock.now(), ended_by=by, reason=reason
    )


def has_waiting(*, company_id: UUID, kind: str | None = None) -> bool:
    """Tell whether anything waits in a company."""
    rows = IncomingDocument.objects.filter(company_id=company_id, status=IncomingStatus.WAITING)
    return (rows if kind is None else rows.filter(kind=kind)).exists()


def waiting(
    *,
    company_id: UUID,
    kind: str | None = None,
    waits_for: Iterable[str] | None = None,
    most: int = 1000,
) -> tuple[InboxRow, ...]:
    """Return what waits in a company, longest first; of one kind, or for certain documents only."""
    wanted = Q(company_id=company_id, status=IncomingStatus.WAITING)
    if kind is not None:
        wanted &= Q(kind=kind)
    if waits_for is not None:
        wanted &= Q(waits_for__in=set(waits_for))
    rows = IncomingDocument.objects.filter(wanted).order_by("first_refused_at", "pk")[:most]
    return tuple(_record(row) for row in rows)


def waiting_by_id(row_id: UUID) -> InboxRow | None:
    """Return one waiting row in scope."""
    row = IncomingDocument.objects.filter(pk=row_id, status=IncomingStatus.WAITING).first()
    return None if row is None else _record(row)


def count_waiting(*, company_id: UUID) -> int:
    """Return how many rows wait."""
    return IncomingDocument.objects.filter(company_id=company_id, status=IncomingStatus.WAITING).count()


def _row(company_id: UUID, one: Refused, moment: datetime) -> IncomingDocument:
    return IncomingDocument(
        company_id=company_id,
        kind=one.kind,
        number=one.number[:64],
        content=dict(one.content),
        content_hash=one.content_hash,
        waits_for=one.waits_for[:100],
        field=one.field[:64],
        text_zh=one.words.zh,
        text_en=one.words.en,
        first_refused_at=moment,
        latest_refused_at=moment,
    )


def _again(row: IncomingDocument, one: Refused, moment: datetime) -> None:
    IncomingDocument.objects.filter(pk=row.pk).update(
        status=IncomingStatus.WAITING,
        attempts=F("attempts") + 1,
        waits_for=one.waits_for[:100],
        text_zh=one.words.zh,
        text_en=one.words.en,
        latest_refused_at=moment,
        ended_at=None,
        ended_by="",
    )


def _record(row: IncomingDocument) -> InboxRow:
    return InboxRow(
        id=row.pk,
        kind=row.kind,
        number=row.number,
        content=row.content,
        content_hash=row.content_hash,
        waits_for=row.waits_for,
        field=row.field,
        words=Words(zh=row.text_zh, en=row.text_en),
        status=row.status,
        attempts=row.attempts,
        first_refused_at=row.first_refused_at,
        latest_refused_at=row.latest_refused_at,
    )
