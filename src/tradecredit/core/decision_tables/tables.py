"""Decision tables as code: evaluated by columns when only the answer is wanted, by cells when the reasons are too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.decision_tables import boxes, columns, hit_policies, shapes
from tradecredit.core.decision_tables.columns import Cell, Column
from tradecredit.core.decision_tables.tracing import ColumnTrace, TableTrace
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
    texts: tuple[str, ...]
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A column of outputs; ``ranks`` are the tests of its values in order of priority."""

    name: str
    cells: tuple[Code, ...]
    shape: Shape
    ranks: tuple[Test, ...]
    default: Code | None

    def value(self, row: int, scope: Scope) -> Any:
        """Return the output of a row, counted from 1; raises NullBecauseError when it is not of its type."""
        found = self.cells[row - 1](scope)
        return found if self.shape is shapes.ANYTHING else shapes.fitted(found, self.shape, scope.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledTable:
    """A table that can be evaluated."""

    table: boxes.Table
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    all_rows: int
    is_quick: bool  # no cell is called with ``?``, so the scope need not be copied

    def decide(self, scope: Scope) -> Any:
        """Return the table's output for the values of a scope; null, with the reason noted, when it has none."""
        run = scope.run
        run.spend(1)
        own = scope if self.is_quick else Scope(dict(scope.values), None, run)
        try:
            if run.trace is not None:
                return self._traced(own)
            alive = self.all_rows
            for one in self.inputs:
                alive &= one.column.matching(self._value(one, own), own, alive)
            return self._settled(alive, own)[0]
        except NullBecauseError as reason:
            run.report(reason.code, None, **reason.facts)
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

    def _settled(self, matching: int, scope: Scope) -> tuple[Any, tuple[int, ...]]:
        if not matching:
            return self._default(scope), ()
        policy = self.table.hit_policy
        lowest = matching & -matching
        if policy == "FIRST" or (policy == "UNIQUE" and lowest == matching):
            row = lowest.bit_length()
            return self._output(row, scope), (row,)
        rows = [row for row in range(1, len(self.table.rules) + 1) if matching >> (row - 1) & 1]
        if policy == "UNIQUE":
            raise NullBecauseError("several_hits", rows=", ".join(map(str, rows)))
        hits = [(row, self._output(row, scope)) for row in rows]
        found, chosen = hit_policies.settle(
            policy, hits, rank=lambda output: self._rank(output, scope), run=scope.run
        )
        if self.table.aggregation and policy == "COLLECT":
            found = hit_policies.aggregate(self.table.aggregation, found, scope.run)
        return found, chosen

    def _output(self, row: int, scope: Scope) -> Any:
        if len(self.outputs) == 1:
            return self.outputs[0].value(row, scope)
        return {one.name: one.value(row, scope) for one in self.outputs}

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

    def _traced(self, scope: Scope) -> Any:
        columns, matching = [], self.all_rows
        for one in self.inputs:
            value = self._value(one, scope)
            matched, unknown = one.column.judged(value, scope)
            matching &= matched
            columns.append(ColumnTrace(one.label, one.texts, value, matched & self.all_rows, unknown))
        output: Any = None
        chosen: tuple[int, ...] = ()
        try:
            output, chosen = self._settled(matching, scope)
        finally:
            trace = TableTrace(
                element=scope.run.element,
                hit_policy=self.table.hit_policy,
                row_count=len(self.table.rules),
                columns=tuple(columns),
                chosen=chosen,
                output=output,
            )
            if scope.run.trace is not None:
                scope.run.trace.append(trace)
        return output


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What compiles a table's texts and knows its types."""

    expression: Callable[[str], Code]
    cell: Callable[[str], Cell]
    shape: Callable[[str], Shape]


def compiled(table: boxes.Table, *, workshop: Workshop) -> CompiledTable:
    """Compile a table."""
    inputs = tuple(_input(table, place, workshop) for place in range(len(table.inputs)))
    return CompiledTable(
        table=table,
        inputs=inputs,
        outputs=tuple(_output(table, place, workshop) for place in range(len(table.outputs))),
        all_rows=(1 << len(table.rules)) - 1,
        is_quick=all(
            one.allowed is None and not isinstance(one.column, columns.CellwiseColumn) for one in inputs
        ),
    )


def _input(table: boxes.Table, place: int, workshop: Workshop) -> Input:
    clause = table.inputs[place]
    cells = tuple(workshop.cell(rule.tests[place]) for rule in table.rules)
    return Input(
        label=clause.label,
        code=workshop.expression(clause.expression),
        shape=workshop.shape(clause.type_ref),
        allowed=workshop.cell(clause.values).test if clause.values else None,
        texts=tuple(cell.text for cell in cells),
        column=columns.column(cells),
    )


def _output(table: boxes.Table, place: int, workshop: Workshop) -> Output:
    clause = table.outputs[place]
    return Output(
        name=clause.name,
        cells=tuple(workshop.expression(rule.outputs[place]) for rule in table.rules),
        shape=workshop.shape(clause.type_ref),
        ranks=_ranks(clause.values),
        default=workshop.expression(clause.default) if clause.default else None,
    )


def _ranks(text: str) -> tuple[Test, ...]:
    """Compile each of the output values by itself: the first is the best."""
    if not text:
        return ()
    try:
        whole = feel.parse_cell(text)
    except UnableToParseError:
        return ()
    return tuple(feel.compile_single(test) for test in whole.tests)
