"""News of customers: what was said, by which words it speaks against them; feeds, monitors and calls that came in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.apps.dossier import news as records
from tradecredit.apps.sources import feeds as kept
from tradecredit.apps.sources.feeds import FeedRecord
from tradecredit.core.dossier import news as reading
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows import permissions, ports
from tradecredit.flows.news import keep_feeds, read_feeds
from tradecredit.flows.news.feeds import PLACES, SHAPES, Feeds, Piece

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

SIDES: Final = {
    "negative": Words(zh="负面", en="against"),
    "neutral": Words(zh="中性", en="neutral"),
    "positive": Words(zh="正面", en="for"),
}
_SPLIT: Final = re.compile(r"[,，、;；\n]+")
_BODY_SHOWN: Final = 400


@require_http_methods(["GET", "POST"])
@acting.page
def news(request: HttpRequest) -> HttpResponse:
    """Show the latest stories, and take one that somebody read."""
    if request.method == "POST":
        back = reverse("web:news")
        done = Words(zh="已记录。", en="Recorded.")
        return acting.act(
            request, action="keep_sources", effect=lambda: _write(request), back=back, done=done
        )
    acting.require(request, "see_sources")
    company = acting.company_of(request)
    side = request.GET.get("side", "")
    context = {
        "items": records.latest(company_id=company.pk, polarity=side if side in SIDES else ""),
        "sides": SIDES,
        "side": side,
        "places": PLACES,
        "may": permissions.may(acting.actor_of(request), company.pk, "keep_sources"),
    }
    return render(request, "web/news.html", context)


def _write(request: HttpRequest) -> str:
    piece = Piece(
        title=request.POST.get("title", "").strip(),
        text=request.POST.get("text", "").strip(),
        address=_web_address(request.POST.get("address", "").strip()),
    )
    place = request.POST.get("place", "")
    read_feeds.write_news(
        company=acting.company_of(request),
        piece=piece,
        place=place if place in PLACES else "media",
        actor=acting.actor_of(request),
    )
    return reverse("web:news")


def _web_address(text: str) -> str:
    return text if text.startswith(("https://", "http://")) else ""


@require_http_methods(["GET", "POST"])
@acting.page
def news_feeds(request: HttpRequest) -> HttpResponse:
    """Show every feed with its live status, the monitors and the calls that came in; describe a feed."""
    back = reverse("web:news_feeds")
    if request.method == "POST":
        done = Words(zh="已保存新闻源。", en="The feed is kept.")
        return acting.act(
            request, action="keep_sources", effect=lambda: _keep_feed(request), back=back, done=done
        )
    acting.require(request, "see_sources")
    company = acting.company_of(request)
    found = kept.feeds(company_id=company.pk)
    context = {
        "feeds": [{"is": one, "shape": SHAPES[one.shape], "place": PLACES[one.place]} for one in found],
        "chosen": next((one for one in found if one.code == request.GET.get("feed")), None),
        "monitors": kept.monitors(company_id=company.pk),
        "calls": [{"is": one, "body": one.body[:_BODY_SHOWN]} for one in kept.hooks(company_id=company.pk)],
        "shapes": SHAPES,
        "places": PLACES,
        "sides": SIDES,
        "may": permissions.may(acting.actor_of(request), company.pk, "keep_sources"),
    }
    return render(request, "web/news_feeds.html", context)


def _keep_feed(request: HttpRequest) -> str:
    fields = {
        name: value.strip()
        for name in ("items", "title", "text", "address", "key", "published_at")
        if (value := request.POST.get(f"at_{name}", "")).strip()
    }
    minutes = request.POST.get("every_minutes", "60")
    code = request.POST.get("code", "").strip()
    draft = FeedRecord(
        code=code,
        label=request.POST.get("label", "").strip() or code,
        shape=request.POST.get("shape", ""),
        place=request.POST.get("place", ""),
        address=request.POST.get("address", "").strip(),
        fields=fields,
        every_minutes=int(minutes) if minutes.isdecimal() else 0,
        is_active=not request.POST.get("is_off"),
    )
    keep_feeds.keep_feed(
        company=acting.company_of(request),
        draft=draft,
        actor=acting.actor_of(request),
        feeds=ports.find(Feeds),
    )
    return reverse("web:news_feeds")


@require_POST
@acting.page
def keep_monitor(request: HttpRequest) -> HttpResponse:
    """Keep the words of a monitor."""
    back = reverse("web:news_feeds")

    def effect() -> str:
        code = request.POST.get("code", "").strip()
        monitor = reading.Monitor(
            code=code,
            label=request.POST.get("label", "").strip() or code,
            any_of=_list(request.POST.get("any_of", "")),
            none_of=_list(request.POST.get("none_of", "")),
            polarity=request.POST.get("polarity", ""),
        )
        keep_feeds.keep_monitor(
            company=acting.company_of(request),
            monitor=monitor,
            is_active=not request.POST.get("is_off"),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已保存关键词监测。", en="The monitor is kept.")
    return acting.act(request, action="keep_sources", effect=effect, back=back, done=done)


@require_POST
@acting.page
def read_feed(request: HttpRequest, code: str) -> HttpResponse:
    """Read a feed now."""
    back = reverse("web:news_feeds")

    def effect() -> str:
        read_feeds.read_feed(
            company=acting.company_of(request),
            code=code,
            actor=acting.actor_of(request),
            feeds=ports.find(Feeds),
        )
        return back

    done = Words(zh="已读取。", en="It was read.")
    return acting.act(request, action="keep_sources", effect=effect, back=back, done=done)


@require_POST
@acting.page
def take_again(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Take a call that came in once more."""
    back = reverse("web:news_feeds")

    def effect() -> str:
        read_feeds.take_again(
            company=acting.company_of(request),
            call_id=call_id,
            actor=acting.actor_of(request),
            feeds=ports.find(Feeds),
        )
        return back

    done = Words(zh="已重新处理，结果见最新一条。", en="Taken again: see the latest call.")
    return acting.act(request, action="keep_sources", effect=effect, back=back, done=done)


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in _SPLIT.split(text) if word.strip()))
