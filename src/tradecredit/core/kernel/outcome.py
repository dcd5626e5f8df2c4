"""Outcomes of a verdict, ordered: the worst one wins."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Outcome(IntEnum):
    """From best to worst; ``int`` order is the order of severity."""

    APPROVE = 0
    WARN = 1
    REVIEW = 2
    HOLD = 3
    REJECT = 4

    @property
    def text(self) -> str:
        """Return the word used in the API and in policy files, for example ``hold``."""
        return self.name.lower()

    @property
    def lets_through(self) -> bool:
        """Tell whether the document may proceed without a person."""
        return self <= Outcome.WARN


def parse(text: str) -> Outcome:
    """Read the word of the API or a policy file; raises ValueError naming the words allowed."""
    try:
        return Outcome[text.upper()]
    except KeyError:
        allowed = ", ".join(outcome.text for outcome in Outcome)
        raise ValueError(f"{text!r} is not an outcome; use one of {allowed}") from None


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst outcome; of nothing at all it is REVIEW, since missing data never says yes."""
    return max(outcomes, default=Outcome.REVIEW)
