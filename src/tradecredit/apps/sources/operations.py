"""Keep connections, move positions together with what was read, and record what was written back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.sources.models import Connection, Portion, Progress, WrittenStanding
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.sources.queries import ConnectionRecord, ProgressRecord
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.sources.drafts import ConnectionDraft
    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.plumbing.access import Actor

_REFUSALS_KEPT = 50


class PositionMovedError(Exception):
    """Somebody else has recorded rows of this kind since its position was read; what is being recorded is undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of a portion's rows."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: Sequence[Mapping[str, str]] = ()


def keep_connection(*, company_id: UUID, draft: ConnectionDraft, actor: Actor) -> UUID:
    """Create the connection with this code, or change it; returns its identifier."""
    db.transaction_required()
    moment = clock.now()
    values = {
        "system": draft.system,
        "label": draft.label,
        "settings": dict(draft.settings),
        "described": draft.described,
        "kinds": list(draft.kinds),
        "every_minutes": draft.every_minutes,
        "writes_back": draft.writes_back,
        "is_active": draft.is_active,
        "changed_at": moment,
        "changed_by": actor.name,
    }
    row, _ = Connection.objects.update_or_create(
        company_id=company_id,
        code=draft.code,
        defaults=values,
        create_defaults={**values, "created_at": moment, "created_by": actor.name},
    )
    identifier: UUID = row.pk
    return identifier


def move(
    *, connection: ConnectionRecord, kind: str, before: ProgressRecord | None, after: Position, counts: Counts
) -> None:
    """Record a portion and move the position over it, in the transaction that recorded its rows.

    Raises PositionMovedError when the position is not the one that the portion was read from.
    """
    db.transaction_required()
    moment = clock.now()
    recorded = before.recorded if before else ""
    if before is None:
        _begin(connection, kind)
    moved = Progress.objects.filter(
        connection_id=connection.id, kind=kind, position=recorded
    ).update(
        position=after.text(),
        portions=F("portions") + 1,
        read=F("read") + counts.read,
        created=F("created") + counts.created,
        updated=F("updated") + counts.updated,
        unchanged=F("unchanged") + counts.unchanged,
        refused=F("refused") + counts.refused,
        tried_at=moment,
        failures=0,
        failure={},
        **({"moved_at": moment} if counts.read else {}),
        **({} if after.is_open else {"whole_at": moment}),
    )  # fmt: skip
    if not moved:
        raise PositionMovedError(f"{connection.code}/{kind}")
    # A look that found nothing new is seen in the progress; it needs no row of its own.
    if counts.read:
        _append(connection, kind, recorded, after, counts)


def failed(*, connection: ConnectionRecord, kind: str, words: Words) -> None:
    """Record that a kind could not be read, and why; the position stays where it is."""
    db.transaction_required()
    _begin(connection, kind)
    Progress.objects.filter(connection_id=connection.id, kind=kind).update(
        tried_at=clock.now(), failures=F("failures") + 1, failure=words.as_dict()
    )


def make_due(*, connection_id: UUID, from_beginning: bool) -> None:
    """Let every kind be read at the next look; what was recorded stays and is recognised."""
    db.transaction_required()
    rows = Progress.objects.filter(connection_id=connection_id)
    rows.update(tried_at=None, failures=0, **({"position": ""} if from_beginning else {}))


def want(*, connection: ConnectionRecord, standings: Sequence[Standing]) -> dict[str, UUID]:
    """Record what the system is to know of customers; returns the rows by customer code."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        WrittenStanding(
            connection_id=connection.id,
            company_id=connection.company_id,
            customer_code=one.customer_code,
            wanted=one.content(),
            digest=one.digest(),
            wanted_at=moment,
        )
        for one in standings
    ]
    WrittenStanding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["connection", "customer_code"],
        update_fields=["wanted", "digest", "wanted_at"],
    )
    found = WrittenStanding.objects.filter(
        connection_id=connection.id, customer_code__in=[one.customer_code for one in standings]
    )
    return dict(found.values_list("customer_code", "id"))


def mark_written(*, standing_id: UUID, digest: str) -> None:
    """Record that the system was told."""
    db.transaction_required()
    WrittenStanding.objects.filter(pk=standing_id).update(
        written_digest=digest, written_at=clock.now(), failure={}
    )


def mark_unwritten(*, standing_id: UUID, words: Words) -> None:
    """Record why the system could not be told."""
    db.transaction_required()
    WrittenStanding.objects.filter(pk=standing_id).update(failure=words.as_dict())


def _begin(connection: ConnectionRecord, kind: str) -> None:
    Progress.objects.bulk_create(
        [Progress(connection_id=connection.id, company_id=connection.company_id, kind=kind)],
        ignore_conflicts=True,
    )


def _append(connection: ConnectionRecord, kind: str, before: str, after: Position, counts: Counts) -> None:
    Portion.objects.create(
        connection_id=connection.id,
        company_id=connection.company_id,
        kind=kind,
        position_before=before,
        position_after=after.text(),
        read=counts.read,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=counts.refused,
        refusals=list(counts.refusals[:_REFUSALS_KEPT]),
        recorded_at=clock.now(),
    )
