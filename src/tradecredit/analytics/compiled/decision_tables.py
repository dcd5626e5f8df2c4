"""A decision table over a whole table of facts: the same verdicts as the row engine's strict ones, a million at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

import ibis

from tradecredit.analytics.compiled import formulas
from tradecredit.analytics.compiled.formulas import UnableToCompileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import BooleanValue, Table, Value

    from tradecredit.core.decision_tables import boxes

ROW: Final = "row"
PERSON: Final = "needs_person"
_POLICIES: Final = frozenset({"UNIQUE", "FIRST", "ANY"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledTable:
    """A decision table as expressions: the hit row, whether a person has to look, and each output."""

    row: Value
    needs_person: BooleanValue
    outputs: Mapping[str, Value]

    def over(self, facts: Table) -> Table:
        """Return the facts with the verdict's columns; outputs are null where a person has to look."""
        return facts.mutate(**{ROW: self.row, PERSON: self.needs_person, **self.outputs})


def compiled(table: boxes.Table, facts: Table, *, fact_names: Sequence[str]) -> CompiledTable:
    """Compile a table over facts by column name; ``fact_names`` are those that a verdict needs to be there.

    Raises UnableToCompileError for anything that a database would evaluate otherwise than the row engine: formulas
    outside the subset, PRIORITY and COLLECT tables, computed outputs of other kinds than constants.
    """
    if table.hit_policy not in _POLICIES or not table.rules:
        raise UnableToCompileError(table.hit_policy)
    columns = {name: facts[name] for name in fact_names}
    values = [formulas.formula(clause.expression, columns) for clause in table.inputs]
    hits = [
        reduce(
            lambda left, right: left & right,
            (formulas.cell(text, value, columns) for text, value in zip(rule.tests, values, strict=True)),
            ibis.literal(value=True),
        )
        for rule in table.rules
    ]
    return _settled(table, hits, columns=columns)


def _settled(
    table: boxes.Table, hits: Sequence[BooleanValue], *, columns: Mapping[str, Value]
) -> CompiledTable:
    row = ibis.cases(*((hit, number) for number, hit in enumerate(hits, start=1)), else_=0)
    is_missing = reduce(
        lambda left, right: left | right,
        (column.isnull() for column in columns.values()),
        ibis.literal(value=False),
    )
    contradicts = _contradiction(table, hits)
    has_default = any(output.default for output in table.outputs)
    needs_person = is_missing | contradicts
    if not has_default:
        needs_person |= row == 0
    outputs = {
        output.name: ibis.ifelse(needs_person, ibis.null(), _output(table, place, row, columns))
        for place, output in enumerate(table.outputs)
    }
    return CompiledTable(row=ibis.ifelse(needs_person, 0, row), needs_person=needs_person, outputs=outputs)


def _contradiction(table: boxes.Table, hits: Sequence[BooleanValue]) -> BooleanValue:
    """Return whether rows match at once that may not: any two of UNIQUE, two with other outputs of ANY."""
    if table.hit_policy == "FIRST":
        return ibis.literal(value=False)
    groups: dict[tuple[str, ...] | int, list[BooleanValue]] = {}
    for number, (rule, hit) in enumerate(zip(table.rules, hits, strict=True)):
        key = number if table.hit_policy == "UNIQUE" else tuple(text.strip() for text in rule.outputs)
        groups.setdefault(key, []).append(hit)
    met = [reduce(lambda left, right: left | right, group) for group in groups.values()]
    count = reduce(lambda left, right: left + right, (one.cast("int16") for one in met))
    return count > 1


def _output(table: boxes.Table, place: int, row: Value, columns: Mapping[str, Value]) -> Value:
    found = [formulas.formula(rule.outputs[place], columns) for rule in table.rules]
    default = table.outputs[place].default
    otherwise = formulas.formula(default, columns) if default else ibis.null()
    return ibis.cases(
        *((row == number, value) for number, value in enumerate(found, start=1)), else_=otherwise
    )
