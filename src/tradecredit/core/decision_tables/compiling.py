"""Boxed expressions as code: every box is called with one flat scope of the names that it may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tradecredit.core.decision_tables import boxes, shapes, tables
from tradecredit.core.feel import expression
from tradecredit.core.feel.compiling import functions, loops
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import NullBecauseError, Run, Scope, UnableToEvaluateError, UnableToParseError
from tradecredit.core.feel.values import kinds
from tradecredit.core.feel.values.functions import Function, Parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.decision_tables.boxes import Box
    from tradecredit.core.decision_tables.shapes import Shapes
    from tradecredit.core.feel.compiling.compiler import Code


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the boxes of one element; ``names`` are those its scope will hold."""

    names: frozenset[str]
    members: frozenset[str]
    shapes: Shapes
    types: Mapping[str, kinds.Type]
    findings: list[UnableToParseError]

    def knowing(self, *names: str) -> Compiler:
        """Return a compiler that knows more names."""
        return replace(self, names=self.names | set(names))

    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(names=self.names, members=self.members, types=self.types)

    def text(self, text: str) -> Code:
        """Compile an expression; one that cannot be read gives null with its error as the reason."""
        try:
            node = expression.parse(text, vocabulary=self._vocabulary())
            return expression.compile_node(node, names=self.names)
        except (UnableToParseError, UnableToEvaluateError) as error:
            return self._broken(error)

    def test(self, text: str) -> tables.Cell:
        """Compile a table's cell; one that cannot be read matches nothing and says so."""
        try:
            node = expression.parse_cell(text, vocabulary=self._vocabulary())
            return tables.Cell(text, node, expression.compile_cell(node, names=self.names))
        except (UnableToParseError, UnableToEvaluateError) as error:
            code = self._broken(error)
            return tables.Cell(text, None, lambda _value, scope: code(scope))

    def _broken(self, error: UnableToParseError | UnableToEvaluateError) -> Code:
        if isinstance(error, UnableToParseError):
            self.findings.append(error)
        finding, facts = error.finding, error.facts

        def report(scope: Scope) -> None:
            scope.run.report(finding, None, **facts)

        return report

    def box(self, box: Box | None) -> Code:
        """Compile a box; a missing one is null."""
        if box is None:
            return lambda _scope: None
        return _HANDLERS[type(box)](self, box)

    def fitted(self, code: Code, type_ref: str) -> Code:
        """Compile the check of a value's declared type."""
        shape = self.shapes.of(type_ref)
        if shape is shapes.ANYTHING:
            return code
        return lambda scope: fitted(code(scope), shape, scope.run)


def fitted(value: Any, shape: shapes.Shape, run: Run) -> Any:
    """Return a value in its shape, null with the reason noted when it does not fit."""
    try:
        return shapes.fitted(value, shape, run)
    except NullBecauseError as reason:
        run.report(reason.code, None, **reason.facts)
        return None


def _literal(compiler: Compiler, box: boxes.Literal) -> Code:
    return compiler.fitted(compiler.text(box.text), box.type_ref)


def _context(compiler: Compiler, box: boxes.Context) -> Code:
    inner = compiler
    entries: list[tuple[str, Code]] = []
    for entry in box.entries:
        knowing_itself = inner.knowing(entry.name) if isinstance(entry.box, boxes.Function) else inner
        entries.append((entry.name, knowing_itself.fitted(knowing_itself.box(entry.box), entry.type_ref)))
        inner = inner.knowing(entry.name) if entry.name else inner

    def made(scope: Scope) -> Any:
        own = Scope(dict(scope.values), None, scope.run)
        result: dict[str, Any] = {}
        for name, code in entries:
            value = code(own)
            if not name:
                return value
            result[name] = own.values[name] = value
        return result

    return made


def _invocation(compiler: Compiler, box: boxes.Invocation) -> Code:
    function = compiler.box(box.function)
    bindings = tuple((name, compiler.box(inner)) for name, inner in box.bindings)

    def called(scope: Scope) -> Any:
        found = function(scope)
        arguments = {name: code(scope) for name, code in bindings}
        if not isinstance(found, Function):
            scope.run.report("not_a_function", None, kind=kinds.kind(found))
            return None
        try:
            return found.call_named(scope.run, arguments)
        except NullBecauseError as reason:
            scope.run.report(reason.code, None, **reason.facts)
            return None

    return called


def _list(compiler: Compiler, box: boxes.List) -> Code:
    items = tuple(compiler.box(item) for item in box.items)
    return lambda scope: tuple([item(scope) for item in items])


def _relation(compiler: Compiler, box: boxes.Relation) -> Code:
    rows = tuple(tuple(compiler.box(cell) for cell in row) for row in box.rows)
    columns = box.columns

    def made(scope: Scope) -> Any:
        return tuple([{name: cell(scope) for name, cell in zip(columns, row, strict=True)} for row in rows])

    return made


