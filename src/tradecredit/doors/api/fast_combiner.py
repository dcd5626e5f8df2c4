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
from typing import TYPE_CHECKING

from tradecredit.flows.orders.quick_values import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tradecredit.flows.orders.quick_values import Asked, Settled

    # Settles what it is given in one transaction: of each a check, or the checks of a call.
    Work = Callable[[Sequence[Sequence[Asked]]], Awaitable[Sequence[Settled]]]

_log = logging.getLogger(__name__)


class _Waiting:
    """A check, or the checks of one call, and who waits; two with a key or a document in common are not settled together."""

    __slots__ = ("answer", "asked", "names")

    def __init__(self, asked: Sequence[Asked], answer: asyncio.Future[Settled]) -> None:
        self.asked = asked
        self.answer = answer
        names = {("document", one.company.code, one.reference) for one in asked}
        self.names = names | {("key", one.scope, one.key) for one in asked if one.key is not None}


class Combiner:
    """A queue before a few desks, each of which settles one batch of so many checks at a time, a larger call alone."""

    def __init__(self, desks: Sequence[Work], *, most: int) -> None:
        self._idle = list(desks)
        self._most = most
        self._queue: deque[_Waiting] = deque()
        self._busy: set[object] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_launching = False

    async def settle(self, asked: Sequence[Asked]) -> Settled:
        """Settle a check, or the checks of a call, with others; whoever stops waiting for it does not stop it."""
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
        left = self._most
        while self._queue and left > 0:
            one = self._queue.popleft()
            if one.answer.done():
                continue
            if batch and len(one.asked) > left:
                self._queue.appendleft(one)
                break
            if self._busy.isdisjoint(one.names):
                self._busy.update(one.names)
                batch.append(one)
                left -= len(one.asked)
            else:
                put_off.append(one)
        self._queue.extendleft(reversed(put_off))
        return batch

    async def _run(self, desk: Work, batch: Sequence[_Waiting]) -> None:
        settled: Sequence[Settled] = [ELSEWHERE] * len(batch)
        try:
            settled = await desk([one.asked for one in batch])
        except Exception:  # noqa: BLE001 -- whatever it is, those who wait are to be answered
            # Nothing was written: the ordinary door answers, and says what is the matter.
            _log.exception("a batch of %d is left to the ordinary door", len(batch))
        finally:
            self._busy.difference_update(name for one in batch for name in one.names)
            self._idle.append(desk)
            for one, found in zip(batch, settled, strict=True):
                if not one.answer.done():
                    one.answer.set_result(found)
            if self._queue:
                self._soon(asyncio.get_running_loop())
