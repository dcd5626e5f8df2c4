"""Decision tables as code: evaluated by columns when only the answer is wanted, by cells when the reasons are too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.decision_tables import boxes, columns, hit_policies, shapes
from tradecredit.core.decision_tables.columns import Cell, Column
from tradecredit.core.decision_tables.tracing import CellTrace, RowTrace, TableTrace
from tradecredit.core.feel import expression as feel
from tradecredit.core.feel.run import NullBecauseError, Scope, UnableToParseError
from tradecredit.core.feel.values import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.core.decision_tables.shapes import Shape
    from tradecredit.core.feel.compiling.compiler import Code
    from tradecredit.core.feel.compiling.tests import Test

__all__ = ["Cell", "CompiledTable", "compiled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A column of conditions: where its value comes from, what it must be, how its rows match."""

    label: str
    code: Code
    shape: Shape
    allowed: Test | None
    cells: tuple[Cell, ...]
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A column of outputs; ``ranks`` are the tests of its values in order of priority."""

    name: str
    cells: tuple[Code, ...]
    shape: Shape
    ranks: tuple[Test, ...]
    default: Code | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledTable:
    """A table that can be evaluated."""

    table: boxes.Table
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]

    def decide(self, scope: Scope) -> Any:
        """Return the table's output for the values of a scope; null, with the reason noted, when it has none."""
        own = Scope(dict(scope.values), None, scope.run)
        own.run.spend(1)
        try:
            values = [self._value(one, own) for one in self.inputs]
            if scope.run.trace is not None:
                return self._traced(values, own)
            return self._settled(self._matching(values, own), own)[0]
        except NullBecauseError as reason:
            scope.run.report(reason.code, None, **reason.facts)
            return None

    def _value(self, one: Input, scope: Scope) -> Any:
        value = one.code(scope)
        if one.shape is not shapes.ANYTHING:
            value = shapes.fitted(value, one.shape, scope.run)
        if one.allowed is not None and value is not None:
            scope.values["?"] = value
            if one.allowed(value, scope) is not True:
                raise NullBecauseError("not_allowed_value", value=texts.short(value))
        return value

    def _matching(self, values: list[Any], scope: Scope) -> int:
        alive = (1 << len(self.table.rules)) - 1
        for one, value in zip(self.inputs, values, strict=True):
            alive &= one.column.matching(value, scope, alive)
            if not alive:
                break
        return alive

    def _settled(self, matching: int, scope: Scope) -> tuple[Any, tuple[int, ...]]:
        rows = []
        while matching:
            lowest = matching & -matching
            rows.append(lowest.bit_length())
            matching ^= lowest
            if self.table.hit_policy == "FIRST":
                break
        if not rows:
            return self._default(scope), ()
        if self.table.hit_policy == "UNIQUE" and len(rows) > 1:
            raise NullBecauseError("several_hits", rows=", ".join(map(str, rows)))
        hits = [(row, self._output(row, scope)) for row in rows]
        found, chosen = hit_policies.settle(
            self.table.hit_policy, hits, rank=lambda output: self._rank(output, scope), run=scope.run
        )
        if self.table.aggregation and self.table.hit_policy == "COLLECT":
            found = hit_policies.aggregate(self.table.aggregation, found, scope.run)
        return found, chosen

    def _output(self, row: int, scope: Scope) -> Any:
        values = {
            one.name: shapes.fitted(one.cells[row - 1](scope), one.shape, scope.run) for one in self.outputs
        }
        return values if len(self.outputs) > 1 else next(iter(values.values()))

    def _default(self, scope: Scope) -> Any:
        if all(one.default is None for one in self.outputs):
            scope.run.report("no_hit")
            return None
        values = {one.name: one.default(scope) if one.default is not None else None for one in self.outputs}
        return values if len(self.outputs) > 1 else next(iter(values.values()))

    def _rank(self, output: Any, scope: Scope) -> tuple[int, ...]:
        values = output if len(self.outputs) > 1 else {self.outputs[0].name: output}
        found = []
        for one in self.outputs:
            if one.ranks:
                value = values[one.name]
                matching = (at for at, test in enumerate(one.ranks) if test(value, scope) is True)
                found.append(next(matching, len(one.ranks)))
        if not found:
            raise NullBecauseError("not_prioritised")
        return tuple(found)

    def _traced(self, values: list[Any], scope: Scope) -> Any:
        rows, matching = [], 0
        for number in range(1, len(self.table.rules) + 1):
            cells = tuple(
                self._cell(one, number, value, scope) for one, value in zip(self.inputs, values, strict=True)
            )
            matched = all(cell.matched is True for cell in cells)
            matching |= matched << (number - 1)
            rows.append(RowTrace(row=number, matched=matched, cells=cells))
        output: Any = None
        chosen: tuple[int, ...] = ()
        try:
            output, chosen = self._settled(matching, scope)
        finally:
            trace = TableTrace(
                element=scope.run.element,
                hit_policy=self.table.hit_policy,
                rows=tuple(rows),
                chosen=chosen,
                output=output,
            )
            if scope.run.trace is not None:
                scope.run.trace.append(trace)
        return output

    @staticmethod
    def _cell(one: Input, row: int, value: Any, scope: Scope) -> CellTrace:
        cell = one.cells[row - 1]
        scope.values["?"] = value
        return CellTrace(column=one.label, text=cell.text, value=value, matched=cell.test(value, scope))


def compiled(
    table: boxes.Table,
    *,
    expression: Callable[[str], Code],
    cell: Callable[[str], Cell],
    shape: Callable[[str], Shape],
) -> CompiledTable:
    """Compile a table with what compiles its texts and knows its types."""
    inputs = []
    for place, one in enumerate(table.inputs):
        cells = tuple(cell(rule.tests[place]) for rule in table.rules)
        inputs.append(
            Input(
                label=one.label,
                code=expression(one.expression),
                shape=shape(one.type_ref),
                allowed=cell(one.values).test if one.values else None,
                cells=cells,
                column=columns.column(cells),
            )
        )
    outputs = []
    for place, clause in enumerate(table.outputs):
        outputs.append(
            Output(
                name=clause.name,
                cells=tuple(expression(rule.outputs[place]) for rule in table.rules),
                shape=shape(clause.type_ref),
                ranks=_ranks(clause.values),
                default=expression(clause.default) if clause.default else None,
            )
        )
    return CompiledTable(table=table, inputs=tuple(inputs), outputs=tuple(outputs))


def _ranks(text: str) -> tuple[Test, ...]:
    """Compile each of the output values by itself: the first is the best."""
    if not text:
        return ()
    try:
        whole = feel.parse_cell(text)
    except UnableToParseError:
        return ()
    return tuple(feel.compile_single(test) for test in whole.tests)
