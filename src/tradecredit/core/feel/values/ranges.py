"""Ranges: two ends, each in or out, or one comparison such as ``< 10``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Range:
    """``[1..10)`` has ``sign`` empty; ``(< 10)`` has the sign ``<`` and only one end."""

    start: Any
    end: Any
    includes_start: bool
    includes_end: bool
    sign: str = ""


def of_sign(sign: str, value: Any) -> Range:
    """Return the range of one comparison: ``of_sign(">=", 5)`` holds 5 and all above."""
    match sign:
        case "<" | "<=":
            return Range(None, value, includes_start=False, includes_end=sign == "<=", sign=sign)
        case ">" | ">=":
            return Range(value, None, includes_start=sign == ">=", includes_end=False, sign=sign)
        case "=":
            return Range(value, value, includes_start=True, includes_end=True, sign=sign)
        case _:
            return Range(value, value, includes_start=False, includes_end=False, sign="!=")
