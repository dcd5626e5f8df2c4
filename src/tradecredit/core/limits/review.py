"""When a moved grade makes a line worth looking at again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel import limit as tagged

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.policy_document import Node


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """Which moves of a grade matter, and from which share of change on an amount is proposed."""

    on: frozenset[str]
    least_change: Decimal


def is_due(policy: ReviewPolicy, *, direction: str, current: Limit, proposed: Money | None) -> bool:
    """Tell whether another amount should be put to those who decide.

    500,000 in force and 450,000 proposed after a fall is due at a least change of 0.10; 460,000 is not. What was
    never set, or set without limit, was somebody's decision and is not touched by a formula; a raise never
    follows a fall, nor a cut a rise.
    """
    if direction not in policy.on or proposed is None or not isinstance(current, tagged.Amount):
        return False
    change = proposed - current.money
    if change.is_zero or change.is_positive is not (direction == "up"):
        return False
    return abs(change.amount) >= current.money.amount * policy.least_change


def parse(node: Node) -> ReviewPolicy:
    """Read ``{on_grade: [down, up], least_change: "0.10"}``."""
    node.only("on_grade", "least_change")
    on = frozenset(each.one_of("up", "down") for each in node.child("on_grade").items())
    return ReviewPolicy(on, node.child("least_change").number(least="0"))
