"""Identifiers: UUID version 7 (RFC 9562), time-ordered, made from a given moment and given randomness."""

from __future__ import annotations

from uuid import UUID

_RANDOM_BYTES = 10


def uuid7(*, unix_ms: int, randomness: bytes) -> UUID:
    """Return a UUIDv7 for the millisecond; ``randomness`` is exactly 10 bytes."""
    if len(randomness) != _RANDOM_BYTES:
        raise ValueError("uuid7 needs 10 bytes of randomness")
    value = (unix_ms & ((1 << 48) - 1)) << 80 | int.from_bytes(randomness, "big")
    value &= ~(0xF << 76) & ((1 << 128) - 1)
    value |= 0x7 << 76
    value &= ~(0x3 << 62) & ((1 << 128) - 1)
    value |= 0x2 << 62
    return UUID(int=value)
