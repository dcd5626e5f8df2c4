"""New identifiers: UUIDv7 from the wall clock and the system's randomness."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from tradecredit.core.kernel import ids

if TYPE_CHECKING:
    from uuid import UUID


def new_id() -> UUID:
    """Return a fresh time-ordered identifier."""
    return ids.uuid7(unix_ms=time.time_ns() // 1_000_000, randomness=secrets.token_bytes(10))
