"""Changes between two policy documents: found, told as lines, and made, by paths that name list items by their code.

``order_control.checks.overdue_days.days`` is the days of the check with that code, wherever it stands in its list.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_NAMES: Final = ("code", "name", "level", "stage")
_MISSING: Final = object()


class UnknownPathError(ValueError):
    """A path leads to nothing in the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that differs; a side on which there is nothing is None."""

    path: str
    before: Any
    after: Any

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain values."""
        return {"path": self.path, "before": self.before, "after": self.after}


def changes(before: Any, after: Any, *, path: str = "") -> tuple[Change, ...]:
    """Return every value that differs, in the order of the documents; equal documents give nothing."""
    left, right = named_parts(before), named_parts(after)
    if left is None or right is None:
        if before == after:
            return ()
        return (Change(path=path, before=_shown(before), after=_shown(after)),)
    found: list[Change] = []
    for key in dict.fromkeys((*left, *right)):
        inner = f"{path}.{key}" if path else key
        found += changes(left.get(key, _MISSING), right.get(key, _MISSING), path=inner)
    return tuple(found)


def changed(document: Any, path: str, value: Any) -> Any:
    """Return a copy of the document with the value at the path replaced; raises UnknownPathError."""
    result = copy.deepcopy(document)
    *way, last = path.split(".")
    place = result
    for name in way:
        place = place[_key_of(place, name, path)]
    place[_key_of(place, last, path)] = value
    return result


def value_at(document: Any, path: str) -> Any:
    """Return the value at a path; raises UnknownPathError."""
    place = document
    for name in path.split("."):
        place = place[_key_of(place, name, path)]
    return place


def named_parts(value: Any) -> dict[str, Any] | None:
    """Return the named parts of a value; None for a plain value, and for a list whose items have no names."""
    if isinstance(value, Mapping):
        return {str(key): inner for key, inner in value.items()}
    if not isinstance(value, list | tuple) or not value:
        return None
    names = [_name(item) for item in value]
    if None in names or len(set(names)) != len(names):
        return None
    return {str(name): item for name, item in zip(names, value, strict=True)}


def _name(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return None
    return next((str(item[key]) for key in _NAMES if key in item), None)


def _key_of(place: Any, name: str, path: str) -> Any:
    if isinstance(place, Mapping) and name in place:
        return name
    if isinstance(place, list):
        for index, item in enumerate(place):
            if _name(item) == name:
                return index
    raise UnknownPathError(f"{path} leads to nothing at {name!r}")


def _shown(value: Any) -> Any:
    return None if value is _MISSING else value
