"""The front of the web server: plain checks are settled here, together; everything else is Django's, unchanged."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from tradecredit.doors.api import fast_reading
from tradecredit.doors.api.fast_callers import Callers
from tradecredit.doors.api.fast_combiner import Combiner
from tradecredit.flows.orders.quick_batches import Desk
from tradecredit.flows.orders.quick_values import Answer
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping, Sequence

    from tradecredit.doors.api.fast_combiner import Work
    from tradecredit.flows.orders.quick_values import Asked, Settled

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_ONE: Final = "/api/v1/credit-checks"
_MANY: Final = "/api/v1/credit-checks/batch"
_BYTES_MOST: Final = {_ONE: 64 * 1024, _MANY: 8 * 1024 * 1024}
# Of single checks one batch at a time: while it waits for the disk, the next one gathers and grows. Two would be smaller each, pay their
# round trips twice, and wait for each other on a busy customer (measured: a quarter fewer checks there).
_DESKS: Final = 1
_ORDERS_MOST: Final = 128
# Of calls of many three at a time: one is decided here while the database reads or writes the others (measured: a tenth more
# than with two). Those that wait go together.
_CALL_DESKS: Final = 3
_ORDERS_OF_CALLS_MOST: Final = 1_000
_THREADS: Final = 4
_HEADERS: Final = (
    (b"content-type", b"application/json"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"vary", b"Accept-Language, Cookie"),
)
_UNSAFE: Final = ("skip-lock", "no-idempotency")


class Front:
    """An ASGI application before another one."""

    def __init__(self, behind: Application) -> None:
        self._behind = behind
        self._counter: _Counter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain check, or hand the request on as it came."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        most = _limit(scope)
        if not most:
            await self._behind(scope, _coroutine(receive), send)
            return
        body, is_whole = await _body(receive, most=most)
        answer = await self._answer(scope, body) if is_whole else None
        if answer is None:
            await self._behind(scope, _again(body, receive, is_whole=is_whole), send)
            return
        await _send(answer, send)

    async def _answer(self, scope: Scope, body: bytes) -> Answer | None:
        header = fast_reading.Header(scope["headers"])
        if not header.is_plain:
            return None
        if self._counter is None:
            self._counter = _Counter()
        return await self._counter.answer(scope["path"], header, body)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def close(self) -> None:
        """Give back what the front holds open."""
        if self._counter is not None:
            await self._counter.close()
            self._counter = None


class _Counter:
    """The desks of one process, and who may come to them."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="checks")
        self._desks = [Desk(self._executor) for _ in range(_DESKS)]
        self._orders = Combiner([_one_by_one(desk) for desk in self._desks], most=_ORDERS_MOST)
        self._call_desks = [Desk(self._executor) for _ in range(_CALL_DESKS)]
        self._calls = Combiner([desk.check_calls for desk in self._call_desks], most=_ORDERS_OF_CALLS_MOST)
        self._callers = Callers(self._desks[0].aside)
        self._is_open = not any(failpoints.is_switched_off(protection) for protection in _UNSAFE)

    async def answer(self, path: str, header: fast_reading.Header, body: bytes) -> Answer | None:
        """Return the answer to a request, or None for the ordinary door."""
        caller = await self._callers.find(header.token) if self._is_open else None
        if caller is None:
            return None
        digest = _digest(path, body)
        if path == _ONE:
            asked = fast_reading.one(body, caller=caller, header=header, request_hash=digest)
            settled = None if asked is None else await self._orders.settle((asked,))
        else:
            checks = fast_reading.many(body, caller=caller, header=header, request_hash=digest)
            settled = None if checks is None else await self._calls.settle(checks)
        return settled if isinstance(settled, Answer) else None

    async def close(self) -> None:
        """Close the connections."""
        for desk in (*self._desks, *self._call_desks):
            await desk.close()
        self._executor.shutdown(wait=False)


def _one_by_one(desk: Desk) -> Work:
    """Return the work of a desk at which each order is a request of its own."""

    async def check(orders: Sequence[Sequence[Asked]]) -> Sequence[Settled]:
        return await desk.check([one for (one,) in orders])

    return check


def _limit(scope: Scope) -> int:
    """Return how large a body may be that is looked at here; 0 for what is not for here at all."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return 0
    return _BYTES_MOST.get(scope["path"], 0)


async def _body(receive: Receive, *, most: int) -> tuple[bytes, bool]:
    """Return the body, or what of it came until it grew too large, and whether that is all."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts), False
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if not message.get("more_body", False):
            return (parts[0] if len(parts) == 1 else b"".join(parts)), size <= most
        if size > most:
            return b"".join(parts), False


def _again(body: bytes, receive: Receive, *, is_whole: bool) -> Receive:
    """Return a ``receive`` that gives the body first that was taken off, and then whatever follows."""
    is_given = False

    async def first_again() -> Message:
        nonlocal is_given
        if not is_given:
            is_given = True
            return {"type": "http.request", "body": body, "more_body": not is_whole}
        return await receive()

    return first_again


def _coroutine(receive: Receive) -> Receive:
    """Return a ``receive`` that gives coroutines: servers may give any awaitable, a thread can only await these."""

    async def awaited() -> Message:
        return await receive()

    return awaited


async def _send(answer: Answer, send: Send) -> None:
    body = answer.body.encode()
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
    if answer.is_replayed:
        headers.append((b"idempotent-replayed", b"true"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _digest(path: str, body: bytes) -> str:
    """Return what the ordinary door remembers of a request beside its key."""
    return hashlib.sha256(f"POST {path}\n{body.decode(errors='replace')}".encode()).hexdigest()
