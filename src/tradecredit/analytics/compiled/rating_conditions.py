"""Conditions of rules and the grade that follows, as expressions over columns; a missing value fulfils nothing."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import ibis

from tradecredit.analytics.compiled import formulas
from tradecredit.analytics.compiled.formulas import UnableToCompileError
from tradecredit.core.scoring.conditions import Combined, InRange, IsMissing, OneOf, Written

if TYPE_CHECKING:
    from decimal import Decimal

    from ibis.expr.types import Table

    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.ranges import Range
    from tradecredit.core.scoring.rating import GradeScale


# Digits of the longest whole number.
_LONG: Final = 19


def holds(condition: Condition, customers: Table) -> Any:
    """Return whether the condition is fulfilled, never null; raises UnableToCompileError for what only rows can tell."""
    match condition:
        case Combined(kind, parts):
            found = [holds(part, customers) for part in parts]
            return reduce(lambda left, right: left & right if kind == "all" else left | right, found)
        case IsMissing(attribute, missing):
            if attribute not in customers.columns:
                return ibis.literal(missing)
            return customers[attribute].isnull() if missing else customers[attribute].notnull()
        case InRange(attribute, within):
            return _ranged(attribute, within, customers)
        case OneOf(attribute, allowed, negated):
            if attribute not in customers.columns:
                return ibis.literal(value=False)
            is_one = as_text(customers[attribute]).isin(sorted(allowed))
            return _told(~is_one if negated else is_one)
        case Written(text, names):
            return _written(text, names, customers)


def _ranged(attribute: str, within: Range, customers: Table) -> Any:
    if attribute not in customers.columns or not _is_number(customers[attribute]):
        return ibis.literal(value=False)
    return _told(inside(within, customers[attribute]))


def _written(text: str, names: tuple[str, ...], customers: Table) -> Any:
    if lacking := [name for name in names if name not in customers.columns]:
        raise UnableToCompileError(f"{text} ({', '.join(lacking)})")
    return _told(formulas.formula(text, {name: customers[name] for name in names}))


def graded(found: Table, scale: GradeScale) -> Table:
    """Return the table with ``band_grade``, ``grade`` and ``marks``, as ``core.scoring.rating.suggest`` gives them."""
    bands = [(found.score >= _edge(band.least_score, found.score), band.grade) for band in scale.bands]
    band_grade = ibis.ifelse(found.score.isnull(), ibis.null("string"), ibis.cases(*bands))
    fired = {rule.name: holds(rule.when, found) for rule in scale.rules}
    defaults = [(fired[rule.name], rule.default) for rule in scale.rules if rule.default]
    start = ibis.coalesce(band_grade, ibis.literal(scale.without_score))
    grade = ibis.cases(*defaults, else_=start) if defaults else start
    rank = _rank(scale, grade)
    for rule in scale.rules:
        if rule.at_best:
            rank = ibis.greatest(rank, ibis.ifelse(fired[rule.name], scale.rank(rule.at_best), 0))
    found = found.mutate(band_grade=band_grade, tc_rank=rank, marks=_marks(scale, fired))
    names = ibis.cases(*((found.tc_rank == place, name) for place, name in enumerate(scale.grades)))
    return found.mutate(grade=names).drop("tc_rank")


def inside(within: Range, value: Any) -> Any:
    """Return whether a number lies in the range."""
    parts = []
    if within.lower is not None:
        edge = _edge(within.lower.at, value)
        parts.append(value >= edge if within.lower.included else value > edge)
    if within.upper is not None:
        edge = _edge(within.upper.at, value)
        parts.append(value <= edge if within.upper.included else value < edge)
    return reduce(lambda left, right: left & right, parts) if parts else value.notnull()


def _edge(at: Decimal, value: Any) -> Any:
    """Return an edge in a type that holds it and the column: others do not compare."""
    kind = value.type()
    places = kind.scale if kind.is_decimal() else 0
    whole = kind.precision - kind.scale if kind.is_decimal() else _LONG
    exponent = at.normalize().as_tuple().exponent
    needed = max(places, -exponent) if isinstance(exponent, int) else places
    return ibis.literal(at, type=f"decimal({max(whole, len(str(abs(int(at))))) + needed}, {needed})")


def as_text(value: Any) -> Any:
    """Return a column as policy files write it: a flag is yes or no. Numbers as texts are refused."""
    found = value.type()
    if found.is_boolean():
        return ibis.cases((value, "yes"), (~value, "no"))
    if found.is_string():
        return value
    raise UnableToCompileError(value.get_name())


def require_number(value: Any, name: str) -> None:
    """Raise UnableToCompileError for a column that is not exact."""
    if not _is_number(value):
        raise UnableToCompileError(name)


def _is_number(value: Any) -> bool:
    found = value.type()
    return bool(found.is_decimal() or found.is_integer())


def _told(test: Any) -> Any:
    return ibis.coalesce(test, ibis.literal(value=False))


def _rank(scale: GradeScale, grade: Any) -> Any:
    return ibis.cases(*((grade == name, place) for place, name in enumerate(scale.grades)), else_=0).cast(
        "int64"
    )


def _marks(scale: GradeScale, fired: dict[str, Any]) -> Any:
    marks = dict.fromkeys(rule.mark for rule in scale.rules if rule.mark)
    cells = []
    for mark in marks:
        hits = [fired[rule.name] for rule in scale.rules if rule.mark == mark]
        hit = reduce(lambda left, right: left | right, hits)
        cells.append(ibis.ifelse(hit, ibis.literal(mark), ibis.null("string")))
    if not cells:
        return ibis.literal([], type="array<string>")
    return ibis.array(cells).filter(lambda each: each.notnull())
