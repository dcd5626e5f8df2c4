"""Scorecards: a visible table of dimensions and weighted indicators, and its evaluation with every part shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tradecredit.core.scoring import conditions, measures, score_lines
from tradecredit.core.scoring.sentences import of_part
from tradecredit.core.scoring.values import Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.indicator_lines import Dimension, WeightSet
    from tradecredit.core.scoring.score_lines import Line
    from tradecredit.core.scoring.values import Value

_WHOLE = Decimal(100)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """A two-level weighted model; weights sum to 100 % on both levels.

    ``own_models`` are whole models for customers that fulfil a condition (a segment, an industry, a product line): the
    first that fits rates the customer in place of this one.
    """

    name: str
    label: Words
    dimensions: tuple[Dimension, ...]
    weight_sets: tuple[WeightSet, ...]
    digits: int
    own_models: tuple[tuple[Condition, Scorecard], ...] = ()

    @property
    def every(self) -> tuple[Scorecard, ...]:
        """Return this model and those for some customers."""
        return (self, *(model for _, model in self.own_models))

    def for_customer(self, values: Mapping[str, Value]) -> Scorecard:
        """Return the model that rates a customer of these values."""
        fitting = (model for when, model in self.own_models if conditions.holds(when, values=values))
        return next(fitting, self)

    def named(self, name: str) -> Scorecard:
        """Return the model of a name; this one where no model has it."""
        return next((model for model in self.every if model.name == name), self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one indicator gave: its value, points, weight in the whole (given and used) and contribution."""

    indicator: str
    dimension: str
    attribute: str
    label: Words
    value: Value
    points: Decimal | None
    weight: Decimal
    used_weight: Decimal
    contribution: Decimal
    sentence: Words
    low: Decimal
    high: Decimal

    @property
    def is_missing(self) -> bool:
        """Tell whether no usable value was known."""
        return isinstance(self.value, Missing)

    @property
    def cost(self) -> Decimal:
        """Return what this part costs, in hundredths of its given weight: exact, and nothing where it does not count.

        The same base divides the parts of one customer, so that their order needs no division.
        """
        return _NOTHING if self.points is None else self.weight * (_WHOLE - self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreResult:
    """A score from 0 to 100 (None where a needed value is missing), with its parts and what is not known."""

    score: Decimal | None
    parts: tuple[Part, ...]
    completeness: Decimal
    low: Decimal
    high: Decimal
    blocked_by: tuple[str, ...]
    weight_set: str | None
    model: str

    @property
    def most_worth_getting(self) -> Part | None:
        """Return the missing datum that could move the score the most."""
        gaps = [part for part in self.parts if part.is_missing and part.weight > 0]
        return max(gaps, key=lambda part: part.weight * (part.high - part.low), default=None)

    def weakest(self, *, count: int) -> tuple[Part, ...]:
        """Return the parts that cost the most points, the worst first; parts with nothing lost are left out."""
        losing = [part for part in self.parts if part.cost > 0]
        return tuple(sorted(losing, key=lambda part: (-part.cost, part.indicator))[:count])


def evaluate(scorecard: Scorecard, *, values: Mapping[str, Value], as_of: date) -> ScoreResult:
    """Return the score of the values on the day, by the model that is for such customers.

    Weights 40, 30 and 30 with points 80 and 60 and the last missing, reallocated, are 57.14 and 42.86: score 71.43.
    """
    scorecard = scorecard.for_customer(values)
    weight_set = _weight_set(scorecard, values=values)
    lines = score_lines.lines(scorecard.dimensions, weight_set=weight_set, values=values, as_of=as_of)
    blocked = tuple(line.indicator.name for line in lines if score_lines.is_blocking(line))
    used = [score_lines.used(line) for line in lines]
    base = sum(
        (line.weight for line, points in zip(lines, used, strict=True) if points is not None), _NOTHING
    )
    earned = sum(
        (line.weight * points for line, points in zip(lines, used, strict=True) if points is not None),
        _NOTHING,
    )
    score = None if blocked or base == 0 else _rounded(earned / base, scorecard.digits)
    low, high = score_lines.interval(lines)
    known = sum((line.weight for line in lines if line.points is not None), _NOTHING)
    return ScoreResult(
        score=score,
        parts=_parts(lines, used=used, base=base, score=score, digits=scorecard.digits),
        completeness=_rounded(known, scorecard.digits),
        low=_rounded(min(low, low if score is None else score), scorecard.digits),
        high=_rounded(max(high, high if score is None else score), scorecard.digits),
        blocked_by=blocked,
        weight_set=weight_set.name if weight_set else None,
        model=scorecard.name,
    )


def _weight_set(scorecard: Scorecard, *, values: Mapping[str, Value]) -> WeightSet | None:
    for each in scorecard.weight_sets:
        if conditions.holds(each.when, values=values):
            return each
    return None


def _parts(
    lines: Sequence[Line],
    *,
    used: Sequence[Decimal | None],
    base: Decimal,
    score: Decimal | None,
    digits: int,
) -> tuple[Part, ...]:
    counting = [points if base else None for points in used]
    weights = [
        _NOTHING if points is None else _rounded(line.weight * _WHOLE / base, digits)
        for line, points in zip(lines, counting, strict=True)
    ]
    contributions = [
        _NOTHING if points is None else _rounded(line.weight * points / base, digits)
        for line, points in zip(lines, counting, strict=True)
    ]
    if score is not None:
        contributions = _summing_to(score, contributions)
    return tuple(
        _part(line, points=points, used_weight=weight, contribution=contribution)
        for line, points, weight, contribution in zip(lines, used, weights, contributions, strict=True)
    )


def _summing_to(total: Decimal, shares: list[Decimal]) -> list[Decimal]:
    """Let the largest share take what rounding left over, so that the shown parts add up to the shown score."""
    left_over = total - sum(shares, _NOTHING)
    largest = max(range(len(shares)), key=lambda index: shares[index])
    return [share + left_over if index == largest else share for index, share in enumerate(shares)]


def _part(line: Line, *, points: Decimal | None, used_weight: Decimal, contribution: Decimal) -> Part:
    low, high = measures.bounds(line.indicator.measure)
    sentence = of_part(
        label=line.indicator.label,
        attribute=line.indicator.attribute,
        value=line.value,
        because=line.points.because if line.points else None,
        policy=line.indicator.missing,
        points=points,
        weight=used_weight,
        contribution=contribution,
    )
    return Part(
        indicator=line.indicator.name,
        dimension=line.dimension.name,
        attribute=line.indicator.attribute.name,
        label=line.indicator.label,
        value=line.value,
        points=points,
        weight=line.weight,
        used_weight=used_weight,
        contribution=contribution,
        sentence=sentence,
        low=low,
        high=high,
    )


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
