"""New identifiers: UUIDv7 from the wall clock and the system's randomness."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from tradecredit.core.kernel import ids

if TYPE_CHECKING:
    from uuid import UUID

# RFC 9562: the digit after the second dash block says which layout it is, in its two highest bits.
_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}


def new_texts(count: int) -> list[str]:
    """Return fresh time-ordered identifiers as text, in ascending order of their moment: many at once are cheap."""
    random = secrets.token_bytes(10 * count).hex()
    moment = f"{time.time_ns() // 1_000_000:012x}"
    start = f"{moment[:8]}-{moment[8:]}-7"
    return [
        f"{start}{r[:3]}-{_VARIANTS[r[3]]}{r[4:7]}-{r[7:19]}"
        for r in (random[place : place + 20] for place in range(0, 20 * count, 20))
    ]


def new_pairs(count: int) -> list[tuple[str, bytes]]:
    """Return fresh time-ordered identifiers, each as text and as its sixteen bytes."""
    found = new_texts(count)
    joined = bytes.fromhex("".join(found).replace("-", ""))
    return [(text, joined[16 * place : 16 * place + 16]) for place, text in enumerate(found)]


def new_id() -> UUID:
    """Return a fresh time-ordered identifier."""
    return ids.uuid7(unix_ms=time.time_ns() // 1_000_000, randomness=secrets.token_bytes(10))
