"""Scorecards: a visible table of dimensions and weighted indicators, and its evaluation with every part shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

from tradecredit.core.scoring import conditions, measures
from tradecredit.core.scoring import values as tagged
from tradecredit.core.scoring.sentences import of_part
from tradecredit.core.scoring.values import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.measures import Measure
    from tradecredit.core.scoring.values import Value

MissingPolicy = Literal["reallocate", "keep", "worst", "neutral", "block"]

_WHOLE = Decimal(100)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One line of the table: an attribute, its weight inside its dimension, and how its value becomes points."""

    name: str
    attribute: Attribute
    label: Words
    weight: Decimal
    measure: Measure
    missing: MissingPolicy
    neutral: Decimal
    fresh_for_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A group of indicators with its weight in the whole."""

    name: str
    label: Words
    weight: Decimal
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSet:
    """Other weights of the dimensions for customers that fulfil a condition, for example an industry."""

    name: str
    label: Words
    when: Condition
    weights: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """A two-level weighted model; weights sum to 100 % on both levels."""

    name: str
    label: Words
    dimensions: tuple[Dimension, ...]
    weight_sets: tuple[WeightSet, ...]
    digits: int


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

    @property
    def most_worth_getting(self) -> Part | None:
        """Return the missing datum that could move the score the most."""
        gaps = [part for part in self.parts if part.is_missing and part.weight > 0]
        return max(gaps, key=lambda part: part.weight * (part.high - part.low), default=None)

    def weakest(self, *, count: int) -> tuple[Part, ...]:
        """Return the parts that cost the most points, the worst first; parts with nothing lost are left out."""
        losing = [part for part in self.parts if part.cost > 0]
        return tuple(sorted(losing, key=lambda part: (-part.cost, part.indicator))[:count])


@dataclass(frozen=True, slots=True)
class _Line:
    dimension: Dimension
    indicator: Indicator
    weight: Decimal
    value: Value
    points: measures.Points | None


def evaluate(scorecard: Scorecard, *, values: Mapping[str, Value], as_of: date) -> ScoreResult:
    """Return the score of the values on the day.

    Weights 40, 30 and 30 with points 80 and 60 and the last missing, reallocated, are 57.14 and 42.86: score 71.43.
    """
    weight_set = _weight_set(scorecard, values=values)
    lines = _lines(scorecard, weight_set=weight_set, values=values, as_of=as_of)
    blocked = tuple(line.indicator.name for line in lines if _is_blocking(line))
    used = [_used(line) for line in lines]
    base = sum(
        (line.weight for line, points in zip(lines, used, strict=True) if points is not None), _NOTHING
    )
    earned = sum(
        (line.weight * points for line, points in zip(lines, used, strict=True) if points is not None),
        _NOTHING,
    )
    score = None if blocked or base == 0 else _rounded(earned / base, scorecard.digits)
    low, high = _interval(lines)
    known = sum((line.weight for line in lines if line.points is not None), _NOTHING)
    return ScoreResult(
        score=score,
        parts=_parts(lines, used=used, base=base, score=score, digits=scorecard.digits),
        completeness=_rounded(known, scorecard.digits),
        low=_rounded(min(low, low if score is None else score), scorecard.digits),
        high=_rounded(max(high, high if score is None else score), scorecard.digits),
        blocked_by=blocked,
        weight_set=weight_set.name if weight_set else None,
    )


def _weight_set(scorecard: Scorecard, *, values: Mapping[str, Value]) -> WeightSet | None:
    for each in scorecard.weight_sets:
        if conditions.holds(each.when, values=values):
            return each
    return None


def _lines(
    scorecard: Scorecard, *, weight_set: WeightSet | None, values: Mapping[str, Value], as_of: date
) -> tuple[_Line, ...]:
    lines = []
    for dimension in scorecard.dimensions:
        whole = dimension.weight if weight_set is None else weight_set.weights[dimension.name]
        for indicator in dimension.indicators:
            value = tagged.if_fresh(
                tagged.look_up(values, indicator.attribute.name),
                as_of=as_of,
                fresh_for_days=indicator.fresh_for_days,
            )
            lines.append(_line(dimension, indicator, weight=whole * indicator.weight / _WHOLE, value=value))
    return tuple(lines)


def _line(dimension: Dimension, indicator: Indicator, *, weight: Decimal, value: Value) -> _Line:
    points = None
    if isinstance(value, Known):
        points = measures.measure(indicator.measure, value.value, attribute=indicator.attribute)
        if points is None:
            value = Missing(cause="not_understood")
    return _Line(dimension, indicator, weight, value, points)


def _is_blocking(line: _Line) -> bool:
    return line.points is None and line.indicator.missing == "block" and line.weight > 0


def _used(line: _Line) -> Decimal | None:
    """Return the points that count for the line; None where its weight goes to the others."""
    if line.points is not None:
        return line.points.points
    match line.indicator.missing:
        case "keep":
            return _NOTHING
        case "worst":
            return measures.bounds(line.indicator.measure)[0]
        case "neutral":
            return line.indicator.neutral
        case "reallocate" | "block":
            return None


def _interval(lines: Sequence[_Line]) -> tuple[Decimal, Decimal]:
    low = high = _NOTHING
    for line in lines:
        least, most = measures.bounds(line.indicator.measure)
        low += line.weight * (line.points.points if line.points else least) / _WHOLE
        high += line.weight * (line.points.points if line.points else most) / _WHOLE
    return low, high


def _parts(
    lines: Sequence[_Line],
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


def _part(line: _Line, *, points: Decimal | None, used_weight: Decimal, contribution: Decimal) -> Part:
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
