"""Operators: arithmetic, comparison, three-valued logic."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.run import NullBecauseError, Place, Run, Scope
from tradecredit.core.feel.values import arithmetic, comparison, kinds, ranges
from tradecredit.core.feel.values.decimals import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.core.feel import tree
    from tradecredit.core.feel.compiling.compiler import Code, Compiler

_FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}


def sign(compiler: Compiler, node: tree.Sign) -> Code:
    """Compile ``left sign right``."""
    left, right = compiler.code(node.left), compiler.code(node.right)
    match node.sign:
        case "and":
            return _and(left, right, node)
        case "or":
            return _or(left, right, node)
        case "+" | "-" | "*" | "/" | "**":
            return _arithmetic(left, right, node.sign, node.place)
        case _:
            return _comparison(left, right, node.sign, node.place)


def _truth(value: Any, run: Run, place: Place) -> bool | None:
    if value is None or value is True or value is False:
        return value
    run.report("wrong_condition", place, kind=kinds.kind(value))
    return None


def _and(left: Code, right: Code, node: tree.Sign) -> Code:
    def both(scope: Scope) -> bool | None:
        first = _truth(left(scope), scope.run, node.left.place)
        if first is False:
            return False
        second = _truth(right(scope), scope.run, node.right.place)
        if second is False:
            return False
        return True if first and second else None

    return both


def _or(left: Code, right: Code, node: tree.Sign) -> Code:
    def either(scope: Scope) -> bool | None:
        first = _truth(left(scope), scope.run, node.left.place)
        if first is True:
            return True
        second = _truth(right(scope), scope.run, node.right.place)
        if second is True:
            return True
        return False if first is False and second is False else None

    return either


def _arithmetic(left: Code, right: Code, symbol: str, place: Place) -> Code:
    fast = _FAST.get(symbol)

    def compute(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        if fast is not None and first.__class__ is Decimal and second.__class__ is Decimal:
            try:
                return fast(first, second)
            except decimal.DecimalException:
                pass  # computed again below, where the reason is found
        try:
            return arithmetic.compute(symbol, first, second, scope.run)
        except NullBecauseError as reason:
            scope.run.report(reason.code, place, **reason.facts)
            return None

    return compute


def compare(symbol: str, left: Any, right: Any, run: Run) -> bool:
    """Return ``left symbol right``; raises NullBecauseError when they cannot be compared."""
    match symbol:
        case "=":
            return comparison.equal(left, right, run)
        case "!=":
            return not comparison.equal(left, right, run)
        case "<":
            return comparison.less(left, right)
        case "<=":
            return comparison.less_or_equal(left, right)
        case ">":
            return comparison.less(right, left)
        case _:
            return comparison.less_or_equal(right, left)


def _comparison(left: Code, right: Code, symbol: str, place: Place) -> Code:
    def compared(scope: Scope) -> bool | None:
        try:
            return compare(symbol, left(scope), right(scope), scope.run)
        except NullBecauseError as reason:
            scope.run.report(reason.code, place, **reason.facts)
            return None

    return compared


def negation(compiler: Compiler, node: tree.Negation) -> Code:
    """Compile ``-operand``."""
    operand, place = compiler.code(node.operand), node.place

    def negated(scope: Scope) -> Any:
        try:
            return arithmetic.negate(operand(scope))
        except NullBecauseError as reason:
            scope.run.report(reason.code, place, **reason.facts)
            return None

    return negated


def between(compiler: Compiler, node: tree.Between) -> Code:
    """Compile ``value between low and high``: both ends are in."""
    value, low, high = compiler.code(node.value), compiler.code(node.low), compiler.code(node.high)
    place = node.place

    def is_between(scope: Scope) -> bool | None:
        found, lowest, highest = value(scope), low(scope), high(scope)
        try:
            above = comparison.less_or_equal(lowest, found)
            return comparison.less_or_equal(found, highest) and above
        except NullBecauseError as reason:
            scope.run.report(reason.code, place, **reason.facts)
            return None

    return is_between


def comparison_alone(compiler: Compiler, node: tree.Comparison) -> Code:
    """Compile ``(< 10)``: a range of one comparison."""
    operand, symbol = compiler.code(node.operand), node.sign
    return lambda scope: ranges.of_sign(symbol, operand(scope))


def condition(compiler: Compiler, node: tree.If) -> Code:
    """Compile ``if``: whatever is not true takes the other branch."""
    test, yes, no = compiler.code(node.condition), compiler.code(node.yes), compiler.code(node.no)
    place = node.condition.place

    def chosen(scope: Scope) -> Any:
        return yes(scope) if _truth(test(scope), scope.run, place) else no(scope)

    return chosen


def instance_of(compiler: Compiler, node: tree.InstanceOf) -> Code:
    """Compile ``value instance of type``."""
    value, wanted = compiler.code(node.value), node.type
    return lambda scope: kinds.is_instance(value(scope), wanted)
