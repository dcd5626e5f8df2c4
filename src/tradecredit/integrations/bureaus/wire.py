"""One request over HTTP: short time-outs, no redirects, a bound on the size, numbers exact, failures by name."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import httpx

from tradecredit.core.dossier.bureau.answers import Act

if TYPE_CHECKING:
    from collections.abc import Mapping

# It would write every address with its query, in which one provider wants its key.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_BYTES_MAX: Final = 4_000_000
_DEPTH_MAX: Final = 40
_TIMEOUT: Final = httpx.Timeout(8.0, connect=3.0)
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_DENIED: Final = frozenset({401, 403})
_OK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: a document, or the act that its absence means."""

    document: Any = None
    act: Act | None = None
    code: str = ""


class Wire:
    """Sends requests; ``transport`` is given by tests and by the fake provider."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            timeout=_TIMEOUT, transport=transport, follow_redirects=False, trust_env=transport is None
        )

    def get(self, url: str, *, headers: Mapping[str, str], query: Mapping[str, str]) -> Reply:
        """Send one request and return its document, or the act for a time-out, a busy provider or garbage.

        Nothing is raised for what the other side does, and nothing of headers or query is in any message.
        """
        try:
            with self._client.stream(
                "GET", url, headers={**headers, "Accept": "application/json"}, params=dict(query)
            ) as response:
                status = response.status_code
                body = _body(response)
        except httpx.TimeoutException:
            return Reply(act=Act.TIMEOUT, code="timeout")
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Reply(act=Act.TIMEOUT, code="connection")
        if status in _BUSY:
            return Reply(act=Act.RETRY, code=f"http-{status}")
        if status in _DENIED:
            return Reply(act=Act.STOPPED, code=f"http-{status}")
        if status != _OK:
            return Reply(act=Act.GARBAGE, code=f"http-{status}")
        return _document(body)


def _body(response: httpx.Response) -> bytes | None:
    """Return the body, or None when it is larger than any honest answer."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > _BYTES_MAX:
            return None
        parts.append(part)
    return b"".join(parts)


def _document(body: bytes | None) -> Reply:
    if body is None:
        return Reply(act=Act.GARBAGE, code="too-large")
    try:
        # Numbers are read exactly; NaN and Infinity are no JSON.
        document = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return Reply(act=Act.GARBAGE, code="not-json")
    if not isinstance(document, dict) or _is_too_deep(document):
        return Reply(act=Act.GARBAGE, code="not-documented")
    return Reply(document=document)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _is_too_deep(value: Any, depth: int = 0) -> bool:
    if depth > _DEPTH_MAX:
        return True
    if isinstance(value, dict):
        return any(_is_too_deep(one, depth + 1) for one in value.values())
    if isinstance(value, list):
        return any(_is_too_deep(one, depth + 1) for one in value)
    return False
