"""Changes between two policy documents: found, told as lines, and made, by paths that name list items by their code.

``order_control.checks.overdue_days.days`` is the days of the check with that code, wherever it stands in its list.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = ("code", "name", "level", "stage")
_IN_BOTH_LANGUAGES: Final = frozenset({"zh", "en"})
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


def name_of(item: Any) -> dict[str, Any]:
    """Return what names an item of a list, for example ``{"code": "overdue_days"}``; nothing where nothing does."""
    if not isinstance(item, Mapping):
        return {}
    return next(({key: item[key]} for key in _NAMES if key in item), {})


def leaves(document: Any, *, path: str = "", is_counting: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield every value that is not divided further, with its path.

    A sentence in both languages is one value, and so is a list whose items have no names, unless ``is_counting``: then
    those that have parts are counted from 1.
    """
    parts = named_parts(document)
    if is_counting and parts is None and isinstance(document, list) and _has_parts(document):
        parts = {str(place): item for place, item in enumerate(document, 1)}
    if not parts or parts.keys() == _IN_BOTH_LANGUAGES:
        yield path, document
        return
    for name, part in parts.items():
        yield from leaves(part, path=f"{path}.{name}" if path else name, is_counting=is_counting)


def _has_parts(items: list[Any]) -> bool:
    return any(isinstance(item, Mapping) for item in items)


def _name(item: Any) -> str | None:
    return next((str(value) for value in name_of(item).values()), None)


def _key_of(place: Any, name: str, path: str) -> Any:
    if isinstance(place, Mapping) and name in place:
        return name
    if isinstance(place, list):
        for index, item in enumerate(place):
            if _name(item) == name:
                return index
        # Items without names are counted: the first is 1.
        if named_parts(place) is None and name.isdecimal() and 0 < int(name) <= len(place):
            return int(name) - 1
    raise UnknownPathError(f"{path} leads to nothing at {name!r}")


def _shown(value: Any) -> Any:
    return None if value is _MISSING else value
