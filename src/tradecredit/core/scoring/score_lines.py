"""The lines of one customer's score: each indicator with its weight, its value and the points that this gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.scoring import measures
from tradecredit.core.scoring import values as tagged
from tradecredit.core.scoring.values import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.core.scoring.indicator_lines import Dimension, Indicator, WeightSet
    from tradecredit.core.scoring.values import Value

_WHOLE: Final = Decimal(100)
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator of a customer; ``points`` None where nothing usable is known."""

    dimension: Dimension
    indicator: Indicator
    weight: Decimal
    value: Value
    points: measures.Points | None


def lines(
    dimensions: Sequence[Dimension], *, weight_set: WeightSet | None, values: Mapping[str, Value], as_of: date
) -> tuple[Line, ...]:
    """Return the lines of the model, in its order."""
    found = []
    for dimension in dimensions:
        whole = dimension.weight if weight_set is None else weight_set.weights[dimension.name]
        for indicator in dimension.indicators:
            value = tagged.if_fresh(
                tagged.look_up(values, indicator.attribute.name),
                as_of=as_of,
                fresh_for_days=indicator.fresh_for_days,
            )
            found.append(_line(dimension, indicator, weight=whole * indicator.weight / _WHOLE, value=value))
    return tuple(found)


def _line(dimension: Dimension, indicator: Indicator, *, weight: Decimal, value: Value) -> Line:
    points = None
    if isinstance(value, Known):
        points = measures.measure(indicator.measure, value.value, attribute=indicator.attribute)
        if points is None:
            value = Missing(cause="not_understood")
    return Line(dimension, indicator, weight, value, points)


def is_blocking(line: Line) -> bool:
    """Tell whether the customer cannot be scored for want of this."""
    return line.points is None and line.indicator.missing == "block" and line.weight > 0


def used(line: Line) -> Decimal | None:
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


def interval(every: Sequence[Line]) -> tuple[Decimal, Decimal]:
    """Return the least and the most that the score could be if everything missing were known."""
    low = high = _NOTHING
    for line in every:
        least, most = measures.bounds(line.indicator.measure)
        low += line.weight * (line.points.points if line.points else least) / _WHOLE
        high += line.weight * (line.points.points if line.points else most) / _WHOLE
    return low, high
