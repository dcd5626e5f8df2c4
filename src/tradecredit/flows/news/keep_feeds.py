"""Describe a feed of news, and keep the words that people look out for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tradecredit.apps.sources import feeds as kept
from tradecredit.core.dossier import news
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.news.feeds import PLACES, SHAPES, UnableToReadFeedError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from tradecredit.apps.sources.feeds import FeedRecord
    from tradecredit.core.dossier.news import Monitor
    from tradecredit.flows.news.feeds import Feeds
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,23}")
_LABEL_LENGTH: Final = 100
_MINUTES_MAX: Final = 1440
_WORD_LENGTH_MIN: Final = 2
_WORDS_MAX: Final = 60
ASKED: Final = ("rss", "json")


class UnableToKeepFeedError(UnableToError):
    """The feed or monitor is described wrongly."""

    code = "feed_badly_described"
    status = 422


class UnableToFindFeedError(UnableToError):
    """The company has no feed of this code, or no call of this number."""

    code = "feed_unknown"
    status = 404


def keep_feed(*, company: Company, draft: FeedRecord, actor: Actor, feeds: Feeds) -> None:
    """Describe a feed or describe it anew; the same again changes nothing. Raises UnableToKeepFeedError."""
    _check_feed(draft, feeds)
    with db.unit_of_work(actor):
        before = kept.feed(company_id=company.pk, code=draft.code)
        if before is not None and _spoken(before) == _spoken(draft):
            return
        kept.keep_feed(company_id=company.pk, draft=draft, actor=actor)
        words = Words(
            zh=f"新闻源 {draft.code}（{SHAPES[draft.shape].zh}，{PLACES[draft.place].zh}）已保存",
            en=f"feed {draft.code} ({SHAPES[draft.shape].en}, {PLACES[draft.place].en}) is kept",
        )
        entry = log.NewEntry(stream=f"feed:{draft.code}", kind="feed.kept", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def feed_named(*, company: Company, code: str, actor: Actor) -> FeedRecord:
    """Return the feed; raises UnableToFindFeedError."""
    with scope.entered(actor):
        found = kept.feed(company_id=company.pk, code=code)
    if found is None:
        raise UnableToFindFeedError(
            Words(zh=f"没有新闻源 {code}。请先新增。", en=f"There is no feed {code}: add it first.")
        )
    return found


def keep_monitor(*, company: Company, monitor: Monitor, is_active: bool, actor: Actor) -> None:
    """Keep the words of a monitor; it looks at what comes from now on. Raises UnableToKeepFeedError."""
    _check_monitor(monitor)
    with db.unit_of_work(actor):
        kept.keep_monitor(company_id=company.pk, monitor=monitor, is_active=is_active, actor=actor)
        zh, en = "、".join(monitor.any_of), ", ".join(monitor.any_of)
        state = ("启用", "on") if is_active else ("停用", "off")
        words = Words(
            zh=f"关键词监测 {monitor.label}（{state[0]}）：{zh}",
            en=f"monitor {monitor.label} ({state[1]}): {en}",
        )
        entry = log.NewEntry(stream=f"monitor:{monitor.code}", kind="monitor.kept", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def _spoken(feed: FeedRecord) -> tuple[object, ...]:
    return (
        *(feed.label, feed.shape, feed.place, feed.address, dict(feed.fields)),
        *(feed.every_minutes, feed.is_active),
    )


def _check_feed(draft: FeedRecord, feeds: Feeds) -> None:
    _check_code(draft.code, draft.label)
    if draft.shape not in SHAPES or draft.place not in PLACES:
        raise _wrong(
            zh=f"类型应为 {'、'.join(SHAPES)}；来源应为 {'、'.join(PLACES)}。",
            en=f"The shape is one of {', '.join(SHAPES)}; the place one of {', '.join(PLACES)}.",
        )
    if not 1 <= draft.every_minutes <= _MINUTES_MAX:
        raise _wrong(zh="读取间隔为 1 至 1440 分钟。", en="It is read every 1 to 1440 minutes.")
    if draft.shape not in ASKED:
        return
    try:
        feeds.check(draft.address)
    except UnableToReadFeedError as refusal:
        raise UnableToKeepFeedError(refusal.words) from refusal


def _check_monitor(monitor: Monitor) -> None:
    _check_code(monitor.code, monitor.label)
    words = (*monitor.any_of, *monitor.none_of)
    too_short = [word for word in words if len(word.strip()) < _WORD_LENGTH_MIN]
    if not monitor.any_of or too_short or len(words) > _WORDS_MAX:
        raise _wrong(
            zh=f"请写 1 至 {_WORDS_MAX} 个关键词，每个至少 {_WORD_LENGTH_MIN} 个字。",
            en=f"Give 1 to {_WORDS_MAX} words of at least {_WORD_LENGTH_MIN} characters each.",
        )
    if monitor.polarity and monitor.polarity not in news.POLARITIES:
        raise _wrong(
            zh=f"倾向应为 {'、'.join(news.POLARITIES)} 或留空。",
            en=f"The side is one of {', '.join(news.POLARITIES)}, or empty.",
        )


def _check_code(code: str, label: str) -> None:
    if not _CODE.fullmatch(code):
        raise _wrong(
            zh="代码须为 2 至 24 个小写字母、数字或连字符，以字母开头，例如 trade-press。",
            en="A code is 2 to 24 lower-case letters, digits or hyphens, such as trade-press.",
        )
    if not label.strip() or len(label) > _LABEL_LENGTH:
        raise _wrong(zh="请填写名称（不超过 100 字）。", en="Give it a name (at most 100 characters).")


def _wrong(*, zh: str, en: str) -> UnableToKeepFeedError:
    return UnableToKeepFeedError(Words(zh=zh, en=en))
