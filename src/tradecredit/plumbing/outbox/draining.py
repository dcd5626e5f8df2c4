"""Take events off the log in order, each once: one drainer a company, a failed event holds back its subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox.models import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event that waits for its reactions."""

    id: UUID
    sequence: int
    name: str
    subject: str
    payload: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An event and when it was answered (None: not yet)."""

    sequence: int
    subject: str
    processed_at: datetime | None
    attempts: int
    failure: str


def companies_waiting() -> Sequence[UUID]:
    """Return the companies in scope with events that wait."""
    rows = Event.objects.filter(processed_at__isnull=True).order_by("company_id")
    return list(rows.values_list("company_id", flat=True).distinct())


def claim(*, company_id: UUID, limit: int) -> Sequence[Happening]:
    """Lock and return the next events of a company in their order; nothing while another drainer is at it.

    Events whose subject has an earlier event waiting for its retry are left for later: order is kept a subject.
    """
    db.transaction_required()
    if not _is_alone(company_id):
        return ()
    moment = clock.now()
    held_back = Event.objects.filter(
        company_id=company_id,
        subject=OuterRef("subject"),
        sequence__lt=OuterRef("sequence"),
        processed_at__isnull=True,
        retry_at__gt=moment,
    ).exclude(subject="")
    rows = (
        Event.objects.select_for_update(skip_locked=True)
        .filter(
            Q(retry_at__isnull=True) | Q(retry_at__lte=moment),
            company_id=company_id,
            processed_at__isnull=True,
        )
        .exclude(Exists(held_back))
        .order_by("sequence")[:limit]
    )
    return [
        Happening(
            id=row.pk,
            sequence=row.sequence,
            name=row.name,
            subject=row.subject,
            payload=row.payload,
            attempts=row.attempts,
        )
        for row in rows
    ]


def mark_processed(*, ids: Collection[UUID]) -> None:
    """Record that all reactions to the events happened, in the transaction in which they did."""
    db.transaction_required()
    Event.objects.filter(pk__in=ids).update(processed_at=clock.now(), retry_at=None)


def put_off(*, event_id: UUID, attempts: int, failure: str, until: datetime | None) -> None:
    """Record a failed attempt: try again after ``until``, or give up (None) and leave the failure to be seen."""
    db.transaction_required()
    Event.objects.filter(pk=event_id).update(
        attempts=attempts,
        failure=failure[:4000],
        retry_at=until,
        processed_at=clock.now() if until is None else None,
    )


def failures(*, company_id: UUID | None = None, limit: int = 100) -> Sequence[tuple[int, str, str, int]]:
    """Return (sequence, name, failure, attempts) of events whose reactions failed, newest first."""
    rows = Event.objects.exclude(failure="").order_by("-sequence")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return list(rows.values_list("sequence", "name", "failure", "attempts")[:limit])


def waiting(*, company_id: UUID, name: str) -> int:
    """Return how many events of a name wait in a company, those that were put off among them."""
    return Event.objects.filter(company_id=company_id, name=name, processed_at__isnull=True).count()


def answered(*, company_id: UUID, name: str) -> Sequence[Answered]:
    """Return every event of a name in a company, in the order of their numbers."""
    rows = Event.objects.filter(company_id=company_id, name=name).order_by("sequence")
    columns = ("sequence", "subject", "processed_at", "attempts", "failure")
    return [Answered(**row) for row in rows.values(*columns)]


def _is_alone(company_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 20261124))", [f"events:{company_id}"]
        )
        row = cursor.fetchone()
    return bool(row and row[0])
