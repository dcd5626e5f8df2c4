"""The adapter behind the port ``Feeds``: RSS 2.0, Atom, RDF and JSON, with every entity and address mistrusted."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.news.feeds import Brought, Piece, UnableToReadFeedError
from tradecredit.flows.sources.erps import UnableToDescribeSourceError
from tradecredit.integrations import guarded_http
from tradecredit.integrations.erps import hosts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

_PIECES_MAX: Final = 500
_TITLE_LENGTH: Final = 300
_TEXT_LENGTH: Final = 20_000
_OK: Final = 200
_TAG: Final = re.compile(r"<[^>]*>")
_SPACE: Final = re.compile(r"\s+")
_ENTRIES: Final = frozenset({"item", "entry"})
# Where our fields stand in an item of JSON, unless the feed's description says otherwise.
FIELDS: Final = {
    "items": "items",
    "title": "title",
    "text": "text",
    "address": "url",
    "key": "id",
    "published_at": "published_at",
}
_MILLISECONDS: Final = 10**11


class ReadFeeds:
    """Reads feeds over guarded requests; ``transport`` is given by tests."""

    def __init__(self, *, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport

    def check(self, address: str) -> None:
        """Refuse an address at a host that nobody named for the server."""
        try:
            hosts.refuse_foreign(address.partition("?")[0])
        except UnableToDescribeSourceError as refusal:
            raise UnableToReadFeedError(refusal.words) from refusal

    def read(self, *, shape: str, address: str, fields: Mapping[str, str]) -> Brought:
        """Ask the feed for what it has now."""
        self.check(address)
        client = guarded_http.GuardedClient(transport=self._transport, uses_proxies=False)
        accepts = "application/json" if shape == "json" else "application/rss+xml, application/atom+xml, */*"
        received = client.send("GET", address, headers={"Accept": accepts})
        if received.failure or received.status != _OK:
            why = received.failure or f"HTTP {received.status}"
            raise _unreadable(
                zh=f"新闻源没有正常应答（{why}）。稍后会自动重试。",
                en=f"The feed did not answer well ({why}). It is tried again by itself.",
            )
        return self.take_apart(shape=shape, body=received.body, fields=fields)

    def take_apart(self, *, shape: str, body: bytes, fields: Mapping[str, str]) -> Brought:
        """Return the pieces in a body."""
        found = list(_xml(body) if shape == "rss" else _json(body, {**FIELDS, **fields}))
        pieces = [piece for piece in found if piece is not None]
        return Brought(pieces=tuple(pieces[:_PIECES_MAX]), unreadable=len(found) - len(pieces))


def _xml(body: bytes) -> Iterator[Piece | None]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable(
            zh="应答不是有效的 RSS 或 Atom。请检查地址。",
            en="The answer is no RSS or Atom: check the address.",
        ) from error
    for node in root.iter():
        if isinstance(node.tag, str) and _local(node) in _ENTRIES:
            yield _entry(node)


def _entry(node: Any) -> Piece | None:
    texts: dict[str, str] = {}
    for child in node:
        if isinstance(child.tag, str):
            text = "".join(child.itertext()).strip() or child.get("href", "")
            texts.setdefault(_local(child), text)
    title = plain(texts.get("title", ""))[:_TITLE_LENGTH]
    if not title:
        return None
    address = texts.get("link", "")
    return Piece(
        title=title,
        text=plain(texts.get("encoded") or texts.get("content") or _summary(texts))[:_TEXT_LENGTH],
        address=_safe(address),
        key=texts.get("guid") or texts.get("id") or address,
        published_at=moment(texts.get("pubdate") or texts.get("published") or _changed(texts)),
    )


def _summary(texts: Mapping[str, str]) -> str:
    return texts.get("description") or texts.get("summary", "")


def _changed(texts: Mapping[str, str]) -> str:
    return texts.get("updated") or texts.get("date", "")


def _local(node: Any) -> str:
    return str(etree.QName(node).localname).lower()


def _json(body: bytes, fields: Mapping[str, str]) -> Iterator[Piece | None]:
    try:
        document = guarded_http.document_of(body)
    except ValueError as error:
        raise _unreadable(
            zh="内容不是有效的 JSON。请检查推送方的格式。", en="This is no JSON: check what is sent."
        ) from error
    items = document if isinstance(document, list) else _at(document, fields["items"])
    if not isinstance(items, list):
        raise _unreadable(
            zh=f"JSON 里没有列表“{fields['items']}”。请在新闻源里写明条目的位置。",
            en=f"There is no list “{fields['items']}” in the JSON: say in the feed where its items stand.",
        )
    for item in items:
        yield _piece(item, fields)


def _piece(item: Any, fields: Mapping[str, str]) -> Piece | None:
    title = plain(_text(_at(item, fields["title"])))[:_TITLE_LENGTH]
    if not title:
        return None
    address = _safe(_text(_at(item, fields["address"])))
    return Piece(
        title=title,
        text=plain(_text(_at(item, fields["text"])))[:_TEXT_LENGTH],
        address=address,
        key=_text(_at(item, fields["key"])) or address,
        published_at=moment(_text(_at(item, fields["published_at"]))),
    )


def _at(document: Any, path: str) -> Any:
    """Return what stands at ``data.list``; None where nothing does."""
    for step in path.split("."):
        if not isinstance(document, dict):
            return None
        document = document.get(step)
    return document


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value)


def _safe(address: str) -> str:
    """Return a web address, or nothing: what is shown as a link is never a script."""
    return address if address.startswith(("https://", "http://")) else ""


def plain(text: str) -> str:
    """Return a text without tags and entities, its white space folded: ``<em>破产</em>&amp;`` is ``破产&``."""
    return _SPACE.sub(" ", html.unescape(_TAG.sub("", html.unescape(text)))).strip()


def moment(text: str) -> datetime | None:
    """Return the moment of an RFC 2822 or ISO date, or of seconds or milliseconds since 1970; None where it is none."""
    clean = text.strip()
    try:
        if clean.isdecimal():
            number = int(clean)
            return datetime.fromtimestamp(number // 1000 if number > _MILLISECONDS else number, tz=UTC)
        found = datetime.fromisoformat(clean) if clean[:4].isdecimal() else parsedate_to_datetime(clean)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _unreadable(*, zh: str, en: str) -> UnableToReadFeedError:
    return UnableToReadFeedError(Words(zh=zh, en=en))
