"""Values of a policy that hold for a time: a downturn, a season, a campaign; each with its days, its reason, what it sets.

The policy itself stays as it is written, so when the days are over it holds again without anybody doing anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.core.kernel.reasons import Words

SECTION: Final = "overlays"
_ITEMS: Final = "items"
# What a policy is called, and the overlays themselves, are no values that hold for a time.
_NOT_SET: Final = (SECTION, "pack")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Values by their path that hold from a day (included) to a day (excluded)."""

    code: str
    label: Words
    reason: str
    validity: Validity
    values: tuple[tuple[str, Any], ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths whose values it sets."""
        return tuple(path for path, _ in self.values)

    def as_dict(self) -> dict[str, Any]:
        """Return the overlay as it stands in a policy."""
        ends = self.validity.valid_to
        return {
            "code": self.code,
            "label": self.label.as_dict(),
            "reason": self.reason,
            "from": self.validity.valid_from.isoformat(),
            **({} if ends is None else {"to": ends.isoformat()}),
            "set": [{"path": path, "value": value} for path, value in self.values],
        }


def of_document(document: Mapping[str, Any]) -> tuple[Overlay, ...]:
    """Return the overlays of a policy, none where it has no such section.

    Raises PolicyError: a place that cannot be read or leads to nothing, and two that set one value on the same days.
    """
    if SECTION not in document:
        return ()
    node = Node(document[SECTION], SECTION).only("source", "reason", _ITEMS)
    found = tuple(_overlay(item, document) for item in node.child(_ITEMS).items())
    for place, item in enumerate(node.child(_ITEMS).items()):
        _refuse_conflicts(item, found[place], found[:place])
    return found


def on_day(document: Mapping[str, Any], day: date) -> Mapping[str, Any]:
    """Return the policy as it holds on a day; the same object where no overlay holds.

    Overdue days 7 with an overlay of 3 from 1 December to 1 March: 3 on 28 February, 7 on 1 March.
    """
    holding = [one for one in of_document(document) if one.validity.holds_on(day)]
    result: Any = document
    for path, value in (each for one in holding for each in one.values):
        result = document_changes.changed(result, path, value)
    return dict(result) if holding else document


def days_of_change(document: Mapping[str, Any], *, after: date) -> tuple[date, ...]:
    """Return the days after ``after`` on which an overlay begins or ends, in order."""
    days: set[date] = set()
    for one in of_document(document):
        days.add(one.validity.valid_from)
        if one.validity.valid_to is not None:
            days.add(one.validity.valid_to)
    return tuple(sorted(day for day in days if day > after))


def holding(document: Mapping[str, Any], *, path: str, day: date) -> Overlay | None:
    """Return the overlay whose value holds at the path on the day, or that sets something below it."""
    for one in of_document(document):
        if one.validity.holds_on(day) and any(_is_within(path, each) for each in one.paths):
            return one
    return None


def added(document: Mapping[str, Any], overlay: Overlay) -> dict[str, Any]:
    """Return the policy with the overlay, in place of one with the same code."""
    kept = [one for one in _items(document) if one["code"] != overlay.code]
    return {**document, SECTION: {**document.get(SECTION, {}), _ITEMS: [*kept, overlay.as_dict()]}}


def without(document: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return the policy without the overlay; raises UnknownPathError where there is none with that code."""
    kept = [one for one in _items(document) if one["code"] != code]
    if len(kept) == len(_items(document)):
        raise UnknownPathError(f"{SECTION}.{code}")
    if kept:
        return {**document, SECTION: {**document[SECTION], _ITEMS: kept}}
    return {name: section for name, section in document.items() if name != SECTION}


def _items(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(document.get(SECTION, {}).get(_ITEMS, ()))


def _overlay(node: Node, document: Mapping[str, Any]) -> Overlay:
    node.only("code", "label", "reason", "source", "from", "to", "set")
    begins, ends = node.child("from").day(), node.optional("to")
    if ends is not None and ends.day() <= begins:
        raise ends.error("an overlay ends after it begins")
    values = tuple(_value(item, document) for item in node.child("set").items())
    if not values:
        raise node.child("set").error("an overlay sets one value at least")
    return Overlay(
        code=node.child("code").text(),
        label=node.child("label").words(),
        reason=node.child("reason").text(),
        validity=Validity(begins, None if ends is None else ends.day()),
        values=values,
    )


def _value(node: Node, document: Mapping[str, Any]) -> tuple[str, Any]:
    node.only("path", "value")
    path = node.child("path").text()
    if path.split(".")[0] in _NOT_SET:
        raise node.child("path").error("this is no value that can hold for a time")
    try:
        document_changes.value_at(document, path)
    except (UnknownPathError, TypeError) as error:
        raise node.child("path").error(f"this policy has no {path}") from error
    return path, node.child("value").value


def _refuse_conflicts(node: Node, one: Overlay, before: tuple[Overlay, ...]) -> None:
    for other in before:
        if other.code == one.code:
            raise node.child("code").error(f"{one.code!r} stands twice")
        if not _meet(one.validity, other.validity):
            continue
        for path in one.paths:
            if any(_is_within(path, each) or _is_within(each, path) for each in other.paths):
                raise node.child("set").error(f"{path} is set by {other.code!r} on the same days")


def _meet(one: Validity, other: Validity) -> bool:
    later = max(one.valid_from, other.valid_from)
    return one.holds_on(later) and other.holds_on(later)


def _is_within(path: str, outer: str) -> bool:
    return path == outer or path.startswith(f"{outer}.")
