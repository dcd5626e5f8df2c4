"""The hot-customer race over HTTP: orders, 30 % cancelled, 10 % sent again with the same key."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.doors.cli.proving import wire

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.wire import Answer, Wire

PASSING: Final = frozenset({"approve", "warn"})
_CANCEL_SHARE: Final = 0.3
_RETRY_SHARE: Final = 0.1
_CREATED: Final = 201
_SERVER_ERROR: Final = 500
_PATH: Final = "/api/v1/credit-checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Where the race is run: which server, whose account, how many runners."""

    host: str
    port: int
    token: str
    company: str
    customer: str
    prefix: str
    clients: int
    orders: int
    largest: Decimal


@dataclass(slots=True)
class Tally:
    """What the clients were told."""

    decided: dict[str, str] = field(default_factory=dict)
    taken: Decimal = Decimal(0)
    given_back: Decimal = Decimal(0)
    passed: int = 0
    cancelled: int = 0
    resent: int = 0
    requests: int = 0
    server_errors: int = 0
    unexpected: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def note(self, answer: Answer, *allowed: int) -> bool:
        """Count an answer; tells whether it is one of those allowed."""
        self.requests += 1
        self.seconds.append(answer.seconds)
        if answer.status >= _SERVER_ERROR:
            self.server_errors += 1
        if answer.status not in allowed:
            self.unexpected.append(f"{answer.status} {answer.body[:200].decode(errors='replace')}")
            return False
        return True


def run(track: Track, *, seed: int) -> Tally:
    """Run the race to its end and return what was answered."""
    tally = Tally()

    async def everybody() -> None:
        # Each client draws from its own stream, so that the seed says what each of them sends.
        draws = [random.Random(seed * 1000 + number) for number in range(track.clients)]  # noqa: S311 - no secret
        await asyncio.gather(*(_client(track, tally, number, draw) for number, draw in enumerate(draws)))

    wire.run(everybody())
    return tally


async def _client(track: Track, tally: Tally, number: int, draw: random.Random) -> None:
    line = await wire.connect(host=track.host, port=track.port)
    open_orders: list[tuple[str, Decimal]] = []
    for turn in range(track.orders):
        reference = f"{track.prefix}{number}-{turn}"
        amount = (track.largest * draw.randint(1, 1000) / 1000).quantize(Decimal("0.01"))
        request = _check(track, reference, amount)
        document = await _ask(line, tally, request)
        if document is None:
            continue
        if document["outcome"] in PASSING:
            open_orders.append((reference, amount))
            tally.taken += amount
            tally.passed += 1
        if draw.random() < _RETRY_SHARE:
            await _send_again(line, tally, request, document["id"])
        if open_orders and draw.random() < _CANCEL_SHARE:
            await _cancel(track, line, tally, *open_orders.pop(draw.randrange(len(open_orders))))
    line.close()


async def _ask(line: Wire, tally: Tally, request: bytes) -> dict[str, Any] | None:
    answer = await line.ask(request)
    if not tally.note(answer, _CREATED):
        return None
    document: dict[str, Any] = json.loads(answer.body)
    tally.decided[document["id"]] = document["reference"]
    return document


async def _send_again(line: Wire, tally: Tally, request: bytes, decision: str) -> None:
    answer = await line.ask(request)
    tally.resent += 1
    if tally.note(answer, _CREATED) and json.loads(answer.body)["id"] != decision:
        tally.unexpected.append(f"the key of {decision} was answered with another decision")


async def _cancel(track: Track, line: Wire, tally: Tally, reference: str, amount: Decimal) -> None:
    body = json.dumps({"company": track.company, "reason": "proof"}).encode()
    path = f"/api/v1/orders/{reference}/cancel"
    answer = await line.ask(wire.post(path, body, token=track.token, key=f"{reference}-cancel"))
    if tally.note(answer, _CREATED):
        tally.given_back += amount
        tally.cancelled += 1


def _check(track: Track, reference: str, amount: Decimal) -> bytes:
    body = {
        "company": track.company,
        "customer": track.customer,
        "reference": reference,
        "amount": f"{amount:f}",
        "currency": "CNY",
    }
    return wire.post(_PATH, json.dumps(body).encode(), token=track.token, key=reference)
