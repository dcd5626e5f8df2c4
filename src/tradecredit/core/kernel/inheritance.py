"""A policy that says only what it has of its own: the rest is another's, and every value knows whose it is.

``{grades: …}`` of a company that extends the group's policy keeps the group's dunning; a list whose items have names
(checks, rules, stages) is joined item by item, so that one figure of one check may be a company's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tradecredit.core.kernel import document_changes

_REMOVED: Final = "removed"
_INSTEAD: Final = "instead"
_SAME: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """A value with the policy that it comes from, by its name."""

    path: str
    value: Any
    origin: str


def merged(base: Any, own: Any) -> Any:
    """Return what holds when ``own`` says something besides ``base``.

    Days 30 in the base and 14 in one's own: 14; what one's own does not name stays as the base has it. ``removed: yes``
    takes a named part away, and ``instead: …`` puts something in place of all that the base says there.
    """
    if _is_instead(own):
        return own[_INSTEAD]
    left, right = document_changes.named_parts(base), document_changes.named_parts(own)
    if left is None or right is None or isinstance(base, Mapping) != isinstance(own, Mapping):
        return own
    if isinstance(base, Mapping):
        return {
            key: merged(base[key], own[key]) if key in base and key in own else own.get(key, base.get(key))
            for key in dict.fromkeys((*base, *own))
            if not _is_removed(own.get(key))
        }
    kept = {name: merged(item, right[name]) if name in right else item for name, item in left.items()}
    added = {name: item for name, item in right.items() if name not in left}
    return [item for item in (*kept.values(), *added.values()) if not _is_removed(item)]


def own_of(base: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a policy says of its own beside another.

    Merged with the base it is the whole again. A check with 14 days where the base has 30: that check's days alone.
    """
    found = _difference(base, whole)
    return {} if found is _SAME else dict(found)


def is_own(own: Any, path: str) -> bool:
    """Tell whether one's own says the value at a path."""
    place = own
    for name in path.split("."):
        if _is_instead(place):
            return True
        parts = document_changes.named_parts(place)
        if parts is None or name not in parts:
            # A value that is no longer divided into parts is one's own as a whole.
            return parts is None
        place = parts[name]
    return True


def origin_of(path: str, *, base: Any, own: Any, base_name: str, own_name: str) -> Inherited:
    """Return the value at a path of the merged policy, and whose it is; raises UnknownPathError."""
    value = document_changes.value_at(merged(base, own), path)
    return Inherited(path=path, value=value, origin=own_name if is_own(own, path) else base_name)


def _difference(base: Any, whole: Any) -> Any:
    if base == whole:
        return _SAME
    left, right = document_changes.named_parts(base), document_changes.named_parts(whole)
    if left is None or right is None or isinstance(base, Mapping) != isinstance(whole, Mapping):
        return {_INSTEAD: whole} if isinstance(whole, Mapping) else whole
    found = _of_mapping(base, whole) if isinstance(base, Mapping) else _of_list(left, right)
    # An order that joining item by item would not bring about, for example, is said as a whole.
    return found if merged(base, found) == whole else {_INSTEAD: whole}


def _of_mapping(base: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: _difference(base[key], value) if key in base else value for key, value in whole.items()}
    kept = {key: value for key, value in found.items() if value is not _SAME}
    return {**kept, **{key: {_REMOVED: "yes"} for key in base if key not in whole}}


def _of_list(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = []
    for name, item in right.items():
        said = item if name not in left else _difference(left[name], item)
        if said is not _SAME:
            found.append({**document_changes.name_of(item), **said})
    return found + [
        {**document_changes.name_of(item), _REMOVED: "yes"}
        for name, item in left.items()
        if name not in right
    ]


def _is_removed(item: Any) -> bool:
    return isinstance(item, Mapping) and item.get(_REMOVED) in {True, "yes"}


def _is_instead(item: Any) -> bool:
    # An item of a list says its name besides.
    return isinstance(item, Mapping) and item.keys() - document_changes.name_of(item).keys() == {_INSTEAD}
