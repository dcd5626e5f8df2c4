"""A policy that says only what it has of its own: the rest is another's, and every value knows whose it is.

``{grades: …}`` of a company that extends the group's policy keeps the group's dunning; a list whose items have names
(checks, rules, stages) is joined item by item, so that one figure of one check may be a company's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.document_changes import UnknownPathError

_REMOVED: Final = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """A value with the policy that it comes from, by its name."""

    path: str
    value: Any
    origin: str


def merged(base: Any, own: Any) -> Any:
    """Return what holds when ``own`` says something besides ``base``; ``removed: yes`` takes a named item away.

    Days 30 in the base and 14 in one's own: 14; what one's own does not name stays as the base has it.
    """
    left, right = document_changes.named_parts(base), document_changes.named_parts(own)
    if left is None or right is None:
        return own
    if isinstance(base, Mapping):
        return {
            key: merged(base[key], own[key]) if key in base and key in own else own.get(key, base.get(key))
            for key in dict.fromkeys((*base, *own))
        }
    kept = {name: merged(item, right[name]) if name in right else item for name, item in left.items()}
    added = {name: item for name, item in right.items() if name not in left}
    return [item for item in (*kept.values(), *added.values()) if not _is_removed(item)]


def origin_of(path: str, *, base: Any, own: Any, base_name: str, own_name: str) -> Inherited:
    """Return the value at a path of the merged policy, and whose it is; raises UnknownPathError."""
    value = document_changes.value_at(merged(base, own), path)
    try:
        document_changes.value_at(own, path)
    except UnknownPathError:
        return Inherited(path=path, value=value, origin=base_name)
    return Inherited(path=path, value=value, origin=own_name)


def _is_removed(item: Any) -> bool:
    return isinstance(item, Mapping) and item.get(_REMOVED) in {True, "yes"}
