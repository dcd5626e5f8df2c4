"""The fake ERP: answers one system's requests from its world, and goes wrong on request."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Final

from tradecredit.integrations.erps.fake import answering
from tradecredit.integrations.erps.fake.books import Books
from tradecredit.integrations.erps.fake.wire import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.integrations.erps.fake.wire import Request
    from tradecredit.integrations.erps.fake.world import World

FAULTS: Final = ("silent", "busy", "denied", "garbage", "truncated")
_SPOILT: Final = {
    "silent": Answer(is_silent=True),
    "busy": Answer(status=503, body=b"busy"),
    "denied": Answer(status=401, body=b"{}"),
    "garbage": Answer(body=b"<html>maintenance</html>"),
}


class FakeErp(Books):
    """One fake system; ``rate`` of the answers carry one of the ``faulty`` faults, by the seed's dice."""

    def __init__(
        self,
        system: str,
        world: World,
        *,
        faulty: Sequence[str] = (),
        rate: float = 0.0,
        seed: int = 1,
    ) -> None:
        super().__init__(system, world)
        self.calls = 0
        self._faulty = tuple(faulty)
        self._rate = rate
        self._dice = random.Random(seed)  # noqa: S311 - invented faults
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """Return the answer to one request."""
        with self._lock:
            self.calls += 1
            fault = self._fault()
            if fault in _SPOILT:
                return _SPOILT[fault]
            answered = answering.ANSWERS[self.description.dialect](self, request)
        return Answer(body=answered.body[:-7]) if fault == "truncated" else answered

    def _fault(self) -> str:
        if not self._faulty or self._dice.random() >= self._rate:
            return ""
        return str(self._dice.choice(self._faulty))
