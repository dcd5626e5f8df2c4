"""News: what was said of customers, feeds and their pushes, monitors."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.dossier import news as records
from tradecredit.apps.sources import feeds as kept
from tradecredit.apps.sources.feeds import FeedRecord
from tradecredit.core.dossier.news import Monitor
from tradecredit.doors.api import acting
from tradecredit.flows import ports
from tradecredit.flows.news import keep_feeds, read_feeds
from tradecredit.flows.news.feeds import Feeds, Piece
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.dossier.news import ItemRecord
    from tradecredit.flows.news.take_news import Taken

router = Router(tags=["news"])
_KEEPERS = (Role.FINANCE_MANAGER, Role.CFO, Role.CREDIT_MANAGER, Role.ADMIN, Role.INTEGRATION)
_READERS = (*_KEEPERS, Role.CREDIT_SPECIALIST, Role.RISK_DIRECTOR, Role.MANAGEMENT, Role.AUDITOR)
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(max_length=20_000)]


class NewsIn(Schema, extra="forbid"):
    """A piece of news that somebody read."""

    company: str | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    text: Text = ""
    address: Annotated[str, StringConstraints(max_length=500, pattern="^(https?://.*)?$")] = ""
    place: Name = "media"
    published_at: datetime | None = None


class FeedIn(Schema, extra="forbid"):
    """Where news comes from; hosts are named by whoever runs the server."""

    company: str | None = None
    label: Name
    shape: Name
    place: Name = "media"
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    fields: dict[Name, Name] = Field(default_factory=dict)
    every_minutes: int = 60
    active: bool = True


class MonitorIn(Schema, extra="forbid"):
    """Words that people look out for; ``polarity`` empty: as the words of the text decide."""

    company: str | None = None
    label: Name
    any_of: list[Name]
    none_of: list[Name] = Field(default_factory=list)
    polarity: str = ""
    active: bool = True


@router.get("/news", summary="The latest stories with whom they name and the words that decided")
def listed(request: HttpRequest, company: str | None = None, side: str = "") -> dict[str, Any]:
    """Answer stories, each once; ``side`` is negative, neutral or positive."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_READERS)
    with acting.reading(request):
        items = records.latest(company_id=found.pk, polarity=side)
    return {"news": [_item(one) for one in items]}


@router.post("/news", summary="Record a piece of news that somebody read")
def write(request: HttpRequest, body: NewsIn) -> HttpResponse:
    """Answer what became of it: kept where it names a customer or a monitor looks for it."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        piece = Piece(title=body.title, text=body.text, address=body.address, published_at=body.published_at)
        actor = acting.actor_of(request)
        return _taken(read_feeds.write_news(company=found, piece=piece, place=body.place, actor=actor))

    return acting.once(request, status=201, effect=effect, is_key_required=False)


@router.put("/news/feeds/{code}", summary="Describe a feed, or describe it anew")
def put_feed(request: HttpRequest, code: str, body: FeedIn) -> HttpResponse:
    """Keep the feed; it is read at its next turn."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        draft = FeedRecord(
            code=code,
            label=body.label,
            shape=body.shape,
            place=body.place,
            address=body.address,
            fields=body.fields,
            every_minutes=body.every_minutes,
            is_active=body.active,
        )
        actor, feeds = acting.actor_of(request), ports.find(Feeds)
        keep_feeds.keep_feed(company=found, draft=draft, actor=actor, feeds=feeds)
        return {"code": code, "shape": body.shape, "active": body.active}

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.post("/news/feeds/{code}/hook", summary="Push news to a feed, in the shape that the feed describes")
def hook(request: HttpRequest, code: str, company: str | None = None) -> HttpResponse:
    """Answer what became of the call, which is kept as it came; 422 when it could not be read."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_KEEPERS)
    call = read_feeds.take_hook(
        company=found,
        code=code,
        body=request.body,
        actor=acting.actor_of(request),
        feeds=ports.find(Feeds),
    )
    document = {
        "id": str(call.id),
        "taken": call.is_taken,
        "read": call.read,
        "created": call.created,
        "words": {"zh": call.words.zh, "en": call.words.en},
    }
    return JsonResponse(document, status=202 if call.is_taken else 422)


@router.put("/news/monitors/{code}", summary="Keep the words of a monitor")
def put_monitor(request: HttpRequest, code: str, body: MonitorIn) -> HttpResponse:
    """Keep the monitor; it looks at what comes from now on."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        monitor = Monitor(
            code=code,
            label=body.label,
            any_of=tuple(body.any_of),
            none_of=tuple(body.none_of),
            polarity=body.polarity,
        )
        actor = acting.actor_of(request)
        keep_feeds.keep_monitor(company=found, monitor=monitor, is_active=body.active, actor=actor)
        return {"code": code, "any_of": body.any_of, "active": body.active}

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.get("/news/feeds", summary="Every feed with its live status, the monitors and the calls that came in")
def feeds_listed(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Answer feeds, monitors and the latest calls."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_READERS)
    with acting.reading(request):
        feeds = kept.feeds(company_id=found.pk)
        monitors = kept.monitors(company_id=found.pk)
        calls = kept.hooks(company_id=found.pk)
    return {
        "feeds": [
            {
                "code": one.code,
                "label": one.label,
                "shape": one.shape,
                "place": one.place,
                "active": one.is_active,
                "items": one.items,
                "whole_at": one.whole_at.isoformat() if one.whole_at else None,
                "failures": one.failures,
                "failure": one.failure.en if one.failure else "",
            }
            for one in feeds
        ],
        "monitors": [
            {"code": one.monitor.code, "any_of": list(one.monitor.any_of), "active": one.is_active}
            for one in monitors
        ],
        "calls": [
            {"id": str(one.id), "feed": one.feed, "taken": one.is_taken, "words": one.words.en}
            for one in calls
        ],
    }


def _item(item: ItemRecord) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "feed": item.feed,
        "place": item.place,
        "title": item.title,
        "address": item.address,
        "published_at": item.published_at.isoformat(),
        "polarity": item.polarity,
        "told_again": item.told_again,
        "monitors": list(item.monitors),
        "customers": [
            {
                "code": one.customer_code,
                "named": one.named,
                "polarity": one.polarity,
                "score": one.score,
                "words": [
                    {"word": word, "points": points, "topic": topic, "turned_by": turned}
                    for word, points, topic, turned in one.words
                ],
            }
            for one in item.mentions
        ],
    }


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "read": taken.read,
        "created": taken.created,
        "repeated": taken.repeated,
        "mentions": taken.mentions,
        "negative": taken.negative,
    }
