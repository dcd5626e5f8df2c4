"""A closed loop of clients, each asking again as soon as it is answered."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli.proving import wire

if TYPE_CHECKING:
    from collections.abc import Callable

HTTP_OK: Final = frozenset({200, 201})


@dataclass(slots=True)
class Load:
    """What a loop did: answers by status, the time it took, each answer's seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    sample: bytes = b""

    @property
    def count(self) -> int:
        """Return how many requests were answered as they should be."""
        return sum(count for status, count in self.statuses.items() if status in HTTP_OK)

    @property
    def per_second(self) -> float:
        """Return the answers a second."""
        return self.count / self.seconds if self.seconds else 0.0

    def percentile_ms(self, share: float) -> float:
        """Return the latency that this share of the answers did not exceed, in milliseconds."""
        found = sorted(self.latencies)
        return found[min(int(len(found) * share), len(found) - 1)] * 1000 if found else 0.0

    def require_success(self) -> None:
        """Stop when anything but successes came back: raises ClickException with an example."""
        if self.count != sum(self.statuses.values()) or not self.count:
            raise click.ClickException(
                f"the load was not answered well: {dict(self.statuses)} {self.sample!r}"
            )


def closed_loop(
    *,
    host: str,
    port: int,
    clients: int,
    request: Callable[[int], bytes],
    seconds: float | None = None,
    most: int | None = None,
) -> Load:
    """Send requests (each gets its running number) from so many connections, for a time or up to a number."""
    load = Load()
    # The clients' own search for waste is nobody's latency.
    gc.collect()
    gc.disable()
    try:
        wire.run(
            _run(load, host=host, port=port, clients=clients, request=request, seconds=seconds, most=most)
        )
    finally:
        gc.enable()
    return load


async def _run(
    load: Load,
    *,
    host: str,
    port: int,
    clients: int,
    request: Callable[[int], bytes],
    seconds: float | None,
    most: int | None,
) -> None:
    lines = [await wire.connect(host=host, port=port) for _ in range(clients)]
    began = time.perf_counter()
    until = began + seconds if seconds is not None else float("inf")
    numbers = iter(range(most if most is not None else 2**62))

    async def one(line: wire.Wire) -> None:
        for number in numbers:
            answer = await line.ask(request(number))
            load.statuses[answer.status] += 1
            load.latencies.append(answer.seconds)
            if answer.status not in HTTP_OK:
                load.sample = answer.body[:500]
            if time.perf_counter() >= until:
                return

    await asyncio.gather(*(one(line) for line in lines))
    load.seconds = time.perf_counter() - began
    for line in lines:
        line.close()
