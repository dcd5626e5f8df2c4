"""Feeds as they come: RSS, Atom, JSON, and what is none of them."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from tradecredit.flows.news.feeds import UnableToReadFeedError
from tradecredit.integrations.news.feeds import ReadFeeds, moment, plain

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>示例财经</title>
<item><title>示例&lt;em&gt;恒达&lt;/em&gt;被受理破产申请</title><link>https://news.example.com/1</link>
<guid>n-1</guid><description><![CDATA[<p>法院&nbsp;受理</p>]]></description>
<pubDate>Mon, 02 Mar 2026 09:30:00 +0800</pubDate></item>
<item><title> </title><link>https://news.example.com/2</link></item></channel></rss>""".encode()
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>中标</title>
<link href="javascript:alert(1)"/><id>tag:1</id><summary>短</summary><updated>2026-03-02T01:30:00Z</updated></entry>
</feed>""".encode()
BOMB = b"""<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
<!ENTITY f SYSTEM "file:///etc/hostname">]><rss><channel><item><title>t &f; &b;</title></item></channel></rss>"""


class TestTakeApart:
    """Bodies of every shape."""

    def test_rss_without_tags_and_entities(self):
        found = ReadFeeds().take_apart(shape="rss", body=RSS, fields={})

        assert found.unreadable == 1
        (piece,) = found.pieces
        assert (piece.title, piece.text, piece.key) == ("示例恒达被受理破产申请", "法院 受理", "n-1")
        assert piece.address == "https://news.example.com/1"
        assert piece.published_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

    def test_atom_and_no_script_for_an_address(self):
        (piece,) = ReadFeeds().take_apart(shape="rss", body=ATOM, fields={}).pieces

        assert (piece.title, piece.text, piece.address) == ("中标", "短", "")
        assert piece.published_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

    def test_entities_are_neither_fetched_nor_blown_up(self):
        (piece,) = ReadFeeds().take_apart(shape="rss", body=BOMB, fields={}).pieces

        assert piece.title == "t &f; &b;"

    def test_json_where_the_description_says(self):
        body = '{"data": {"list": [{"t": "破产", "at": 1772415000000, "n": 7}, {"t": ""}, 5]}}'.encode()
        fields = {"items": "data.list", "title": "t", "published_at": "at", "key": "n"}

        found = ReadFeeds().take_apart(shape="json", body=body, fields=fields)

        assert found.unreadable == 2
        assert [(one.title, one.key) for one in found.pieces] == [("破产", "7")]
        assert found.pieces[0].published_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("shape", "body"), [("rss", b"<html"), ("json", b"{"), ("json", b'{"items": 3}'), ("json", b'"x"')]
    )
    def test_what_is_no_feed_is_said(self, shape, body):
        with pytest.raises(UnableToReadFeedError):
            ReadFeeds().take_apart(shape=shape, body=body, fields={})


class TestRead:
    """Asking a feed."""

    def test_only_named_hosts_are_asked(self, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_SOURCE_HOSTS", "news.example.com")
        feeds = ReadFeeds(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=RSS)))

        found = feeds.read(shape="rss", address="https://news.example.com/feed?tag=a", fields={})

        assert len(found.pieces) == 1
        with pytest.raises(UnableToReadFeedError, match="TRADECREDIT_SOURCE_HOSTS"):
            feeds.read(shape="rss", address="https://elsewhere.example.com/feed", fields={})

    def test_a_bad_answer_is_a_sentence(self, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_SOURCE_HOSTS", "news.example.com")
        feeds = ReadFeeds(transport=httpx.MockTransport(lambda _: httpx.Response(503)))

        with pytest.raises(UnableToReadFeedError, match="503"):
            feeds.read(shape="rss", address="https://news.example.com/feed", fields={})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("1772415000", datetime(2026, 3, 2, 1, 30, tzinfo=UTC)),
        ("昨天", None),
        ("", None),
        ("9999999999999999999", None),
    ],
)
def test_moments(text, wanted):
    assert moment(text) == wanted


def test_plain_text():
    assert plain("<b>破产</b>&amp;  清算\n") == "破产& 清算"
