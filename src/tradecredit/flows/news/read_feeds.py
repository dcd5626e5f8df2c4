"""Read feeds that are due, take what is pushed to us, write news by hand; every call that came in is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.apps.sources import feeds as kept
from tradecredit.apps.sources.feeds import HookRecord
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.news import keep_feeds, take_news
from tradecredit.flows.news.feeds import Piece, UnableToReadFeedError
from tradecredit.plumbing import clock, db, ids
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tradecredit.apps.sources.feeds import FeedRecord
    from tradecredit.flows.news.feeds import Brought, Feeds
    from tradecredit.flows.news.take_news import Taken
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# Technical: how much longer is waited after failures, at most sixteen times.
_DOUBLINGS_MAX: Final = 4


def read_due(*, company: Company, actor: Actor, feeds: Feeds) -> int:
    """Read the feeds whose time has come; returns how many pieces were new."""
    moment = clock.moment_in(company)
    with scope.entered(actor):
        found = kept.feeds(company_id=company.pk, only_active=True)
    due = [one for one in found if one.shape in keep_feeds.ASKED and _is_due(one, moment=moment)]
    return sum(_read(company, one, actor=actor, feeds=feeds).created for one in due)


def read_feed(*, company: Company, code: str, actor: Actor, feeds: Feeds) -> Taken:
    """Read one feed now. Raises UnableToFindFeedError, UnableToReadFeedError (which is remembered as well)."""
    feed = keep_feeds.feed_named(company=company, code=code, actor=actor)
    if feed.shape not in keep_feeds.ASKED:
        raise UnableToReadFeedError(
            Words(zh="这个新闻源不是用来读取的。", en="This feed is not one that is asked.")
        )
    brought = _asked(company, feed, actor=actor, feeds=feeds)
    if isinstance(brought, UnableToReadFeedError):
        raise brought
    return brought


def _read(company: Company, feed: FeedRecord, *, actor: Actor, feeds: Feeds) -> Taken:
    brought = _asked(company, feed, actor=actor, feeds=feeds)
    if isinstance(brought, UnableToReadFeedError):
        return take_news.Taken(read=0, created=0, repeated=0, mentions=0, negative=0)
    return brought


def _asked(
    company: Company, feed: FeedRecord, *, actor: Actor, feeds: Feeds
) -> Taken | UnableToReadFeedError:
    """Ask the feed outside of any transaction, record what it brought and how it went."""
    try:
        brought = feeds.read(shape=feed.shape, address=feed.address, fields=feed.fields)
    except UnableToReadFeedError as failure:
        with db.unit_of_work(actor):
            kept.tried(
                company_id=company.pk,
                code=feed.code,
                created=0,
                failure=failure.words,
                moment=clock.moment_in(company),
            )
        return failure
    with db.unit_of_work(actor):
        return _take(company, feed, brought, actor=actor)


def _take(company: Company, feed: FeedRecord, brought: Brought, *, actor: Actor) -> Taken:
    """Record what a feed brought, and that it was heard of."""
    taken = take_news.take_news(
        company=company, feed=feed.code, place=feed.place, pieces=brought.pieces, actor=actor
    )
    kept.tried(
        company_id=company.pk,
        code=feed.code,
        created=taken.created,
        failure=None,
        moment=clock.moment_in(company),
    )
    return taken


def take_hook(
    *, company: Company, code: str, body: bytes, actor: Actor, feeds: Feeds, again_of: UUID | None = None
) -> HookRecord:
    """Take what was pushed to a feed's address; kept as it came with what became of it, also when it is refused.

    Raises UnableToFindFeedError.
    """
    feed = keep_feeds.feed_named(company=company, code=code, actor=actor)
    text = body.decode("utf-8", errors="replace").replace("\x00", "")
    with db.unit_of_work(actor):
        try:
            brought = feeds.take_apart(shape="json", body=body, fields=feed.fields)
        except UnableToReadFeedError as refusal:
            call = _call(company, feed, text, refusal.words, again_of=again_of)
        else:
            taken = _take(company, feed, brought, actor=actor)
            call = _call(
                company, feed, text, _said(taken, brought.unreadable), again_of=again_of, taken=taken
            )
        kept.record_hook(company_id=company.pk, code=code, call=call, actor=actor)
    return call


def take_again(*, company: Company, call_id: UUID, actor: Actor, feeds: Feeds) -> HookRecord:
    """Take a call that came in once more, after the feed was put right; what is known stays as it is.

    Raises UnableToFindFeedError.
    """
    with scope.entered(actor):
        found = kept.hooks(company_id=company.pk, ids=[call_id])
    if not found:
        raise keep_feeds.UnableToFindFeedError(Words(zh="没有这条推送记录。", en="There is no such call."))
    return take_hook(
        company=company,
        code=found[0].feed,
        body=found[0].body.encode(),
        actor=actor,
        feeds=feeds,
        again_of=call_id,
    )


def write_news(*, company: Company, piece: Piece, place: str, actor: Actor) -> Taken:
    """Record a piece of news that somebody read, where it names a customer or a monitor looks out for it.

    Raises UnableToKeepFeedError for an empty headline.
    """
    if not piece.title.strip():
        raise keep_feeds.UnableToKeepFeedError(Words(zh="请填写标题。", en="Write the headline."))
    return take_news.take_news(company=company, feed="manual", place=place, pieces=[piece], actor=actor)


def _call(
    company: Company,
    feed: FeedRecord,
    text: str,
    words: Words,
    *,
    again_of: UUID | None,
    taken: Taken | None = None,
) -> HookRecord:
    return HookRecord(
        id=ids.new_id(),
        feed=feed.code,
        body=text,
        is_taken=taken is not None,
        words=words,
        read=taken.read if taken else 0,
        created=taken.created if taken else 0,
        again_of=again_of,
        received_at=clock.moment_in(company),
        received_by="",
    )


def _said(taken: Taken, unreadable: int) -> Words:
    return Words(
        zh=f"读到 {taken.read} 条，新增 {taken.created} 条，重复报道 {taken.repeated} 条，读不懂 {unreadable} 条。",
        en=f"{taken.read} read, {taken.created} new, {taken.repeated} told before, {unreadable} unreadable.",
    )


def _is_due(feed: FeedRecord, *, moment: datetime) -> bool:
    """Tell whether it is time: after its interval, twice as long for each failure in a row, up to sixteen times."""
    if feed.tried_at is None:
        return True
    doublings: int = min(feed.failures, _DOUBLINGS_MAX)
    return moment - feed.tried_at >= timedelta(minutes=feed.every_minutes) * (1 << doublings)
