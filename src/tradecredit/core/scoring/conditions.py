"""Conditions of rules, as data: a comparison of one attribute, all or any of several, or a text of the policy language.

A comparison with a missing value is not fulfilled; only ``missing: "yes"`` (or ``= null``) asks for the gap itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tradecredit.core.feel import written
from tradecredit.core.feel.values import kinds
from tradecredit.core.scoring import ranges
from tradecredit.core.scoring.values import Known, Missing, look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.scoring.ranges import Range
    from tradecredit.core.scoring.values import Plain, Value

_TESTS = ("is", "is_not", "one_of", "missing")
_RANGE_KEYS = ("above", "from", "below", "up_to")


@dataclass(frozen=True, slots=True)
class InRange:
    """The attribute is a number inside the range."""

    attribute: str
    within: Range


@dataclass(frozen=True, slots=True)
class OneOf:
    """The attribute is one of the texts (a flag counts as yes or no); negated: it is known and none of them."""

    attribute: str
    allowed: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsMissing:
    """Nothing usable is known of the attribute (or, with False, something is)."""

    attribute: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Combined:
    """All or any of several conditions."""

    kind: Literal["all", "any"]
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A condition in the policy language: ``years_of_trade >= 3 and overdue_count = 0``."""

    text: str
    names: tuple[str, ...]


Condition = InRange | OneOf | IsMissing | Combined | Written


def holds(condition: Condition, *, values: Mapping[str, Value]) -> bool:
    """Tell whether the condition is fulfilled by the values."""
    match condition:
        case Combined("all", parts):
            return all(holds(part, values=values) for part in parts)
        case Combined(_, parts):
            return any(holds(part, values=values) for part in parts)
        case Written(text, names):
            return written.value(text, names, plain(values, names)) is True
        case IsMissing(attribute, missing):
            return isinstance(look_up(values, attribute), Missing) is missing
        case InRange(attribute, within):
            value = look_up(values, attribute)
            return isinstance(value, Known) and _is_inside(value.value, within)
        case OneOf(attribute, allowed, negated):
            value = look_up(values, attribute)
            return isinstance(value, Known) and (as_text(value.value) in allowed) is not negated


def attributes_of(condition: Condition) -> frozenset[str]:
    """Return the names of all attributes that the condition looks at."""
    if isinstance(condition, Combined):
        return frozenset().union(*(attributes_of(part) for part in condition.parts))
    return frozenset(condition.names if isinstance(condition, Written) else {condition.attribute})


def plain(values: Mapping[str, Value], names: tuple[str, ...]) -> dict[str, Plain]:
    """Return the values that are known, for the policy language: what is missing is unknown there."""
    found = ((name, look_up(values, name)) for name in names)
    return {name: value.value for name, value in found if isinstance(value, Known)}


def as_text(value: Plain) -> str:
    """Return the value as it is written in policy files: a flag is ``yes`` or ``no``."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
        case str():
            return value


def parse(node: Node, *, known: frozenset[str]) -> Condition:
    """Read a condition; an attribute that nobody knows is a mistake, not a condition that never holds."""
    if isinstance(node.value, str):
        return Written(node.text(), used_names(node, known=known))
    for kind in ("all", "any"):
        if node.has(kind):
            node.only(kind)
            parts = tuple(parse(item, known=known) for item in node.child(kind).items())
            if not parts:
                raise node.error(f"{kind!r} needs at least one condition")
            return Combined("all" if kind == "all" else "any", parts)
    return _parse_comparison(node, known=known)


def used_names(node: Node, *, known: frozenset[str]) -> tuple[str, ...]:
    """Return the names in a text of the policy language, each of which must be known; raises PolicyError."""
    try:
        return written.names_in(node.text(), known=dict.fromkeys(known, kinds.ANY))
    except ValueError as error:
        raise node.error(str(error)) from error


def _parse_comparison(node: Node, *, known: frozenset[str]) -> Condition:
    node.only("attribute", *_TESTS, *_RANGE_KEYS)
    attribute = node.child("attribute").text()
    if attribute not in known:
        raise node.child("attribute").error(f"there is no attribute {attribute!r}")
    tests = [test for test in _TESTS if node.has(test)]
    has_range = any(node.has(key) for key in _RANGE_KEYS)
    if len(tests) + has_range != 1:
        raise node.error("exactly one test is needed: a range, is, is_not, one_of or missing")
    if has_range:
        return InRange(attribute, ranges.parse(node))
    return _parse_test(node.child(tests[0]), attribute=attribute, test=tests[0])


def _parse_test(node: Node, *, attribute: str, test: str) -> Condition:
    match test:
        case "missing":
            return IsMissing(attribute, node.flag())
        case "one_of":
            return OneOf(attribute, frozenset(item.text() for item in node.items()))
        case _:
            return OneOf(attribute, frozenset({node.text()}), negated=test == "is_not")


def _is_inside(value: Plain, within: Range) -> bool:
    return isinstance(value, Decimal) and within.contains(value)
