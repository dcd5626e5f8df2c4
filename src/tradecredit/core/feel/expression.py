"""The door of the language: check, compile and evaluate a text.

``evaluate("Amount * 1.13", {"Amount": Decimal(100)}).value`` is ``Decimal("113.00")``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel import ranges_from_text, tree
from tradecredit.core.feel.builtins import (
    calendar,
    contexts,
    conversions,
    intervals,
    lists,
    numbers,
    statistics,
    strings,
)
from tradecredit.core.feel.compiling import collections, compiler, functions, loops, operators, tests
from tradecredit.core.feel.compiling.compiler import Code, Compiler
from tradecredit.core.feel.parser import cells
from tradecredit.core.feel.parser.vocabulary import Names, Vocabulary
from tradecredit.core.feel.run import Diagnostic, Limits, Run, Scope, UnableToEvaluateError
from tradecredit.core.feel.tree import Cell, Node
from tradecredit.core.feel.values import host, properties

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.feel.compiling.tests import Test
    from tradecredit.core.feel.values.functions import Function

BUILTINS: Mapping[str, Function] = {
    **strings.FUNCTIONS,
    **numbers.FUNCTIONS,
    **lists.FUNCTIONS,
    **statistics.FUNCTIONS,
    **conversions.FUNCTIONS,
    **calendar.FUNCTIONS,
    **contexts.FUNCTIONS,
    **intervals.FUNCTIONS,
    **ranges_from_text.FUNCTIONS,
}

_NAMES = Names.of(BUILTINS)
_PLAIN = Vocabulary(members=properties.NAMES)

_HANDLERS: Mapping[type[Node], compiler.Handler] = {
    tree.Literal: collections.literal,
    tree.Name: compiler.name,
    tree.Sign: operators.sign,
    tree.Negation: operators.negation,
    tree.Between: operators.between,
    tree.Comparison: operators.comparison_alone,
    tree.InstanceOf: operators.instance_of,
    tree.If: operators.condition,
    tree.In: tests.within,
    tree.For: loops.each,
    tree.Quantified: loops.quantified,
    tree.List: collections.listed,
    tree.Context: collections.context,
    tree.RangeOf: collections.range_of,
    tree.Path: collections.path,
    tree.Filter: collections.filtered,
    tree.FunctionDefinition: functions.definition,
    tree.Call: functions.call,
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a text came to: its value, and why it or a part of it is null."""

    value: Any
    diagnostics: tuple[Diagnostic, ...]


def parse(text: str, *, vocabulary: Vocabulary | None = None) -> Node:
    """Read an expression; raises UnableToParseError with the place of what cannot be read."""
    return cells.expression(text, vocabulary=_with_properties(vocabulary), builtins=_NAMES)


def parse_cell(text: str, *, vocabulary: Vocabulary | None = None) -> Cell:
    """Read the cell of a decision table; raises UnableToParseError with the place of what cannot be read."""
    return cells.cell(text, vocabulary=_with_properties(vocabulary), builtins=_NAMES)


def _with_properties(vocabulary: Vocabulary | None) -> Vocabulary:
    if vocabulary is None:
        return _PLAIN
    if vocabulary.members >= properties.NAMES:
        return vocabulary
    members = vocabulary.members | properties.NAMES
    return Vocabulary(names=vocabulary.names, members=members, types=vocabulary.types)


def compile_node(node: Node, *, names: frozenset[str]) -> Code:
    """Compile a tree to be called with a scope that holds these names."""
    return Compiler(handlers=_HANDLERS, builtins=BUILTINS, names=names).code(node)


def compile_cell(node: Cell, *, names: frozenset[str]) -> Test:
    """Compile a cell to be called with a value and a scope that holds these names and ``?``."""
    return tests.cell(Compiler(handlers=_HANDLERS, builtins=BUILTINS, names=names | {"?"}), node)


def compile_single(test: Node) -> Test:
    """Compile one test of a cell by itself, without names."""
    cell = Cell(place=test.place, tests=(test,), is_negated=False, is_any=False)
    return compile_cell(cell, names=frozenset())


def evaluate(
    text: str, values: Mapping[str, Any] | None = None, *, now: Any = None, limits: Limits | None = None
) -> Evaluation:
    """Evaluate a text with host values (Decimal, int, text, date, list, dict …).

    Raises UnableToParseError, and UnableToEvaluateError when it wants more than the limits allow.
    """
    known = {name: host.from_host(value) for name, value in (values or {}).items()}
    names = frozenset(known)
    node = parse(text, vocabulary=Vocabulary(names=names))
    run = Run(now=now, limits=limits or Limits())
    code = compile_node(node, names=names)
    value = guarded(lambda: code(Scope(known, None, run)))
    return Evaluation(value, tuple(run.diagnostics))


def guarded(work: Callable[[], Any]) -> Any:
    """Run compiled code; too deep a recursion becomes an UnableToEvaluateError like any other excess."""
    try:
        return work()
    except RecursionError as error:
        raise UnableToEvaluateError("too_many_calls") from error
