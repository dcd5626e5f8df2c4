"""Feeds of news with how far they were read, the monitors, and the calls that came in: kept and listed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.apps.sources.models import HookCall, NewsFeed, NewsMonitor
from tradecredit.core.dossier.news import Monitor
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

_BODY_LENGTH = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRecord:
    """Where news comes from, and how reading it went."""

    code: str
    label: str
    shape: str
    place: str
    address: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    every_minutes: int = 60
    is_active: bool = True
    tried_at: datetime | None = None
    whole_at: datetime | None = None
    items: int = 0
    failures: int = 0
    failure: Words | None = None
    changed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRecord:
    """Words that people look out for, as they were recorded last."""

    monitor: Monitor
    is_active: bool
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRecord:
    """A call that came in, with what became of it."""

    id: UUID
    feed: str
    body: str
    is_taken: bool
    words: Words
    read: int
    created: int
    again_of: UUID | None
    received_at: datetime
    received_by: str


def feeds(*, company_id: UUID, only_active: bool = False) -> tuple[FeedRecord, ...]:
    """Return the feeds by code."""
    rows = NewsFeed.objects.filter(company_id=company_id).order_by("code")
    return tuple(_feed(row) for row in (rows.filter(is_active=True) if only_active else rows))


def feed(*, company_id: UUID, code: str) -> FeedRecord | None:
    """Return one feed, if the company has it."""
    row = NewsFeed.objects.filter(company_id=company_id, code=code).first()
    return None if row is None else _feed(row)


def keep_feed(*, company_id: UUID, draft: FeedRecord, actor: Actor) -> None:
    """Describe a feed, or describe it anew; how far it was read stays."""
    db.transaction_required()
    NewsFeed.objects.update_or_create(
        company_id=company_id,
        code=draft.code,
        defaults={
            "label": draft.label,
            "shape": draft.shape,
            "place": draft.place,
            "address": draft.address,
            "fields": dict(draft.fields),
            "every_minutes": draft.every_minutes,
            "is_active": draft.is_active,
            "changed_at": clock.now(),
            "changed_by": actor.name,
        },
    )


def tried(*, company_id: UUID, code: str, created: int, failure: Words | None, moment: datetime) -> None:
    """Record how reading a feed went."""
    db.transaction_required()
    row = NewsFeed.objects.select_for_update(of=("self",)).get(company_id=company_id, code=code)
    row.tried_at = moment
    row.items += created
    row.failures = row.failures + 1 if failure else 0
    row.failure = {"zh": failure.zh, "en": failure.en} if failure else {}
    if failure is None:
        row.whole_at = moment
    row.save(update_fields=["tried_at", "whole_at", "items", "failures", "failure"])


def monitors(*, company_id: UUID) -> tuple[MonitorRecord, ...]:
    """Return the monitors by code, as they were recorded last."""
    rows = NewsMonitor.objects.filter(company_id=company_id)
    return tuple(
        MonitorRecord(
            monitor=Monitor(
                code=row.code,
                label=row.label,
                any_of=tuple(row.any_of),
                none_of=tuple(row.none_of),
                polarity=row.polarity,
            ),
            is_active=row.is_active,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows.order_by("code", "-recorded_at", "-id").distinct("code")
    )


def active_monitors(*, company_id: UUID) -> tuple[Monitor, ...]:
    """Return the monitors that look."""
    return tuple(one.monitor for one in monitors(company_id=company_id) if one.is_active)


def keep_monitor(*, company_id: UUID, monitor: Monitor, is_active: bool, actor: Actor) -> None:
    """Append a monitor; it looks from now on."""
    db.transaction_required()
    NewsMonitor.objects.create(
        company_id=company_id,
        code=monitor.code,
        label=monitor.label,
        any_of=list(monitor.any_of),
        none_of=list(monitor.none_of),
        polarity=monitor.polarity,
        is_active=is_active,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )


def record_hook(*, company_id: UUID, code: str, call: HookRecord, actor: Actor) -> None:
    """Append a call that came in for a feed."""
    db.transaction_required()
    HookCall.objects.create(
        id=call.id,
        company_id=company_id,
        feed=NewsFeed.objects.get(company_id=company_id, code=code),
        body=call.body[:_BODY_LENGTH],
        status="taken" if call.is_taken else "refused",
        words={"zh": call.words.zh, "en": call.words.en},
        read=call.read,
        created=call.created,
        again_of_id=call.again_of,
        received_at=call.received_at,
        received_by=actor.name,
    )


def hooks(*, company_id: UUID, most: int = 30, ids: Iterable[UUID] | None = None) -> tuple[HookRecord, ...]:
    """Return the latest calls, newest first (those with these identifiers only)."""
    rows = HookCall.objects.filter(company_id=company_id).select_related("feed")
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return tuple(
        HookRecord(
            id=row.pk,
            feed=row.feed.code,
            body=row.body,
            is_taken=row.status == "taken",
            words=Words(zh=row.words["zh"], en=row.words["en"]),
            read=row.read,
            created=row.created,
            again_of=row.again_of_id,
            received_at=row.received_at,
            received_by=row.received_by,
        )
        for row in rows.order_by("-received_at", "-id")[:most]
    )


def _feed(row: NewsFeed) -> FeedRecord:
    return FeedRecord(
        code=row.code,
        label=row.label,
        shape=row.shape,
        place=row.place,
        address=row.address,
        fields=row.fields,
        every_minutes=row.every_minutes,
        is_active=row.is_active,
        tried_at=row.tried_at,
        whole_at=row.whole_at,
        items=row.items,
        failures=row.failures,
        failure=Words(zh=row.failure["zh"], en=row.failure["en"]) if row.failure else None,
        changed_by=row.changed_by,
    )
