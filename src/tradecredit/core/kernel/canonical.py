"""Canonical text of recorded facts: one value, one text, so that it can be hashed, compared and replayed."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

_AS_THEY_ARE: Final = (str, int)
# Made once: facts are written by the hundred thousand.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def dumps(value: Any) -> str:
    """Return sorted, compact JSON; decimals, days and moments as text; floats are refused."""
    return _ENCODER.encode(_plain(value))


def sha256(text: str) -> str:
    """Return the hex digest of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, _AS_THEY_ARE):
        return value
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted(_plain(item) for item in value)
        case _:
            return _scalar(value)


def _scalar(value: Any) -> str:
    match value:
        case float():
            raise TypeError("a float cannot be recorded as a fact: use Decimal or text")
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            raise TypeError(f"cannot record a {type(value).__name__} as a fact")
