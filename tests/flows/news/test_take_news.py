"""News is taken once, of whom it speaks is known, and what speaks against a customer is a fact."""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx
import pytest

from factories import customers, policies
from tradecredit.apps.dossier import news, queries
from tradecredit.apps.sources import feeds as kept
from tradecredit.apps.sources.feeds import FeedRecord
from tradecredit.core.dossier.news import Monitor
from tradecredit.flows.news import keep_feeds, read_feeds, take_news
from tradecredit.flows.news.feeds import Piece, UnableToReadFeedError
from tradecredit.integrations.news.feeds import ReadFeeds
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
BAD = Piece(
    title="示例恒达机电设备被法院受理破产申请 - 示例财经网",
    text="记者获悉。",
    address="https://news.example.com/1",
    key="n-1",
    published_at=datetime(2026, 2, 27, 2, tzinfo=UTC),
)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def house(company):
    policies.published(company)
    customers.customer(company, "C1", "示例恒达机电设备有限公司")
    customers.customer(company, "C2", "示例长安五金制品有限公司")
    return company


def take(company, actor, *pieces, feed="press"):
    return take_news.take_news(company=company, feed=feed, place="media", pieces=pieces, actor=actor)


def facts_of(company, actor, code, day=TODAY):
    with scope.entered(actor):
        customer = queries.customer_by_code(code)
        return queries.facts_in_force(customer_ids=[customer.id], as_of=day).get(customer.id, {})


def test_what_speaks_against_a_customer_is_a_fact_with_the_words(house, system_actor):
    taken = take(house, system_actor, BAD)

    assert (taken.read, taken.created, taken.mentions, taken.negative) == (1, 1, 1, 1)
    fact = facts_of(house, system_actor, "C1")["negative_news"]
    assert (fact.value, fact.valid_from, fact.valid_to) == ("yes", date(2026, 2, 27), date(2026, 5, 28))
    assert fact.source == "news:press"
    assert "破产申请 -4" in fact.evidence
    assert "negative_news" not in facts_of(house, system_actor, "C2")
    with scope.entered(system_actor):
        (item,) = news.latest(company_id=house.pk)
    (mention,) = item.mentions
    assert (mention.customer_code, mention.polarity, mention.words[0][0]) == ("C1", "negative", "破产申请")


def test_the_same_piece_twice_changes_nothing_and_the_same_story_counts_once(house, system_actor):
    take(house, system_actor, BAD)
    elsewhere = Piece(title="示例恒达机电设备被法院受理破产申请｜示例日报", key="d-9")
    reworded = Piece(title="示例恒达机电设备被法院裁定受理破产申请", key="d-10")

    again = take(house, system_actor, BAD)
    others = take(house, system_actor, elsewhere, reworded, feed="daily")

    assert (again.created, again.negative) == (0, 0)
    assert (others.created, others.repeated, others.negative) == (2, 2, 0)
    with scope.entered(system_actor):
        (item,) = news.latest(company_id=house.pk)
    assert item.told_again == 2


def test_what_names_nobody_is_kept_only_for_a_monitor(house, system_actor):
    steel = Piece(title="螺纹钢价格大跌", key="s-1")
    before = take(house, system_actor, steel)
    keep_feeds.keep_monitor(
        company=house,
        monitor=Monitor(code="steel", label="钢材", any_of=("螺纹钢",), polarity="negative"),
        is_active=True,
        actor=system_actor,
    )

    after = take(house, system_actor, steel)

    assert (before.created, after.created, after.negative) == (0, 1, 0)
    with scope.entered(system_actor):
        (item,) = news.latest(company_id=house.pk, polarity="negative")
    assert (item.monitors, item.mentions) == (["steel"], ())


def test_a_push_is_kept_as_it_came_and_taken_again_when_the_feed_is_right(house, system_actor):
    feeds = ReadFeeds()
    draft = FeedRecord(code="push", label="推送", shape="webhook", place="network")
    keep_feeds.keep_feed(company=house, draft=draft, actor=system_actor, feeds=feeds)
    body = '{"data": [{"title": "示例长安五金制品欠薪", "id": 5}]}'.encode()

    refused = read_feeds.take_hook(company=house, code="push", body=body, actor=system_actor, feeds=feeds)
    right = FeedRecord(code="push", label="推送", shape="webhook", place="network", fields={"items": "data"})
    keep_feeds.keep_feed(company=house, draft=right, actor=system_actor, feeds=feeds)
    taken = read_feeds.take_again(company=house, call_id=refused.id, actor=system_actor, feeds=feeds)

    assert (refused.is_taken, taken.is_taken, taken.created, taken.again_of) == (False, True, 1, refused.id)
    assert facts_of(house, system_actor, "C2")["negative_news"].value == "yes"
    with scope.entered(system_actor):
        assert [one.is_taken for one in kept.hooks(company_id=house.pk)] == [True, False]


def test_feeds_are_read_when_due_and_failures_are_said(house, system_actor, monkeypatch):
    monkeypatch.setenv("TRADECREDIT_SOURCE_HOSTS", "news.example.com")
    answers = [httpx.Response(503), httpx.Response(200, json=[{"title": BAD.title, "id": 1}])]
    feeds = ReadFeeds(transport=httpx.MockTransport(lambda _: answers.pop(0)))
    draft = FeedRecord(
        code="press", label="媒体", shape="json", place="media", address="https://news.example.com/f"
    )
    keep_feeds.keep_feed(company=house, draft=draft, actor=system_actor, feeds=feeds)

    first = read_feeds.read_due(company=house, actor=system_actor, feeds=feeds)
    too_early = read_feeds.read_due(company=house, actor=system_actor, feeds=feeds)
    with scope.entered(system_actor):
        failed = kept.feed(company_id=house.pk, code="press")
    with clock.at(datetime(2026, 3, 2, 8, tzinfo=UTC)):
        second = read_feeds.read_due(company=house, actor=system_actor, feeds=feeds)
    with scope.entered(system_actor):
        well = kept.feed(company_id=house.pk, code="press")

    assert (first, too_early, second) == (0, 0, 1)
    assert "503" in failed.failure.en
    assert (well.failure, well.failures, well.items) == (None, 0, 1)


def test_what_is_described_wrongly_is_refused(house, system_actor):
    feeds = ReadFeeds()
    good = {"code": "press", "label": "x", "shape": "rss", "place": "media"}

    for wrong in (
        {"code": "P"},
        {"label": " "},
        {"shape": "fax"},
        {"every_minutes": 0},
        {"address": "ftp://x"},
    ):
        with pytest.raises(keep_feeds.UnableToKeepFeedError):
            keep_feeds.keep_feed(
                company=house, draft=FeedRecord(**{**good, **wrong}), actor=system_actor, feeds=feeds
            )
    with pytest.raises(keep_feeds.UnableToKeepFeedError):
        keep_feeds.keep_monitor(
            company=house,
            monitor=Monitor(code="one", label="x", any_of=("a",)),
            is_active=True,
            actor=system_actor,
        )
    with pytest.raises(keep_feeds.UnableToFindFeedError):
        read_feeds.read_feed(company=house, code="nobody", actor=system_actor, feeds=feeds)
    with pytest.raises(UnableToReadFeedError):
        draft = FeedRecord(code="hand", label="x", shape="manual", place="media")
        keep_feeds.keep_feed(company=house, draft=draft, actor=system_actor, feeds=feeds)
        read_feeds.read_feed(company=house, code="hand", actor=system_actor, feeds=feeds)
