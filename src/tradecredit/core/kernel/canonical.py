"""Canonical text of recorded facts: one value, one text, so that it can be hashed, compared and replayed."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Made once: facts are written by the hundred thousand.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def dumps(value: Any) -> str:
    """Return sorted, compact JSON; decimals, days and moments as text; floats are refused."""
    return _ENCODER.encode(_plain(value))


def sha256(text: str) -> str:
    """Return the hex digest of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    made = _OF_TYPE.get(type(value))
    if made is None:
        made = next((one for kind, one in _OF_TYPE.items() if isinstance(value, kind)), _refused)
    return made(value)


def _same(value: Any) -> Any:
    return value


def _mapping(value: dict[Any, Any]) -> dict[str, Any]:
    # Nearly all keys and most values are plain texts.
    return {
        key if type(key) is str else str(key): item if type(item) is str else _plain(item)
        for key, item in value.items()
    }


def _sequence(value: list[Any] | tuple[Any, ...]) -> list[Any]:
    return [_plain(item) for item in value]


def _collection(value: set[Any] | frozenset[Any]) -> list[Any]:
    return sorted(_plain(item) for item in value)


def _decimal(value: Decimal) -> str:
    return f"{value:f}"


def _day_or_moment(value: date) -> str:
    return value.isoformat()


def _refused(value: Any) -> str:
    if isinstance(value, float):
        raise TypeError("a float cannot be recorded as a fact: use Decimal or text")
    raise TypeError(f"cannot record a {type(value).__name__} as a fact")


# Looked up by the exact type first; a subclass takes the first that it is one of.
_OF_TYPE: Final[Mapping[type, Callable[[Any], Any]]] = {
    str: _same,
    int: _same,
    bool: _same,
    NoneType: _same,
    dict: _mapping,
    list: _sequence,
    tuple: _sequence,
    set: _collection,
    frozenset: _collection,
    Decimal: _decimal,
    datetime: _day_or_moment,
    date: _day_or_moment,
    UUID: str,
}
