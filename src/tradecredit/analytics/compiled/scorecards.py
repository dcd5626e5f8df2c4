"""A scorecard over a whole table of customers: score, grade and the costliest parts, equal to the per-customer evaluator.

Note [Whole numbers]
Points and weights become whole numbers of one common fraction each, so that a score is one whole division, rounded half up
as ``core.scoring.scorecard`` does, and no binary fraction ever decides. What a part costs is ``weight × (100 − points)``:
the same base divides the parts of one customer, so their order needs no division. A scorecard whose whole numbers would
not fit 64 bits is refused (very fine linear deductions), and rated customer by customer.

A table has a column for each attribute (numbers as decimals or integers, texts, flags as booleans; null: not known), and
may have ``<attribute>__known_on`` with the day of the value where freshness matters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import ibis

from tradecredit.analytics.compiled import rating_conditions, rating_points
from tradecredit.analytics.compiled.formulas import UnableToCompileError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ibis.expr.types import Table

    from tradecredit.core.scoring.indicator_lines import Indicator
    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard

KNOWN_ON: Final = "__known_on"
REASONS: Final = 3
_LARGEST: Final = 2**62
# The place of an indicator's name stands in the low bits of what it costs.
_NAMES: Final = 64


@dataclass(frozen=True, slots=True)
class _Line:
    """One indicator with its weights as whole numbers (one for each weight set, the given ones last) and columns."""

    indicator: Indicator
    weights: tuple[int, ...]
    key: str

    @property
    def cost(self) -> str:
        return f"{self.key}_cost"


@dataclass(frozen=True, slots=True)
class _Fractions:
    """How many parts one point and one percent of weight are cut into."""

    points: int
    weights: int


def rated(card: Scorecard, scale: GradeScale, customers: Table, *, as_of: date) -> Table:
    """Return the customers with their verdict's columns, each by the model that is for it.

    ``score``, ``completeness``, ``band_grade``, ``grade``, ``marks``, and ``reasons``: the names of the costliest
    indicators, the worst first. Raises UnableToCompileError for what a database would not compute exactly.
    """
    if not card.own_models:
        return _by_one(card, scale, customers, as_of=as_of)
    hits = [rating_conditions.holds(when, customers) for when, _ in card.own_models]
    chosen = ibis.cases(*((hit, number) for number, hit in enumerate(hits)), else_=len(hits)).cast("int8")
    marked = customers.mutate(tc_model=chosen)
    models = (*(model for _, model in card.own_models), replace(card, own_models=()))
    parts = [
        _by_one(model, scale, marked.filter(marked.tc_model == number), as_of=as_of)
        for number, model in enumerate(models)
    ]
    places = f"decimal(18, {max(model.digits for model in models)})"
    same = [
        part.mutate(score=part.score.cast(places), completeness=part.completeness.cast(places))
        for part in parts
    ]
    return ibis.union(*same, distinct=False).drop("tc_model")


def _by_one(card: Scorecard, scale: GradeScale, customers: Table, *, as_of: date) -> Table:
    fractions = _Fractions(points=rating_points.fraction_of(card, customers), weights=_weight_fraction(card))
    lines = _lines(card, fractions)
    _require_room(card, lines, fractions)
    found = customers
    if card.weight_sets:
        found = found.mutate(tc_set=_weight_set(card, customers))
    found = found.mutate(**{line.key: _points(line, found, fractions, as_of=as_of) for line in lines})
    found = _summed(found, lines, fractions)
    found = _scored(found, card, lines, fractions)
    found = _graded(found, scale)
    return found.drop(*[name for line in lines for name in (line.key, line.cost)], *_helpers(card))


def _helpers(card: Scorecard) -> list[str]:
    return ["tc_earned", "tc_base", "tc_known", "tc_first", "tc_second", "tc_third", "tc_blocked"] + (
        ["tc_set"] if card.weight_sets else []
    )


def _weight_fraction(card: Scorecard) -> int:
    """Return the number of parts of a percent in which every weight (dimension × indicator ÷ 100) is whole."""
    digits = max(
        (
            rating_points.digits_of(number)
            for dimension in card.dimensions
            for number in _weights_of(card, dimension.name)
        ),
        default=0,
    )
    inner = max(
        (
            rating_points.digits_of(line.weight)
            for dimension in card.dimensions
            for line in dimension.indicators
        ),
        default=0,
    )
    return int(10 ** (digits + inner + 2))


def _weights_of(card: Scorecard, dimension: str) -> list[Any]:
    given = next(each.weight for each in card.dimensions if each.name == dimension)
    return [*(each.weights[dimension] for each in card.weight_sets), given]


def _lines(card: Scorecard, fractions: _Fractions) -> tuple[_Line, ...]:
    return tuple(
        _Line(
            indicator,
            tuple(
                int(whole * indicator.weight * fractions.weights / 100)
                for whole in _weights_of(card, dimension.name)
            ),
            f"tc_{number}",
        )
        for number, (dimension, indicator) in enumerate(
            (dimension, indicator) for dimension in card.dimensions for indicator in dimension.indicators
        )
    )


def _require_room(card: Scorecard, lines: Sequence[_Line], fractions: _Fractions) -> None:
    whole = 100 * fractions.points * 100 * fractions.weights
    if len(lines) > _NAMES or max(whole * 2 * 10**card.digits, whole * _NAMES) > _LARGEST:
        raise UnableToCompileError(card.name)


def _weight_set(card: Scorecard, customers: Table) -> Any:
    hits = [rating_conditions.holds(each.when, customers) for each in card.weight_sets]
    return ibis.cases(*((hit, number) for number, hit in enumerate(hits)), else_=len(hits)).cast("int8")


def _points(line: _Line, customers: Table, fractions: _Fractions, *, as_of: date) -> Any:
    """Return the points of the indicator as whole parts, null where it does not count."""
    name = line.indicator.attribute.name
    if name not in customers.columns:
        return ibis.null("int64")
    value = customers[name]
    given = rating_points.points(line.indicator, value, parts=fractions.points)
    age = f"{name}{KNOWN_ON}"
    if line.indicator.fresh_for_days is not None and age in customers.columns:
        oldest = rating_points.days_before(as_of, line.indicator.fresh_for_days)
        is_stale = ibis.coalesce(customers[age] < ibis.literal(oldest), ibis.literal(value=False))
        given = ibis.ifelse(is_stale, ibis.null("int64"), given)
    return given


def _weight(line: _Line, customers: Table) -> Any:
    if len(set(line.weights)) == 1:
        return rating_points.whole(line.weights[0])
    chosen = (
        (customers.tc_set == number, rating_points.whole(weight))
        for number, weight in enumerate(line.weights[:-1])
    )
    return ibis.cases(*chosen, else_=rating_points.whole(line.weights[-1])).cast("int64")


def _summed(found: Table, lines: Sequence[_Line], fractions: _Fractions) -> Table:
    """Add earned points, the weight that counts, the weight that is known, and what each part costs."""
    earned, base, known, costs, blocked = [], [], [], {}, []
    for place, line in enumerate(lines):
        weight, points = _weight(line, found), found[line.key]
        stand_in = rating_points.stand_in(line.indicator, parts=fractions.points)
        used = points if stand_in is None else ibis.coalesce(points, rating_points.whole(stand_in))
        earned.append(weight * (used if stand_in is not None else ibis.coalesce(used, 0)))
        base.append(weight if stand_in is not None else ibis.ifelse(used.isnull(), 0, weight))
        known.append(ibis.ifelse(points.isnull(), 0, weight))
        # The place among the names breaks ties, as the evaluator does.
        rank = _name_rank(lines, place)
        lost = weight * (100 * fractions.points - used)
        costs[line.cost] = ibis.coalesce(ibis.ifelse(lost > 0, lost * _NAMES + rank, 0), 0)
        if line.indicator.missing == "block":
            blocked.append(points.isnull() & (weight > 0))
    none = ibis.literal(value=False)
    return found.mutate(
        tc_earned=_sum(earned), tc_base=_sum(base), tc_known=_sum(known),
        tc_blocked=reduce(lambda left, right: left | right, blocked, none), **costs,
    )  # fmt: skip


def _name_rank(lines: Sequence[_Line], place: int) -> int:
    names = sorted((line.indicator.name for line in lines), reverse=True)
    return names.index(lines[place].indicator.name)


def _sum(parts: Sequence[Any]) -> Any:
    return reduce(lambda left, right: left + right, parts).cast("int64")


def _scored(found: Table, card: Scorecard, lines: Sequence[_Line], fractions: _Fractions) -> Table:
    unit = 10**card.digits
    below = found.tc_base * (2 * fractions.points)
    score = rating_points.whole_division(
        found.tc_earned * (2 * unit) + found.tc_base * fractions.points, ibis.ifelse(below == 0, 1, below)
    )
    completeness = rating_points.whole_division(
        found.tc_known * (2 * unit) + fractions.weights, rating_points.whole(2 * fractions.weights)
    )
    places = f"decimal(18, {card.digits})"
    shrink = ibis.literal(_one_over(unit), type=places)
    first = _greatest([found[line.cost] for line in lines])
    found = found.mutate(
        score=ibis.ifelse(
            found.tc_blocked | (below == 0),
            ibis.null(places),
            (score.cast("decimal(18, 0)") * shrink).cast(places),
        ),
        completeness=(completeness.cast("decimal(18, 0)") * shrink).cast(places),
        tc_first=first,
    )
    found = found.mutate(tc_second=_next_largest(found, lines, below=found.tc_first))
    found = found.mutate(tc_third=_next_largest(found, lines, below=found.tc_second))
    names = sorted((line.indicator.name for line in lines), reverse=True)
    return found.mutate(reasons=_named(found, names))


def _one_over(unit: int) -> Any:
    return Decimal(1) / unit


def _next_largest(found: Table, lines: Sequence[_Line], *, below: Any) -> Any:
    return _greatest([ibis.ifelse(found[line.cost] < below, found[line.cost], 0) for line in lines])


def _greatest(parts: Sequence[Any]) -> Any:
    # Of one alone there is nothing to choose, and Spark refuses to.
    return parts[0] if len(parts) == 1 else ibis.greatest(*parts)


def _named(found: Table, names: Sequence[str]) -> Any:
    """Return the names behind the costs; cases are plain columns to the database, a list filtered row by row is not."""
    ranked = [found.tc_first, found.tc_second, found.tc_third]
    cells = [
        ibis.cases(*((each % _NAMES == rank, name) for rank, name in enumerate(names))) for each in ranked
    ]
    return ibis.cases(
        (ranked[2] > 0, ibis.array(cells)),
        (ranked[1] > 0, ibis.array(cells[:2])),
        (ranked[0] > 0, ibis.array(cells[:1])),
        else_=ibis.literal([], type="array<string>"),
    )


def _graded(found: Table, scale: GradeScale) -> Table:
    return rating_conditions.graded(found, scale)
