"""ABC classes: the safest 80 % of what is owed are A, the next 15 % are B, the riskiest 5 % are C.

Accounts are sorted from the safest to the riskiest: days overdue first, then the amount. Two readings exist and are
always named. By amount an account belongs to the class in which its *middle* lies on the cumulative amount, by count on
the cumulative number: so the riskiest account is not A or B for being large, nor a single sound one C. 100, 50, 30 and
20 with growing days overdue have their middles at 25, 62.5, 82.5 and 95 % by amount: A, A, B and C; by count at 12.5,
37.5, 62.5 and 87.5 %: A, A, A and B.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.policy_document import Node

Reading = Literal["amount", "count"]
AbcClass = Literal["A", "B", "C"]
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How much of the whole, in percent, the classes A and B take; C is the rest."""

    a: Decimal
    b: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What somebody owes: the oldest of it is so many days overdue (0: nothing is)."""

    key: str
    days_overdue: int
    amount: Money


def classify(*, owed: Iterable[Owed], shares: Shares, by: Reading) -> Mapping[str, AbcClass]:
    """Return the class of each, from the safest to the riskiest; all amounts are in one currency."""
    ranked = sorted(owed, key=lambda one: (one.days_overdue, one.amount.amount, one.key))
    weights = [one.amount.amount if by == "amount" else Decimal(1) for one in ranked]
    whole = sum(weights, Decimal(0))
    found: dict[str, AbcClass] = {}
    begins = Decimal(0)
    for one, weight in zip(ranked, weights, strict=True):
        found[one.key] = _class_of((begins + weight / 2) * _WHOLE, whole, shares)
        begins += weight
    return found


def parse(node: Node) -> Shares:
    """Read ``{a: "80", b: "15"}``; raises PolicyError when they are more than everything."""
    a = node.child("a").number(least="0", most="100")
    b = node.child("b").number(least="0", most="100")
    if a + b > _WHOLE:
        raise PolicyError(node.path, "a and b together are at most 100")
    return Shares(a=a, b=b)


def _class_of(middle: Decimal, whole: Decimal, shares: Shares) -> AbcClass:
    if middle < shares.a * whole:
        return "A"
    return "B" if middle < (shares.a + shares.b) * whole else "C"
