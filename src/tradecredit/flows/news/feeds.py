"""The port to feeds of news, and what comes from one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SHAPES: Final = {
    "rss": Words(zh="RSS / Atom", en="RSS / Atom"),
    "json": Words(zh="JSON 接口", en="JSON interface"),
    "webhook": Words(zh="推送（Webhook）", en="pushed to us (webhook)"),
    "manual": Words(zh="人工录入", en="written by people"),
}
PLACES: Final = {
    "search": Words(zh="搜索引擎", en="search engines"),
    "media": Words(zh="行业媒体", en="trade press"),
    "social": Words(zh="社交网络", en="social networks"),
    "network": Words(zh="供应商与客户网络", en="suppliers and customers"),
}


class UnableToReadFeedError(UnableToError):
    """The feed does not answer, may not be asked, or answers something unreadable."""

    code = "feed_unreadable"
    status = 502


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of news as it came; without a moment of its own it is of the moment at which it is taken."""

    title: str
    text: str = ""
    address: str = ""
    key: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a feed brought: readable pieces, and how many could not be read."""

    pieces: tuple[Piece, ...]
    unreadable: int = 0


class Feeds(Protocol):
    """Reads feeds; implemented by an integration."""

    def read(self, *, shape: str, address: str, fields: Mapping[str, str]) -> Brought:
        """Ask the feed for what it has now. Raises UnableToReadFeedError."""
        ...

    def take_apart(self, *, shape: str, body: bytes, fields: Mapping[str, str]) -> Brought:
        """Return the pieces in a body; a webhook's is JSON. Raises UnableToReadFeedError."""
        ...

    def check(self, address: str) -> None:
        """Refuse an address that may not be asked. Raises UnableToReadFeedError."""
        ...
