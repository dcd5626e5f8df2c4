"""Funds: when what customers in trouble are to pay soon reaches an amount, finance is asked to plan ahead (S-117)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.collections import steps

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingRule:
    """How far ahead is looked, from which amount (in the company's currency) and which alert levels, and who is asked."""

    within_days: int
    amount: Decimal
    levels: tuple[str, ...]
    role: str
    title: Words


def read(node: Node | None) -> FundingRule | None:
    """Read ``monitoring.funding``; None where the policy has none. Raises PolicyError naming the place."""
    if node is None:
        return None
    node.only("within_days", "amount", "levels", "role", "title", "source", "reason")
    return FundingRule(
        within_days=node.child("within_days").count(least=1),
        amount=node.child("amount").number(least="0"),
        levels=tuple(part.one_of(*steps.LEVELS) for part in node.child("levels").items()),
        role=node.child("role").text(),
        title=node.child("title").words(),
    )
