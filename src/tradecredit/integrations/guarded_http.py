"""Requests to other machines: short time-outs, no redirects, a bound on the size, numbers exact, secrets in no message."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

# It would write every address with its query, in which some want their key.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_DEPTH_MAX: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came back: a status with its body and headers, or why nothing did.

    ``failure`` is ``timeout``, ``connection`` or ``too-large``.
    """

    status: int = 0
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    failure: str = ""


class GuardedClient:
    """Sends requests; ``transport`` is given by tests and fakes."""

    def __init__(
        self,
        *,
        transport: httpx.BaseTransport | None = None,
        seconds: float = 8.0,
        bytes_max: int = 4_000_000,
        uses_proxies: bool = True,
    ) -> None:
        self._bytes_max = bytes_max
        self._client = httpx.Client(
            timeout=httpx.Timeout(seconds, connect=3.0),
            transport=transport,
            follow_redirects=False,
            trust_env=uses_proxies and transport is None,
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Received:
        """Send one request; nothing is raised for what the other side does, and no message holds headers or query."""
        try:
            with self._client.stream(
                method,
                url,
                headers={"Accept": "application/json", **headers},
                params=dict(query) if query else None,
                content=body,
            ) as response:
                content = self._body(response)
                if content is None:
                    return Received(status=response.status_code, failure="too-large")
                return Received(status=response.status_code, body=content, headers=dict(response.headers))
        except httpx.TimeoutException:
            return Received(failure="timeout")
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Received(failure="connection")

    def _body(self, response: httpx.Response) -> bytes | None:
        """Return the body, or None when it is larger than any honest answer."""
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self._bytes_max:
                return None
            parts.append(part)
        return b"".join(parts)


def document_of(body: bytes) -> Any:
    """Return the JSON document with exact numbers; raises ValueError for NaN, too much depth, or no JSON at all."""
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if _is_too_deep(document):
        raise ValueError("too deep")
    return document


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
