"""Tests of a value: after ``in``, and in the cells of decision tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel import tree
from tradecredit.core.feel.compiling import operators
from tradecredit.core.feel.run import NullBecauseError, Scope
from tradecredit.core.feel.values import comparison

if TYPE_CHECKING:
    from tradecredit.core.feel.compiling.compiler import Code, Compiler

Test = Callable[[Any, Scope], bool | None]


def within(compiler: Compiler, node: tree.In) -> Code:
    """Compile ``value in (test, …)``."""
    value = compiler.code(node.value)
    tests = tuple(_guarded(test(compiler, one, in_cell=False), one) for one in node.tests)

    def is_within(scope: Scope) -> bool | None:
        return _any(tests, value(scope), scope)

    return is_within


def cell(compiler: Compiler, node: tree.Cell) -> Test:
    """Compile a cell; the scope that it is called with knows ``?``."""
    if node.is_any:
        return lambda _value, _scope: True
    tests = tuple(_guarded(test(compiler, one, in_cell=True), one) for one in node.tests)
    if not node.is_negated:
        return tests[0] if len(tests) == 1 else lambda value, scope: _any(tests, value, scope)

    def is_none_of(value: Any, scope: Scope) -> bool | None:
        found = _any(tests, value, scope)
        return None if found is None else not found

    return is_none_of


def _any(tests: tuple[Test, ...], value: Any, scope: Scope) -> bool | None:
    verdict: bool | None = False
    for one in tests:
        found = one(value, scope)
        if found:
            return True
        if found is None:
            verdict = None
    return verdict


def _guarded(found: Test, node: tree.Node) -> Test:
    def guarded(value: Any, scope: Scope) -> bool | None:
        try:
            return found(value, scope)
        except NullBecauseError as reason:
            scope.run.report(reason.code, node.place, **reason.facts)
            return None

    return guarded


def test(compiler: Compiler, node: tree.Node, *, in_cell: bool) -> Test:
    """Compile one test; it may raise NullBecauseError when called."""
    if isinstance(node, tree.Comparison):
        operand, symbol = compiler.code(node.operand), node.sign
        return lambda value, scope: operators.compare(symbol, value, operand(scope), scope.run)
    code = compiler.code(node)
    if not in_cell:
        return lambda value, scope: comparison.is_in(value, code(scope), scope.run)
    if mentions_value(node):
        return lambda value, scope: _verdict(value, code(scope), scope)
    return lambda value, scope: _matches(value, code(scope), scope)


def _verdict(value: Any, found: Any, scope: Scope) -> bool | None:
    """Judge a cell that names ``?``: true or false, or something that the value may be in."""
    if isinstance(found, bool) or found is None:
        return found
    return comparison.is_in(value, found, scope.run)


def _matches(value: Any, found: Any, scope: Scope) -> bool | None:
    """Judge a cell that does not name ``?``: a condition on other values, or what the value should be."""
    if isinstance(found, bool) and not isinstance(value, bool):
        return found
    if found is None or value is None:
        return found is None and value is None
    return comparison.is_in(value, found, scope.run)


def mentions_value(node: tree.Node) -> bool:
    """Return whether a tree names ``?``."""
    return any(isinstance(one, tree.Name) and one.name == "?" for one in tree.walk(node))
