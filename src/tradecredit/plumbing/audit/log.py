"""Append to the log and verify its chains."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit.models import LogEntry
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access.actor import Actor

_FORMAT = 1
_START = "0" * 64
# How many locks all streams share: a power of two, well below the room of the database's table of locks.
_PLACES: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What to log: the stream (``customer:<id>``, ``policy:<id>`` …), a kind, a sentence, the figures."""

    stream: str
    kind: str
    words: Words
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """An entry with who wrote it and when."""

    company_id: UUID
    actor: Actor
    entry: NewEntry
    moment: datetime


@dataclass(slots=True, kw_only=True)
class _Row:
    """An entry as it is written; its columns are those of ``LogEntry``."""

    company_id: UUID
    stream: str
    sequence: int
    kind: str
    actor_id: UUID
    actor_name: str
    text_zh: str
    text_en: str
    payload: str
    recorded_at: datetime
    format: int
    previous_hash: str
    hash: str = ""


def append(*, company_id: UUID, actor: Actor, entries: Sequence[NewEntry]) -> None:
    """Append entries to their streams, in the caller's transaction; they are written at its end."""
    moment = clock.now()
    db.hold_back(
        sink=_write,
        items=[_Held(company_id=company_id, actor=actor, entry=entry, moment=moment) for entry in entries],
    )


def _write(held: Sequence[_Held]) -> None:
    heads = _lock_heads({one.entry.stream for one in held})
    rows = []
    for one in held:
        sequence, previous = heads[one.entry.stream]
        row = _row(one, sequence=sequence + 1, previous=previous)
        heads[one.entry.stream] = (row.sequence, row.hash)
        rows.append(row)
    names = [field.name for field in fields(_Row)]
    portions.insert(LogEntry, {name: [getattr(row, name) for row in rows] for name in names})


def _row(one: _Held, *, sequence: int, previous: str) -> _Row:
    row = _Row(
        company_id=one.company_id,
        stream=one.entry.stream,
        sequence=sequence,
        kind=one.entry.kind,
        actor_id=one.actor.user_id,
        actor_name=one.actor.name,
        text_zh=one.entry.words.zh,
        text_en=one.entry.words.en,
        payload=canonical.dumps(dict(one.entry.payload)),
        recorded_at=one.moment,
        format=_FORMAT,
        previous_hash=previous,
    )
    row.hash = _hash(row, recorded_at=one.moment)
    return row


@dataclass(frozen=True, slots=True)
class Break:
    """The first bad entry of a stream."""

    stream: str
    sequence: int
    problem: str


def verify() -> tuple[int, tuple[Break, ...]]:
    """Walk every chain in scope; return how many entries were read and the first break of each stream."""
    heads: dict[str, tuple[int, str]] = defaultdict(lambda: (0, _START))
    breaks: dict[str, Break] = {}
    count = 0
    for row in LogEntry.objects.order_by("stream", "sequence").iterator(chunk_size=5000):
        count += 1
        sequence, previous = heads[row.stream]
        if row.stream not in breaks:
            problem = _problem(row, sequence=sequence, previous=previous)
            if problem:
                breaks[row.stream] = Break(row.stream, row.sequence, problem)
        heads[row.stream] = (row.sequence, row.hash)
    return count, tuple(breaks.values())


def _problem(row: LogEntry, *, sequence: int, previous: str) -> str:
    if row.sequence != sequence + 1:
        return f"entry {sequence + 1} is missing"
    if row.previous_hash != previous:
        return "does not follow the entry before it"
    if row.hash != _hash(row, recorded_at=row.recorded_at):
        return "was changed after it was written"
    return ""


def _lock_heads(streams: Collection[str]) -> dict[str, tuple[int, str]]:
    """Lock the streams for the transaction and return the latest sequence and hash of each.

    Streams share places, locked in the order of their numbers: the database's table of locks has room for some
    thousands, and a day's end writes about every customer at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(20261122, place) FROM ("
            " SELECT DISTINCT (hashtextextended(stream, 20261122) & %s)::integer AS place"
            " FROM unnest(%s::text[]) AS stream ORDER BY place) AS places",
            [_PLACES - 1, list(streams)],
        )
        # Not read under the actor's scope: another company's entry about the same customer comes before ours as well.
        cursor.execute("SELECT stream, sequence, hash FROM audit_heads(%s::text[])", [list(streams)])
        found = {stream: (sequence, digest) for stream, sequence, digest in cursor.fetchall()}
    return {stream: found.get(stream, (0, _START)) for stream in streams}


def _hash(row: LogEntry | _Row, *, recorded_at: datetime) -> str:
    return canonical.sha256(
        canonical.dumps(
            {
                "format": row.format,
                "stream": row.stream,
                "sequence": row.sequence,
                "kind": row.kind,
                "actor": row.actor_id,
                "zh": row.text_zh,
                "en": row.text_en,
                "payload": row.payload,
                "recorded_at": recorded_at.isoformat(timespec="microseconds"),
                "previous": row.previous_hash,
            }
        )
    )
