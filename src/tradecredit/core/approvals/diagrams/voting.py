"""When a step is decided: by one, by every seat, by a share of those who may vote, or by a condition.

A collective vote of five with ``needed`` 2/3 and a quorum of four is agreed by the fourth yes (2/3 of 5, rounded up)
and refused by the second no, since three of five are no longer two thirds.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.core.approvals.diagrams.assignment import Together
from tradecredit.core.approvals.four_eyes import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.approvals.four_eyes import Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """How a step counts: how many may vote in it, and how many of them it takes."""

    together: Together
    seats: int
    needed: Fraction = Fraction(1)
    quorum: int = 0
    completion: str = ""


def standing(ballot: Ballot, votes: Sequence[Vote]) -> Standing:
    """Return how a step stands after its votes."""
    agreed = sum(1 for vote in votes if vote.agrees)
    refused = len(votes) - agreed
    if ballot.completion:
        return _by_condition(ballot, agreed=agreed, refused=refused)
    if ballot.together is Together.RATIO:
        return _by_share(ballot, agreed=agreed, refused=refused)
    if refused:
        return Standing.REJECTED
    wanted = ballot.seats if ballot.together is Together.ALL else 1
    return Standing.APPROVED if agreed >= wanted else Standing.PENDING


def _by_share(ballot: Ballot, *, agreed: int, refused: int) -> Standing:
    wanted = ceil(ballot.needed * ballot.seats)
    if refused > ballot.seats - wanted:
        return Standing.REJECTED
    is_quorate = agreed + refused >= min(ballot.quorum, ballot.seats)
    return Standing.APPROVED if agreed >= wanted and is_quorate else Standing.PENDING


def _by_condition(ballot: Ballot, *, agreed: int, refused: int) -> Standing:
    counts = {"agreed": agreed, "refused": refused, "voted": agreed + refused, "seats": ballot.seats}
    if vocabulary.holds(ballot.completion, counts):
        return Standing.APPROVED
    return Standing.REJECTED if agreed + refused >= ballot.seats else Standing.PENDING
