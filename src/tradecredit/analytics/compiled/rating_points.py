"""Points of one indicator as an expression over its column, in whole parts of a point."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis

from tradecredit.analytics.compiled import rating_conditions
from tradecredit.analytics.compiled.formulas import UnableToCompileError
from tradecredit.core.scoring import measures
from tradecredit.core.scoring.measures import Bins, StepDeduction, ValueMap

if TYPE_CHECKING:
    from datetime import date

    from ibis.expr.types import Table

    from tradecredit.core.scoring.indicator_lines import Indicator
    from tradecredit.core.scoring.scorecard import Scorecard


def digits_of(number: Decimal) -> int:
    """Return how many decimals a number is written with."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def days_before(day: date, days: int) -> date:
    """Return the oldest day that is still fresh."""
    return day - timedelta(days=days)


def whole(number: int) -> Any:
    """Return a whole number of 64 bits; a bare literal would be one of 32 to the database, and its products too."""
    return ibis.literal(number).cast("decimal(38, 0)").cast("int64")


def fraction_of(card: Scorecard, customers: Table) -> int:
    """Return into how many parts a point is cut so that every indicator's points are whole."""
    found = 1
    for dimension in card.dimensions:
        for line in dimension.indicators:
            name = line.attribute.name
            scale = _scale(customers[name], name) if name in customers.columns and _is_deducted(line) else 0
            found = math.lcm(found, _fraction(line, scale=scale))
    return found


def stand_in(line: Indicator, *, parts: int) -> int | None:
    """Return the points that count where nothing is known; None where the indicator then does not count."""
    match line.missing:
        case "keep":
            return 0
        case "worst":
            return int(measures.bounds(line.measure)[0] * parts)
        case "neutral":
            return int(line.neutral * parts)
        case "reallocate" | "block":
            return None


def points(line: Indicator, value: Any, *, parts: int) -> Any:
    """Return the points of a column in whole parts, null where nothing usable is known."""
    match line.measure:
        case Bins(bins=bins):
            rating_conditions.require_number(value, line.attribute.name)
            cases = [
                (rating_conditions.inside(each.within, value), int(each.points * parts)) for each in bins
            ]
            return ibis.cases(*cases).cast("int64")
        case ValueMap(points=pairs, otherwise=otherwise):
            text = rating_conditions.as_text(value)
            cases = [(text == known, whole(int(each * parts))) for known, each in pairs]
            rest = ibis.null("int64") if otherwise is None else whole(int(otherwise * parts))
            # A text that is null equals nothing, so it would fall through to the rest.
            return ibis.ifelse(text.isnull(), ibis.null("int64"), ibis.cases(*cases, else_=rest)).cast(
                "int64"
            )
        case StepDeduction() as rule:
            rating_conditions.require_number(value, line.attribute.name)
            return _deducted(rule, value, parts=parts, name=line.attribute.name)


def _is_deducted(line: Indicator) -> bool:
    return isinstance(line.measure, StepDeduction)


def _fraction(line: Indicator, *, scale: int) -> int:
    given = [line.neutral] if line.missing == "neutral" else []
    match line.measure:
        case Bins(bins=bins):
            given += [each.points for each in bins]
        case ValueMap(points=pairs, otherwise=otherwise):
            given += [each for _, each in pairs] + ([] if otherwise is None else [otherwise])
        case StepDeduction() as rule if rule.mode == "floor":
            given.append(rule.points)
        case StepDeduction() as rule:
            # 100 − points × distance ÷ step: distance in whole units of the column, step as a fraction of them.
            unit, step = _unit_and_step(rule, scale=scale)
            return math.lcm(
                10 ** max(map(digits_of, given), default=0), 10 ** digits_of(rule.points) * step * unit
            )
    return int(10 ** max(map(digits_of, given), default=0))


def _unit_and_step(rule: StepDeduction, *, scale: int) -> tuple[int, int]:
    """Return 10 to the digits in which value, line and step are all whole, and the step in those units."""
    step = rule.step if rule.unit == "pp" else rule.step * abs(rule.line)
    digits = max(scale, digits_of(rule.line), digits_of(step))
    return 1, int(step * 10**digits)


def _deducted(rule: StepDeduction, value: Any, *, parts: int, name: str) -> Any:
    scale = _scale(value, name)
    step = rule.step if rule.unit == "pp" else rule.step * abs(rule.line)
    digits = max(scale, digits_of(rule.line), digits_of(step))
    unit = 10**digits
    found = (value.cast(f"decimal(38, {digits})") * unit).cast("int64") if digits else value.cast("int64")
    line, width = whole(int(rule.line * unit)), int(step * unit)
    distance = found - line if rule.beyond == "above" else line - found
    beyond = ibis.greatest(distance, 0)
    lost = rule.points * parts
    # What empties the points at all empties them for good: capped first, so that no product grows too large.
    most = width * (int(Decimal(100) / rule.points) + 1) if rule.points else 0
    capped = ibis.least(beyond, most)
    off = (
        whole_division(capped, whole(width)) * whole(int(lost))
        if rule.mode == "floor"
        else capped * whole(int(lost) // width)
    )
    left = ibis.greatest(whole(100 * parts) - off, 0)
    return ibis.ifelse(value.isnull(), ibis.null("int64"), left).cast("int64")


def _scale(value: Any, name: str) -> int:
    found = value.type()
    if found.is_decimal() and found.scale is not None:
        return int(found.scale)
    if found.is_integer():
        return 0
    raise UnableToCompileError(name)


def whole_division(number: Any, by: Any) -> Any:
    """Divide whole numbers that are not negative and drop the rest, exactly on every engine.

    Spark divides through binary fractions: without its rest the quotient is whole, and so far below 2^52 that rounding finds it.
    """
    return ((number - number % by) / by).round().cast("int64")
