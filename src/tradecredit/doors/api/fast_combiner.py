"""Gather the checks that arrive while others are under way, and settle them together in one transaction.

Note [Why together]
One customer's checks queue behind the lock of its account, which is held until the commit has reached the disk. Alone
they would pass one a commit; together they share the lock, the round trips and the commit, each still seeing exactly
what those before it took.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Final

from tradecredit.flows.orders.quick_values import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.flows.orders.quick_batches import Desk
    from tradecredit.flows.orders.quick_values import Asked, Settled

_log = logging.getLogger(__name__)

_TOGETHER_MOST: Final = 128


class _Waiting:
    """One check and who waits for it; two with a key or a document in common are not settled together."""

    __slots__ = ("answer", "asked", "names")

    def __init__(self, asked: Asked, answer: asyncio.Future[Settled]) -> None:
        self.asked = asked
        self.answer = answer
        self.names = (("key", asked.scope, asked.key), ("document", asked.company.code, asked.reference))


class Combiner:
    """A queue before a few desks, each of which settles one batch at a time."""

    def __init__(self, desks: Sequence[Desk]) -> None:
        self._idle = list(desks)
        self._queue: deque[_Waiting] = deque()
        self._busy: set[object] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_launching = False

    async def settle(self, asked: Asked) -> Settled:
        """Settle one check with others; whoever stops waiting for it does not stop it."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(asked, loop.create_future())
        self._queue.append(waiting)
        self._soon(loop)
        return await waiting.answer

    def _soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Launch after this turn of the loop, so that whatever arrives in it goes along."""
        if not self._is_launching and self._idle:
            self._is_launching = True
            loop.call_soon(self._launch, loop)

    def _launch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_launching = False
        while self._idle and (batch := self._take()):
            task = loop.create_task(self._run(self._idle.pop(), batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        put_off: list[_Waiting] = []
        while self._queue and len(batch) < _TOGETHER_MOST:
            one = self._queue.popleft()
            if one.answer.done():
                continue
            if self._busy.isdisjoint(one.names):
                self._busy.update(one.names)
                batch.append(one)
            else:
                put_off.append(one)
        self._queue.extendleft(reversed(put_off))
        return batch

    async def _run(self, desk: Desk, batch: Sequence[_Waiting]) -> None:
        settled: Sequence[Settled] = [ELSEWHERE] * len(batch)
        try:
            settled = await desk.check([one.asked for one in batch])
        except Exception:  # noqa: BLE001 -- whatever it is, those who wait are to be answered
            # Nothing was written: the ordinary door answers, and says what is the matter.
            _log.exception("a batch of %d checks is left to the ordinary door", len(batch))
        finally:
            self._busy.difference_update(name for one in batch for name in one.names)
            self._idle.append(desk)
            for one, found in zip(batch, settled, strict=True):
                if not one.answer.done():
                    one.answer.set_result(found)
            if self._queue:
                self._soon(asyncio.get_running_loop())
