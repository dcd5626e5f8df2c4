"""The learned probability of default among the attributes: from a score to it, and that it never decides alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.scoring import conditions, formulas
from tradecredit.core.scoring.values import Known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.values import Value

NAME: Final = "default_probability"
DIGITS: Final = Decimal("0.0001")
_HUNDREDTH: Final = Decimal("0.01")
_STEPS: Final = 101


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """The logarithm of the odds of default as a straight line in the score."""

    intercept: Decimal
    slope: Decimal


def of_score(score: Decimal, *, line: ScoreLine) -> Decimal:
    """Return the probability, to four digits: intercept 2 and slope -0.05 at a score of 100 is 0.0474."""
    odds = (line.intercept + line.slope * score).exp()
    return (odds / (1 + odds)).quantize(DIGITS, rounding=ROUND_HALF_UP)


def decides_alone(condition: Condition, *, known: Mapping[str, Attribute]) -> bool:
    """Tell whether the condition holds for some probability while nothing else is known.

    ``default_probability > 0.2 or overdue_count > 3`` does, with ``and`` it does not.
    """
    if not _asks(condition, known):
        return False
    return any(conditions.holds(condition, values=_only(_HUNDREDTH * step, known)) for step in range(_STEPS))


def _only(probability: Decimal, known: Mapping[str, Attribute]) -> Mapping[str, Value]:
    return formulas.completed({NAME: Known(value=probability)}, known=known)


def _asks(condition: Condition, known: Mapping[str, Attribute]) -> bool:
    names = conditions.attributes_of(condition)
    return NAME in names or any(NAME in known[name].asks for name in names if name in known)
