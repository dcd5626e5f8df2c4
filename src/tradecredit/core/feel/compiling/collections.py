"""Literals, lists, contexts, ranges, paths and filters."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.feel import tree
from tradecredit.core.feel.run import NullBecauseError, Place, Run, Scope
from tradecredit.core.feel.values import comparison, decimals, kinds, properties
from tradecredit.core.feel.values.ranges import Range

if TYPE_CHECKING:
    from tradecredit.core.feel.compiling.compiler import Code, Compiler


def literal(_compiler: Compiler, node: tree.Literal) -> Code:
    """Compile a value written out."""
    value = node.value
    return lambda _scope: value


def listed(compiler: Compiler, node: tree.List) -> Code:
    """Compile ``[a, b]``."""
    items = tuple(compiler.code(item) for item in node.items)
    return lambda scope: tuple([item(scope) for item in items])


def context(compiler: Compiler, node: tree.Context) -> Code:
    """Compile ``{a: 1, b: a + 1}``: an entry knows those before it, a function also itself."""
    entries: list[tuple[str, Code]] = []
    with compiler.inside(()) as layer:
        for key, value in node.entries:
            if isinstance(value, tree.FunctionDefinition):
                layer.names.add(key)
            entries.append((key, compiler.code(value)))
            layer.names.add(key)
    compiled = tuple(entries)

    def made(scope: Scope) -> dict[str, Any]:
        inner = Scope({}, scope, scope.run)
        for key, code in compiled:
            inner.values[key] = code(inner)
        return inner.values

    return made


def range_of(compiler: Compiler, node: tree.RangeOf) -> Code:
    """Compile ``[start..end]``; the ends must be of one kind that has an order."""
    start, end, place = compiler.code(node.start), compiler.code(node.end), node.place
    in_start, in_end = node.includes_start, node.includes_end

    def made(scope: Scope) -> Range | None:
        low, high = start(scope), end(scope)
        if low is not None and high is not None:
            try:
                comparison.less(low, high)
            except NullBecauseError as reason:
                scope.run.report(reason.code, place, **reason.facts)
                return None
        return Range(low, high, includes_start=in_start, includes_end=in_end)

    return made


def path(compiler: Compiler, node: tree.Path) -> Code:
    """Compile ``source.name``; of a list it is the list of every item's entry."""
    source, wanted, place = compiler.code(node.source), node.name, node.place

    def entry(scope: Scope) -> Any:
        return _entry(source(scope), wanted, scope.run, place)

    return entry


def _entry(value: Any, wanted: str, run: Run, place: Place) -> Any:
    if isinstance(value, dict):
        if wanted in value:
            return value[wanted]
        run.report("no_such_entry", place, name=wanted)
        return None
    if isinstance(value, tuple):
        run.spend(len(value))
        return tuple([_entry(item, wanted, run, place) for item in value])
    try:
        return properties.value(value, wanted)
    except NullBecauseError as reason:
        run.report(reason.code, place, **reason.facts)
        return None


def filtered(compiler: Compiler, node: tree.Filter) -> Code:
    """Compile ``source[condition]``: by place for a number, by condition otherwise."""
    source, place = compiler.code(node.source), node.place
    with compiler.inside(("item",), is_dynamic=True):
        condition = compiler.code(node.condition)

    def chosen(scope: Scope) -> Any:
        found = source(scope)
        items = found if isinstance(found, tuple) else () if found is None else (found,)
        scope.run.spend(len(items) + 1)
        kept = []
        for item in items or (None,):
            verdict = condition(_item_scope(item, scope))
            if isinstance(verdict, Decimal):
                return _indexed(items, verdict, scope.run, place)
            if verdict is True:
                kept.append(item)
            elif verdict is not None and verdict is not False:
                scope.run.report("wrong_condition", node.condition.place, kind=kinds.kind(verdict))
                return None
        return tuple(kept) if items else ()

    return chosen


def _item_scope(item: Any, scope: Scope) -> Scope:
    if isinstance(item, dict):
        scope.run.spend(len(item) >> 3)
    values = {"item": item, **item} if isinstance(item, dict) else {"item": item}
    return Scope(values, scope, scope.run)


def _indexed(items: tuple[Any, ...], index: Decimal, run: Run, place: Place) -> Any:
    number = decimals.as_int(index)
    if number is None or number == 0 or abs(number) > len(items):
        run.report("index_out_of_range", place, index=decimals.plain(index)[:40])
        return None
    return items[number - 1 if number > 0 else number]
