"""Writers that go on through crashes: each key is sent until it is answered, and what was answered is remembered."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.doors.cli.proving import ground, serving_child, wire
from tradecredit.doors.cli.proving.wire import BrokenWireError

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.wire import Answer, Wire

PREFIX: Final = "CRASH-"
CUSTOMERS: Final = 200
_CREATED: Final = 201
_PAUSE_SECONDS: Final = 0.1
# Several restarts in a row on a busy machine: whoever gives up before them proves nothing.
_PATIENCE_SECONDS: Final = 600
_ANSWER_SECONDS: Final = 20


@dataclass(slots=True)
class Writers:
    """So many writers against one port, in a thread of their own."""

    port: int
    token: str
    count: int = 16
    acknowledged: dict[str, str] = field(default_factory=dict)
    without_answer: int = 0
    given_up: list[str] = field(default_factory=list)
    latest: float = 0.0
    _is_over: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=lambda: wire.run(self._all()), daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Send nothing new, wait until everything sent has its answer."""
        self._is_over = True
        if self._thread is not None:
            self._thread.join()

    def wait_for_answer(self, *, after: float) -> float:
        """Return the seconds from a moment to the first answer after it."""
        while self.latest <= after:
            time.sleep(0.02)
            if time.monotonic() - after > _PATIENCE_SECONDS:
                break
        return max(self.latest, time.monotonic() if self.latest <= after else 0) - after

    async def _all(self) -> None:
        await asyncio.gather(*(self._write(number) for number in range(self.count)))

    async def _write(self, number: int) -> None:
        line: Wire | None = None
        turn = 0
        while not self._is_over:
            reference = f"{PREFIX}{number}-{turn}"
            turn += 1
            line = await self._until_answered(line, reference, customer=(number * 13 + turn) % CUSTOMERS + 1)
        if line is not None:
            line.close()

    async def _until_answered(self, line: Wire | None, reference: str, *, customer: int) -> Wire | None:
        request = wire.post(
            "/api/v1/credit-checks", _body(reference, customer), token=self.token, key=reference
        )
        began = time.monotonic()
        while time.monotonic() - began < _PATIENCE_SECONDS:
            line = line or await self._connected()
            if line is not None:
                answer = await self._sent(line, request)
                if answer is None:
                    line = None
                elif answer.status == _CREATED:
                    self.acknowledged[reference] = json.loads(answer.body)["id"]
                    self.latest = time.monotonic()
                    return line
            await asyncio.sleep(_PAUSE_SECONDS)
        self.given_up.append(reference)
        return None

    async def _connected(self) -> Wire | None:
        with suppress(OSError):
            return await wire.connect(host=serving_child.HOST, port=self.port)
        return None

    async def _sent(self, line: Wire, request: bytes) -> Answer | None:
        """Return the answer, or None when the connection broke before it came: what was done is not known."""
        try:
            return await asyncio.wait_for(line.ask(request), timeout=_ANSWER_SECONDS)
        except (BrokenWireError, TimeoutError):
            self.without_answer += 1
            line.close()
            return None


def _body(reference: str, customer: int) -> bytes:
    body = {
        "company": ground.COMPANY_CODE,
        "customer": f"T{customer}",
        "reference": reference,
        "amount": "1.00",
        "currency": "CNY",
    }
    return json.dumps(body).encode()
