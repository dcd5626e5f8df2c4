"""What type an expression has, as far as that can be told before it is evaluated.

Note [Samples stand for types]: what an operator makes of two types is found by trying it on one value of each, so
that the table of what means what is written once, in `values.arithmetic`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.feel import expression, tree
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import arithmetic, kinds
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.durations import DaysTime, YearsMonths
from tradecredit.core.feel.values.kinds import Type
from tradecredit.core.feel.values.moments import DateTime, Time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.core.feel.tree import Node

Known = Mapping[str, Type]

# Inside a filter on something unknown, every name may be an entry of the items.
ANYTHING: Final = "*"

_MOMENT = DateTime(Date(2026, 3, 2), Time(12, 0, 0))
_SAMPLES: Final = {
    kinds.NUMBER: Decimal(2),
    kinds.STRING: "a",
    kinds.BOOLEAN: True,
    kinds.DATE: _MOMENT.date,
    kinds.TIME: _MOMENT.time,
    kinds.DATE_TIME: _MOMENT,
    kinds.YEARS_MONTHS: YearsMonths(1),
    kinds.DAYS_TIME: DaysTime(1_000_000_000),
}
_COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">=", "and", "or"})
_TRUTHS: Final = (tree.Between, tree.In, tree.InstanceOf, tree.Quantified)
_DAYS: Final = frozenset({kinds.DATE, kinds.DATE_TIME})


def of(node: Node, known: Known) -> Type:
    """Return the type of an expression; Any where it cannot be told."""
    if isinstance(node, _TRUTHS):
        return kinds.BOOLEAN
    match node:
        case tree.Literal(value=value):
            return kinds.NULL if value is None else kinds.BY_NAME.get(kinds.kind(value), kinds.ANY)
        case tree.Name(name=name):
            return known.get(name, kinds.ANY)
        case tree.Negation(operand=operand):
            return of(operand, known)
        case tree.Path(source=source, name=name):
            return _entry(of(source, known), name)
        case _:
            return _composed(node, known)


def _composed(node: Node, known: Known) -> Type:
    match node:
        case tree.Sign(sign=sign, left=left, right=right):
            if sign in _COMPARISONS:
                return kinds.BOOLEAN
            return result(sign, of(left, known), of(right, known)) or kinds.ANY
        case tree.If(yes=yes, no=no):
            found = {of(yes, known), of(no, known)} - {kinds.NULL}
            return found.pop() if len(found) == 1 else kinds.ANY
        case tree.Call(function=tree.Name(name=name)) if name not in known:
            function = expression.BUILTINS.get(name)
            return kinds.ANY if function is None or function.result is None else function.result
        case _:
            return kinds.ANY


def _entry(source: Type, name: str) -> Type:
    return dict(source.fields).get(name, kinds.ANY) if isinstance(source, kinds.ContextOf) else kinds.ANY


def result(sign: str, left: Type, right: Type) -> Type | None:
    """Return the type of ``left sign right``, Any when it cannot be told, None when it means nothing."""
    if left not in _SAMPLES or right not in _SAMPLES:
        return kinds.ANY
    try:
        found = arithmetic.compute(sign, _SAMPLES[left], _SAMPLES[right], Run())
    except NullBecauseError:
        return None
    return kinds.BY_NAME[kinds.kind(found)]


def may_compare(left: Type, right: Type) -> bool:
    """Return whether comparing the two can come to anything: a number and a text never do."""
    if left not in _SAMPLES or right not in _SAMPLES or left == right:
        return True
    return {left, right} <= _DAYS


def children(node: Node, known: Known) -> Iterator[tuple[Node, Known]]:
    """Yield the pieces inside a piece, each with the names that are known there."""
    match node:
        case tree.For(iterations=iterations, body=body):
            yield from _loops(iterations, body, {**known, "partial": kinds.LIST})
        case tree.Quantified(iterations=iterations, body=body):
            yield from _loops(iterations, body, known)
        case tree.Context(entries=entries):
            yield from _entries(entries, known)
        case tree.FunctionDefinition(parameters=parameters, body=tree.Node() as body):
            yield body, {**known, **{name: wanted or kinds.ANY for name, wanted in parameters}}
        case tree.Filter(source=source, condition=condition):
            yield source, known
            yield condition, {**known, **_members(of(source, known))}
        case _:
            yield from ((inner, known) for inner in _direct(node))


def _entries(entries: tuple[tuple[str, Node], ...], known: Known) -> Iterator[tuple[Node, Known]]:
    """Yield the entries of a context: each knows those before it."""
    inside = dict(known)
    for name, value in entries:
        yield value, dict(inside)
        inside[name] = of(value, inside)


def _loops(iterations: tuple[tree.Iteration, ...], body: Node, known: Known) -> Iterator[tuple[Node, Known]]:
    inside = dict(known)
    for one in iterations:
        yield one.domain, dict(inside)
        if one.end is not None:
            yield one.end, dict(inside)
        inside[one.name] = _item(of(one.domain, inside)) if one.end is None else kinds.NUMBER
    yield body, inside


def _item(found: Type) -> Type:
    return found.item if isinstance(found, kinds.ListOf | kinds.RangeOf) else kinds.ANY


def _members(source: Type) -> dict[str, Type]:
    item = _item(source)
    members = {"item": item}
    if isinstance(item, kinds.ContextOf):
        return {**members, **dict(item.fields)}
    return members if item in _SAMPLES else {**members, ANYTHING: kinds.ANY}


def _direct(node: Node) -> Iterator[Node]:
    for name in node.__dataclass_fields__:
        found = getattr(node, name)
        if isinstance(found, tree.Node):
            yield found
        elif isinstance(found, tuple):
            yield from (one for one in found if isinstance(one, tree.Node))
