"""One request to a bureau: what comes back is a document, or an act that its absence means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.dossier.bureau.answers import Act
from tradecredit.integrations import guarded_http

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_DENIED: Final = frozenset({401, 403})
_OK: Final = 200
_FAILED: Final = {"timeout": Act.TIMEOUT, "connection": Act.TIMEOUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: a document, or the act that its absence means."""

    document: Any = None
    act: Act | None = None
    code: str = ""


class Wire:
    """Sends requests; ``transport`` is given by tests and by the fake provider."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._client = guarded_http.GuardedClient(transport=transport)

    def get(self, url: str, *, headers: Mapping[str, str], query: Mapping[str, str]) -> Reply:
        """Send one request and return its document, or the act for a time-out, a busy provider or garbage.

        Nothing is raised for what the other side does, and nothing of headers or query is in any message.
        """
        received = self._client.send("GET", url, headers=headers, query=query)
        if received.failure in _FAILED:
            return Reply(act=_FAILED[received.failure], code=received.failure)
        if received.status in _BUSY:
            return Reply(act=Act.RETRY, code=f"http-{received.status}")
        if received.status in _DENIED:
            return Reply(act=Act.STOPPED, code=f"http-{received.status}")
        if received.status != _OK:
            return Reply(act=Act.GARBAGE, code=f"http-{received.status}")
        return _document(received)


def _document(received: guarded_http.Received) -> Reply:
    if received.failure:
        return Reply(act=Act.GARBAGE, code=received.failure)
    try:
        document = guarded_http.document_of(received.body)
    except ValueError as error:
        is_deep = str(error) == "too deep"
        return Reply(act=Act.GARBAGE, code="not-documented" if is_deep else "not-json")
    if not isinstance(document, dict):
        return Reply(act=Act.GARBAGE, code="not-documented")
    return Reply(document=document)
