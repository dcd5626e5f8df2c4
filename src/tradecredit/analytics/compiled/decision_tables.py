"""A decision table over a whole table of facts: the same verdicts as the row engine's strict ones, a million at a time."""

from __future__ import annotations

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


def decided(table: boxes.Table, facts: Table, *, fact_names: Sequence[str]) -> Table:
    """Return the facts with the verdict's columns: ``row`` (0: none), ``needs_person``, and each output.

    ``fact_names`` are the columns that a verdict needs to be there; outputs are null where a person has to look.
    Raises UnableToCompileError for anything that a database would evaluate otherwise than the row engine: formulas
    outside the subset, PRIORITY and COLLECT tables.
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
    # In steps, so that each expression stands in the statement once.
    judged = facts.mutate(
        **{
            ROW: ibis.cases(*((hit, number) for number, hit in enumerate(hits, start=1)), else_=0),
            PERSON: _is_missing(columns) | _contradiction(table, hits),
        }
    )
    if not any(output.default for output in table.outputs):
        judged = judged.mutate(**{PERSON: judged[PERSON] | (judged[ROW] == 0)})
    settled = judged.mutate(**{ROW: ibis.ifelse(judged[PERSON], 0, judged[ROW])})
    columns = {name: settled[name] for name in fact_names}
    return settled.mutate(
        **{output.name: _output(table, place, settled, columns) for place, output in enumerate(table.outputs)}
    )


def _is_missing(columns: Mapping[str, Value]) -> BooleanValue:
    return reduce(
        lambda left, right: left | right,
        (column.isnull() for column in columns.values()),
        ibis.literal(value=False),
    )


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


def _output(table: boxes.Table, place: int, settled: Table, columns: Mapping[str, Value]) -> Value:
    found = [formulas.formula(rule.outputs[place], columns) for rule in table.rules]
    default = table.outputs[place].default
    otherwise = formulas.formula(default, columns) if default else ibis.null()
    given = ibis.cases(
        *((settled[ROW] == number, value) for number, value in enumerate(found, start=1)), else_=otherwise
    )
    return ibis.ifelse(settled[PERSON], ibis.null(), given)
