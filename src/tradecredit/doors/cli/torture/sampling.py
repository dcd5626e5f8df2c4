"""Watch an exposure while it is raced for: the highest value at every instant that was looked at."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PAUSE_SECONDS: Final = 0.004


@dataclass(slots=True)
class Samples:
    """The highest value seen, and how often it was looked."""

    highest: Decimal = Decimal(0)
    count: int = 0
    failures: list[str] = field(default_factory=list)

    def note(self, value: Decimal) -> None:
        """Count one look."""
        self.highest = max(self.highest, value)
        self.count += 1


@contextmanager
def sampled(look: Callable[[], Decimal]) -> Iterator[Samples]:
    """Look again and again in a thread of its own until the block ends."""
    samples, is_over = Samples(), threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            try:
                samples.note(look())
            except Exception as error:  # noqa: BLE001 - a watcher that went blind is a failure of the proof
                samples.failures.append(repr(error))
                return
            is_over.wait(_PAUSE_SECONDS)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        is_over.set()
        thread.join()
        if not samples.failures:
            samples.note(look())