def _function(compiler: Compiler, box: boxes.Function) -> Code:
    return function(compiler, box, name="function", result_type="")


def function(
    compiler: Compiler, box: boxes.Function, *, name: str, result_type: str
) -> Callable[[Scope], Function]:
    """Compile a function: its body sees the scope it was made in and its parameters."""
    declared = tuple((one, compiler.shapes.of(type_ref)) for one, type_ref in box.parameters)
    parameters = tuple(
        Parameter(one, None if shape is shapes.ANYTHING else shape.type) for one, shape in declared
    )
    inner = compiler.knowing(*(one for one, _ in box.parameters))
    result_shape = compiler.shapes.of(result_type)
    is_own_type = isinstance(result_shape.type, kinds.FunctionOf)  # the variable's type is the function's own
    body = inner.box(box.body) if is_own_type else inner.fitted(inner.box(box.body), result_type)
    result = (
        result_shape.type.result if isinstance(result_shape.type, kinds.FunctionOf) else result_shape.type
    )

    def flat(scope: Scope) -> Any:
        outer = scope.outer.values if scope.outer is not None else {}
        values = {one: shapes.fitted(scope.values[one], shape, scope.run) for one, shape in declared}
        if box.is_external:
            raise NullBecauseError("external_function")
        return body(Scope({**outer, **values}, None, scope.run))

    def made(scope: Scope) -> Function:
        return functions.of_code(
            name=name,
            parameters=parameters,
            body=flat,
            scope=scope,
            result=None if result == kinds.ANY else result,
        )

    return made


def _conditional(compiler: Compiler, box: boxes.Conditional) -> Code:
    condition, yes, no = (compiler.box(one) for one in (box.condition, box.yes, box.no))

    def chosen(scope: Scope) -> Any:
        found = condition(scope)
        if found is not None and not isinstance(found, bool):
            scope.run.report("wrong_condition", None, kind=kinds.kind(found))
            return None
        return yes(scope) if found is True else no(scope)

    return chosen


def _iterator(compiler: Compiler, box: boxes.Iterator) -> Code:
    domain = compiler.box(box.domain)
    names = (box.variable, "partial") if box.kind == "for" else (box.variable,)
    body = compiler.knowing(*names).box(box.body)

    def values(scope: Scope) -> list[Any]:
        found: list[Any] = []
        for item in loops.steps_through(domain(scope), None, scope.run, is_pair=False):
            scope.run.spend(1 + len(found) // 16)
            partial = {"partial": tuple(found)} if box.kind == "for" else {}
            found.append(body(Scope({**scope.values, box.variable: item, **partial}, None, scope.run)))
        return found

    def made(scope: Scope) -> Any:
        try:
            found = values(scope)
        except NullBecauseError as reason:
            scope.run.report(reason.code, None, **reason.facts)
            return None
        return tuple(found) if box.kind == "for" else _judged(found, scope.run, deciding=box.kind == "some")

    return made


def _judged(found: list[Any], run: Run, *, deciding: bool) -> bool | None:
    if any(one is deciding for one in found):
        return deciding
    unclear = [one for one in found if not isinstance(one, bool)]
    for one in unclear:
        if one is not None:
            run.report("wrong_condition", None, kind=kinds.kind(one))
    return None if unclear else not deciding


def _filter(compiler: Compiler, box: boxes.Filter) -> Code:
    source = compiler.box(box.source)
    inner = compiler.knowing("item", *(compiler.members - expression.BUILTINS.keys()))
    condition = inner.box(box.condition)

    def chosen(scope: Scope) -> Any:
        found = source(scope)
        items = found if isinstance(found, tuple) else () if found is None else (found,)
        kept = []
        for item in items:
            scope.run.spend(1)
            own = item if isinstance(item, dict) else {}
            verdict = condition(Scope({**scope.values, "item": item, **own}, None, scope.run))
            if verdict is True:
                kept.append(item)
            elif verdict is not None and verdict is not False:
                scope.run.report("wrong_condition", None, kind=kinds.kind(verdict))
                return None
        return tuple(kept)

    return chosen


def _table(compiler: Compiler, box: boxes.Table) -> Code:
    workshop = tables.Workshop(expression=compiler.text, cell=compiler.test, shape=compiler.shapes.of)
    compiled = tables.compiled(box, workshop=workshop)
    return compiled.decide


_HANDLERS: dict[type, Callable[[Compiler, Any], Code]] = {
    boxes.Literal: _literal,
    boxes.Context: _context,
    boxes.Invocation: _invocation,
    boxes.List: _list,
    boxes.Relation: _relation,
    boxes.Function: _function,
    boxes.Conditional: _conditional,
    boxes.Iterator: _iterator,
    boxes.Filter: _filter,
    boxes.Table: _table,
}
