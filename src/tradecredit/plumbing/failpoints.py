"""Named places where a proof may kill the process, and protections that a proof may switch off.

Note [Failpoints]
A concurrency test without a negative control proves nothing, and a crash that never happens between commit and reply
proves as little. So the places and the switches are compiled in. They are armed by the environment of the process
(``TRADECREDIT_FAILPOINTS="outbox.reacted=7"``: die at the seventh pass; ``TRADECREDIT_UNSAFE="skip-lock"``), and
settings refuse to start with either unless ``TRADECREDIT_ENVIRONMENT`` is ``proof`` or ``test``. An installation is ``production``
unless it is told otherwise.
"""

from __future__ import annotations

import os
import signal
from typing import Final

FAILPOINTS: Final = "TRADECREDIT_FAILPOINTS"
UNSAFE: Final = "TRADECREDIT_UNSAFE"
PLACES: Final = frozenset(
    {
        *("account.locked", "answer.committed", "outbox.reacted", "import.batch", "source.portion"),
        *("vote.recorded", "timer.noted", "dunning.recorded", "letter.sent", "letters.committed"),
    }
)
SWITCHES: Final = frozenset(
    {
        *("skip-lock", "shuffle-locks", "no-idempotency", "position-with-rows", "one-transaction"),
        *("skip-send-gate", "blind-send"),
    }
)
_ALLOWED_IN: Final = frozenset({"proof", "test"})


class ArmedInProductionError(RuntimeError):
    """Failpoints or unsafe switches were asked for where real books are kept, or are unknown."""


class _Armed:
    """What this process was told at its start."""

    __slots__ = ("left", "switches")

    def __init__(self) -> None:
        self.left = _places(os.environ.get(FAILPOINTS, ""))
        self.switches = frozenset(filter(None, os.environ.get(UNSAFE, "").split(",")))


def _places(text: str) -> dict[str, int]:
    pairs = (one.split("=", maxsplit=1) for one in text.split(",") if one)
    return {pair[0].strip(): int(pair[1]) if len(pair) > 1 else 1 for pair in pairs}


_armed = _Armed()


def refuse_in_production(environment: str) -> None:
    """Read the environment's switches; raises ArmedInProductionError where they may not be set, or are unknown."""
    global _armed  # noqa: PLW0603 - one process, told once at its start
    found = _Armed()
    if (found.left or found.switches) and environment not in _ALLOWED_IN:
        raise ArmedInProductionError(
            f"{FAILPOINTS} and {UNSAFE} are for proofs on throw-away installations only; this one is {environment!r}"
        )
    unknown = (set(found.left) - PLACES) | (found.switches - SWITCHES)
    if unknown:
        raise ArmedInProductionError(f"unknown failpoints or switches: {', '.join(sorted(unknown))}")
    _armed = found


def reach(place: str) -> None:
    """Pass a named place: nothing happens, unless this is the pass at which the process was told to die."""
    left = _armed.left
    if not left or place not in left:
        return
    left[place] -= 1
    if left[place] <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


def is_switched_off(protection: str) -> bool:
    """Tell whether a proof switched a protection off (``skip-lock``, ``no-idempotency``, …)."""
    return protection in _armed.switches


def is_armed() -> bool:
    """Tell whether anything is armed or switched off: doors with a short cut then take the ordinary way."""
    return bool(_armed.left or _armed.switches)
