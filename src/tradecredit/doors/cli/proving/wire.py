"""A raw HTTP/1.1 client on one kept-alive connection: as cheap as Python allows, so that the server gets the cores."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Coroutine

_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_STATUS: Final = slice(9, 12)


class BrokenWireError(ConnectionError):
    """The connection ended before the answer came: whether the request had its effect is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    body: bytes
    seconds: float


class Wire(asyncio.Protocol):
    """One connection; one request at a time."""

    __slots__ = ("_buffer", "_needed", "_sent_at", "_transport", "_waiting")

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._needed = 0
        self._sent_at = 0.0
        self._waiting: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment] # of a TCP connection

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whoever waits."""
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(BrokenWireError(str(exc or "closed by the server")))

    def data_received(self, data: bytes) -> None:
        """Collect the answer; hand it over when it is whole."""
        self._buffer = self._buffer + data if self._buffer else data
        if not self._needed:
            end = self._buffer.find(_END_OF_HEAD)
            if end < 0:
                return
            self._needed = end + len(_END_OF_HEAD) + _length_of(self._buffer[:end])
        if len(self._buffer) >= self._needed:
            self._finish()

    async def ask(self, request: bytes) -> Answer:
        """Send a whole request and wait for its whole answer; raises BrokenWireError."""
        if self._transport is None:
            raise BrokenWireError("not connected")
        self._waiting = asyncio.get_running_loop().create_future()
        self._sent_at = time.perf_counter()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()

    def _finish(self) -> None:
        answer, needed = self._buffer, self._needed
        self._buffer, self._needed = b"", 0
        if self._waiting is not None and not self._waiting.done():
            body = answer[answer.find(_END_OF_HEAD) + len(_END_OF_HEAD) : needed]
            seconds = time.perf_counter() - self._sent_at
            self._waiting.set_result(Answer(int(answer[_STATUS]), body, seconds))


async def connect(*, host: str, port: int) -> Wire:
    """Open one connection; raises OSError."""
    _, wire = await asyncio.get_running_loop().create_connection(Wire, host, port)
    return wire


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine on the fastest loop there is."""
    try:
        import uvloop  # type: ignore[import-not-found,unused-ignore] # where it is installed
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def get(path: str, *, token: str = "") -> bytes:
    """Return a GET request."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{authorization}\r\n".encode()


def post(path: str, body: bytes, *, token: str, key: str) -> bytes:
    """Return a POST request with an idempotency key."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nAccept-Language: en\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _length_of(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(_LENGTH)
    if start < 0:
        return 0
    end = lowered.find(b"\r\n", start)
    return int(lowered[start + len(_LENGTH) : end if end >= 0 else None])
