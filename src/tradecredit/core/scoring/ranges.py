"""Ranges of numbers with the word for each edge: ``above``/``from`` below, ``below``/``up_to`` above."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from tradecredit.core.kernel.policy_document import Node


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a range, and whether the number itself belongs to it."""

    at: Decimal
    included: bool


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two edges; an open end is None."""

    lower: Edge | None = None
    upper: Edge | None = None

    def contains(self, number: Decimal) -> bool:
        """Tell whether the number lies in the range (``above 0.95`` does not hold 0.95, ``from 0.95`` does)."""
        return self._is_over_lower(number) and self._is_under_upper(number)

    def _is_over_lower(self, number: Decimal) -> bool:
        if self.lower is None:
            return True
        return number > self.lower.at or (self.lower.included and number == self.lower.at)

    def _is_under_upper(self, number: Decimal) -> bool:
        if self.upper is None:
            return True
        return number < self.upper.at or (self.upper.included and number == self.upper.at)


def parse(node: Node) -> Range:
    """Read ``above`` or ``from`` and ``below`` or ``up_to``; a range with nothing in it is refused."""
    found = Range(
        lower=_edge(node, outside="above", inside="from"), upper=_edge(node, outside="below", inside="up_to")
    )
    if found.lower is not None and found.upper is not None:
        is_point = found.lower.at == found.upper.at and found.lower.included and found.upper.included
        if found.lower.at >= found.upper.at and not is_point:
            raise node.error("no number lies in this range")
    return found


def _edge(node: Node, *, outside: str, inside: str) -> Edge | None:
    if node.has(outside) and node.has(inside):
        raise node.error(f"use {outside!r} or {inside!r}, not both")
    if node.has(outside):
        return Edge(node.child(outside).number(), included=False)
    return Edge(node.child(inside).number(), included=True) if node.has(inside) else None


def gaps_and_overlaps(found: Sequence[Range]) -> tuple[str, ...]:
    """Return in words every number or stretch that no range, or more than one, covers (nothing: all is covered once)."""
    ordered = sorted(found, key=_by_lower)
    if not ordered:
        return ("no range at all",)
    findings = []
    if ordered[0].lower is not None:
        findings.append(f"nothing covers numbers under {ordered[0].lower.at}")
    for left, right in pairwise(ordered):
        findings += _meeting(left, right)
    if ordered[-1].upper is not None:
        findings.append(f"nothing covers numbers over {ordered[-1].upper.at}")
    return tuple(findings)


def _meeting(left: Range, right: Range) -> list[str]:
    if left.upper is None or right.lower is None:
        return ["two ranges have the same open end"]
    if left.upper.at < right.lower.at:
        return [f"nothing covers numbers between {left.upper.at} and {right.lower.at}"]
    if left.upper.at > right.lower.at:
        return [f"two ranges cover numbers between {right.lower.at} and {left.upper.at}"]
    if left.upper.included and right.lower.included:
        return [f"two ranges cover {left.upper.at}"]
    if not left.upper.included and not right.lower.included:
        return [f"nothing covers {left.upper.at} itself"]
    return []


def _by_lower(found: Range) -> tuple[bool, Decimal | int, bool]:
    if found.lower is None:
        return (False, 0, False)
    return (True, found.lower.at, not found.lower.included)


def words(found: Range, *, show: Callable[[Decimal], Words]) -> Words:
    """Return the range as people say it, for example ``above 95%``, ``60% to below 80%``."""
    zh, en = [], []
    if found.lower is not None:
        at = show(found.lower.at)
        zh.append(f"{'不低于' if found.lower.included else '高于'} {at.zh}")
        en.append(f"{'at least' if found.lower.included else 'above'} {at.en}")
    if found.upper is not None:
        at = show(found.upper.at)
        zh.append(f"{'不超过' if found.upper.included else '低于'} {at.zh}")
        en.append(f"{'at most' if found.upper.included else 'below'} {at.en}")
    if not zh:
        return Words(zh="任何值", en="any value")
    return Words(zh=" 且".join(zh), en=" and ".join(en))
