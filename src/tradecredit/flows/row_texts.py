"""Rows of documents as plain texts and back, so that a refused one can be kept and tried again."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def to_texts(row: Any) -> dict[str, Any]:
    """Return the fields of a row; its place in the file and where it came from are left out."""
    return {
        field.name: _encoded(getattr(row, field.name))
        for field in dataclasses.fields(row)
        if field.name not in {"row", "source"}
    }


def from_texts(row_type: type[Any], texts: Mapping[str, Any], parts: Mapping[str, type[Any]]) -> Any:
    """Return the row again; ``parts`` names the types of the fields that hold rows of their own."""
    return row_type(**{name: _decoded(value, parts.get(name)) for name, value in texts.items()})


def _encoded(value: Any) -> Any:
    match value:
        case Decimal():
            return {"decimal": f"{value:f}"}
        case date():
            return {"date": value.isoformat()}
        case tuple() | list():
            return [to_texts(one) if dataclasses.is_dataclass(one) else _encoded(one) for one in value]
        case _:
            return value


def _decoded(value: Any, part: type[Any] | None) -> Any:
    match value:
        case {"decimal": text}:
            return Decimal(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case list() if part is not None:
            return tuple(from_texts(part, one, {}) for one in value)
        case list():
            return tuple(_decoded(one, None) for one in value)
        case _:
            return value
