"""How one value becomes points from 0 to 100: bins, a value map, or a step deduction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Literal

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import attributes, conditions, ranges

if TYPE_CHECKING:
    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.ranges import Range
    from tradecredit.core.scoring.values import Plain

_FULL = Decimal(100)
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Points:
    """Points with the words of the line that gave them."""

    points: Decimal
    because: Words


@dataclass(frozen=True, slots=True)
class Bin:
    """Points for numbers in a range."""

    within: Range
    points: Decimal
    label: Words | None = None


@dataclass(frozen=True, slots=True)
class Bins:
    """A table of ranges that covers every number exactly once."""

    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class ValueMap:
    """Points for each quality; ``otherwise`` stands for every other known value, None makes it missing."""

    points: tuple[tuple[str, Decimal], ...]
    otherwise: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDeduction:
    """Full points up to a warning line, less for every step beyond it."""

    line: Decimal
    step: Decimal
    points: Decimal
    mode: Literal["floor", "linear"]
    unit: Literal["pp", "relative"]
    beyond: Literal["above", "below"]


Measure = Bins | ValueMap | StepDeduction


def measure(rule: Measure, value: Plain, *, attribute: Attribute) -> Points | None:
    """Return the points of a known value, or None where the rule has no line for it."""
    match rule:
        case Bins():
            return _by_bins(rule, value, attribute=attribute)
        case ValueMap():
            return _by_map(rule, value)
        case StepDeduction():
            return _by_steps(rule, value, attribute=attribute)


def bounds(rule: Measure) -> tuple[Decimal, Decimal]:
    """Return the least and the most points that the rule can give."""
    match rule:
        case Bins(bins):
            points = [each.points for each in bins]
        case ValueMap(pairs, otherwise):
            points = [each for _, each in pairs] + ([] if otherwise is None else [otherwise])
        case StepDeduction():
            points = [_NONE, _FULL]
    return min(points), max(points)


def deducted(rule: StepDeduction, value: Decimal) -> Decimal:
    """Return the points left: line 0.70, step 0.10, 15 points, value 0.85 leave 85 by floor and 77.5 by linear.

    With unit ``relative`` the step is a share of the line: 10 % of 0.70 is 0.07, so 0.85 is two whole steps, 70.
    """
    distance = value - rule.line if rule.beyond == "above" else rule.line - value
    if distance <= 0:
        return _FULL
    step = rule.step if rule.unit == "pp" else rule.step * abs(rule.line)
    steps = distance / step
    if rule.mode == "floor":
        steps = steps.to_integral_value(rounding=ROUND_FLOOR)
    return max(_NONE, min(_FULL, _FULL - rule.points * steps))


def _by_bins(rule: Bins, value: Plain, *, attribute: Attribute) -> Points | None:
    if not isinstance(value, Decimal):
        return None
    for each in rule.bins:
        if each.within.contains(value):
            span = ranges.words(each.within, show=lambda number: attributes.shown(attribute, number))
            return Points(each.points, _labelled(span, each.label))
    return None


def _by_map(rule: ValueMap, value: Plain) -> Points | None:
    text = conditions.as_text(value)
    for known, points in rule.points:
        if known == text:
            return Points(points, Words(zh="按对照表", en="by the value table"))
    if rule.otherwise is None:
        return None
    return Points(rule.otherwise, Words(zh="其他情况", en="any other value"))


def _by_steps(rule: StepDeduction, value: Plain, *, attribute: Attribute) -> Points | None:
    if not isinstance(value, Decimal):
        return None
    line = attributes.shown(attribute, rule.line)
    left = deducted(rule, value)
    if left == _FULL:
        return Points(left, Words(zh=f"未过警戒线 {line.zh}", en=f"not beyond the warning line {line.en}"))
    lost = f"{_FULL - left:.2f}"
    return Points(
        left,
        Words(zh=f"超警戒线 {line.zh}，扣 {lost} 分", en=f"beyond the warning line {line.en}, {lost} off"),
    )


def _labelled(span: Words, label: Words | None) -> Words:
    if label is None:
        return span
    return Words(zh=f"{label.zh}：{span.zh}", en=f"{label.en}: {span.en}")
