"""Connections, how far they were read, and what was written back, as values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from tradecredit.apps.sources.models import Connection, Portion, Progress, WrittenStanding
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.sources import positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.sources.positions import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRecord:
    """A connection as it was described."""

    id: UUID
    company_id: UUID
    code: str
    system: str
    label: str
    settings: Mapping[str, str]
    described: str
    kinds: tuple[str, ...]
    every_minutes: int
    writes_back: bool
    is_active: bool
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRecord:
    """How far one kind of one connection was read; ``recorded`` is the position as it stands in the books."""

    connection_id: UUID
    kind: str
    recorded: str
    position: Position
    read: int
    created: int
    updated: int
    unchanged: int
    refused: int
    moved_at: datetime | None
    whole_at: datetime | None
    tried_at: datetime | None
    failures: int
    failure: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortionRecord:
    """Rows that were recorded together."""

    kind: str
    read: int
    created: int
    updated: int
    unchanged: int
    refused: int
    refusals: Sequence[Mapping[str, str]]
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRecord:
    """What a system is to know of a customer; ``is_written`` tells whether it knows the latest."""

    id: UUID
    customer_code: str
    wanted: Mapping[str, str | bool]
    digest: str
    wanted_at: datetime
    is_written: bool
    written_at: datetime | None
    failure: Words | None


def connections(*, company_id: UUID, only_active: bool = False) -> tuple[ConnectionRecord, ...]:
    """Return the company's connections by code."""
    rows = Connection.objects.filter(company_id=company_id).order_by("code")
    return tuple(_connection(row) for row in (rows.filter(is_active=True) if only_active else rows))


def connection(*, company_id: UUID, code: str) -> ConnectionRecord | None:
    """Return the connection with the code."""
    row = Connection.objects.filter(company_id=company_id, code=code).first()
    return _connection(row) if row else None


def connection_by_id(connection_id: UUID) -> ConnectionRecord | None:
    """Return the connection with the identifier, if it is in scope."""
    row = Connection.objects.filter(pk=connection_id).first()
    return _connection(row) if row else None


def progress(*, connection_ids: Iterable[UUID]) -> Mapping[UUID, Mapping[str, ProgressRecord]]:
    """Return how far each kind was read, by connection and kind."""
    found: dict[UUID, dict[str, ProgressRecord]] = {}
    for row in Progress.objects.filter(connection_id__in=list(connection_ids)).order_by("kind"):
        found.setdefault(row.connection_id, {})[row.kind] = _progress(row)
    return found


def portions(*, connection_id: UUID, most: int = 30) -> tuple[PortionRecord, ...]:
    """Return the latest portions, newest first."""
    rows = Portion.objects.filter(connection_id=connection_id).order_by("-recorded_at", "-id")[:most]
    return tuple(
        PortionRecord(
            kind=row.kind,
            read=row.read,
            created=row.created,
            updated=row.updated,
            unchanged=row.unchanged,
            refused=row.refused,
            refusals=row.refusals,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def standings(
    *, connection_id: UUID, customer_codes: Iterable[str] | None = None, most: int | None = None
) -> dict[str, StandingRecord]:
    """Return what the system is to know, by customer code, the latest wishes first."""
    rows = WrittenStanding.objects.filter(connection_id=connection_id)
    if customer_codes is not None:
        rows = rows.filter(customer_code__in=set(customer_codes))
    return {row.customer_code: _standing(row) for row in rows.order_by("-wanted_at", "customer_code")[:most]}


def standing_by_id(standing_id: UUID) -> StandingRecord | None:
    """Return one standing in scope."""
    row = WrittenStanding.objects.filter(pk=standing_id).first()
    return _standing(row) if row else None


def unwritten(*, connection_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many standings each system still has to be told."""
    rows = WrittenStanding.objects.filter(connection_id__in=list(connection_ids)).values("connection_id")
    counted = rows.annotate(waiting=Count("id", filter=~Q(written_digest=F("digest"))))
    return {row["connection_id"]: row["waiting"] for row in counted}


def _connection(row: Connection) -> ConnectionRecord:
    return ConnectionRecord(
        id=row.pk,
        company_id=row.company_id,
        code=row.code,
        system=row.system,
        label=row.label,
        settings=row.settings,
        described=row.described,
        kinds=tuple(row.kinds),
        every_minutes=row.every_minutes,
        writes_back=row.writes_back,
        is_active=row.is_active,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )


def _progress(row: Progress) -> ProgressRecord:
    return ProgressRecord(
        connection_id=row.connection_id,
        kind=row.kind,
        recorded=row.position,
        position=positions.of(json.loads(row.position)) if row.position else positions.BEGINNING,
        read=row.read,
        created=row.created,
        updated=row.updated,
        unchanged=row.unchanged,
        refused=row.refused,
        moved_at=row.moved_at,
        whole_at=row.whole_at,
        tried_at=row.tried_at,
        failures=row.failures,
        failure=_words(row.failure),
    )


def _standing(row: WrittenStanding) -> StandingRecord:
    return StandingRecord(
        id=row.pk,
        customer_code=row.customer_code,
        wanted=row.wanted,
        digest=row.digest,
        wanted_at=row.wanted_at,
        is_written=row.written_digest == row.digest,
        written_at=row.written_at,
        failure=_words(row.failure),
    )


def _words(value: Mapping[str, str]) -> Words | None:
    return Words(zh=value["zh"], en=value["en"]) if value else None
