"""The shortest way through a table of constants: look each fact up, and the rows that are left answer.

For verdicts at volume. What it cannot do as the engine does it leaves to the engine: it answers None for "ask there".
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import boxes, pieces
from tradecredit.core.decision_tables.model import Decision, InputData
from tradecredit.core.decision_tables.pieces import Kind
from tradecredit.core.feel import expression as feel
from tradecredit.core.feel import tree
from tradecredit.core.feel.run import UnableToParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.decision_tables.engine import Model
    from tradecredit.core.decision_tables.pieces import Pieces

_POLICIES: Final = frozenset({"UNIQUE", "FIRST"})

Lookup = tuple[str, "Callable[[Any], int]"]


@dataclass(frozen=True, slots=True)
class Hit:
    """The row that answered (from 1) and its output."""

    row: int
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickTable:
    """A table ready to be asked; immutable, safe to share."""

    lookups: tuple[Lookup, ...]
    hits: Mapping[int, Hit]
    all_rows: int
    is_unique: bool

    def decide(self, facts: Mapping[str, Any]) -> Hit | None:
        """Return the row that answers, or None where the engine has to be asked: a missing fact, no row, several.

        Facts are Decimal, int, text and bool; others are left to the engine.
        """
        alive = self.all_rows
        for name, rows_of in self.lookups:
            alive &= rows_of(facts.get(name))
            if not alive:
                return None
        lowest = alive & -alive
        return None if self.is_unique and alive != lowest else self.hits[lowest]


def prepared(model: Model, name: str) -> QuickTable | None:
    """Return a decision's table ready to be asked, or None when only the engine can decide it.

    It can where every column tests a fact of the decision by constants, every output is a constant, and one row
    answers (UNIQUE or FIRST). Raises UnableToDecideError when there is no such decision.
    """
    element = model.named(name)
    if not isinstance(element, Decision) or not isinstance(element.logic, boxes.Table):
        return None
    table = element.logic
    types = _types(model, element)
    if table.hit_policy not in _POLICIES or any(clause.expression not in types for clause in table.inputs):
        return None
    lookups = [_lookup(table, place, types[clause.expression]) for place, clause in enumerate(table.inputs)]
    hits = _hits(table)
    if hits is None or any(one is None for one in lookups) or _is_shaped(model, element, table):
        return None
    return QuickTable(
        lookups=tuple(one for one in lookups if one is not None),
        hits=hits,
        all_rows=(1 << len(table.rules)) - 1,
        is_unique=table.hit_policy == "UNIQUE",
    )


def _types(model: Model, element: Decision) -> dict[str, str]:
    """Return the declared types of the facts that a decision asks for directly."""
    known = {one.key: one for one in model.definitions.elements}
    required = [known.get(key) for key in element.requires]
    return {one.name: one.type_ref for one in required if isinstance(one, InputData)}


def _is_shaped(model: Model, element: Decision, table: boxes.Table) -> bool:
    """Tell whether the decision's or a column's type may still change or refuse a value."""
    outputs = any(one.type_ref for one in table.outputs) or bool(element.type_ref)
    plain = {"", "number", "string", "boolean", "Any"}
    known = {one.key: one for one in model.definitions.elements}
    types = [one.type_ref for key in element.requires if isinstance(one := known.get(key), InputData)]
    return outputs or any(one not in plain for one in (*types, *(clause.type_ref for clause in table.inputs)))


def _lookup(table: boxes.Table, place: int, type_ref: str) -> Lookup | None:
    clause = table.inputs[place]
    if clause.values:
        return None
    if all(rule.tests[place].strip() in {"", "-"} for rule in table.rules):
        return (clause.expression, _anything(type_ref))
    column = pieces.cut(clause, tuple(rule.tests[place] for rule in table.rules))
    if column is None:
        return None
    makers = {Kind.NUMBER: _numbers, Kind.TEXT: _texts, Kind.TRUTH: _truths}
    maker = makers.get(column.kind)
    return None if maker is None else (clause.expression, maker(column))


def _anything(type_ref: str) -> Callable[[Any], int]:
    """Let every row live when there is a value of the declared type."""
    classes = {"number": (Decimal, int), "string": (str,), "boolean": (bool,)}.get(
        type_ref, (Decimal, int, str, bool)
    )

    def rows_of(value: Any) -> int:
        return -1 if value.__class__ in classes else 0

    return rows_of


def _numbers(column: Pieces) -> Callable[[Any], int]:
    cuts = [piece.low for piece in column.pieces if piece.is_point]
    rows = [piece.rows for piece in column.pieces]

    def rows_of(value: Any) -> int:
        if value.__class__ is not Decimal and value.__class__ is not int:
            return 0
        place = bisect_left(cuts, value)
        is_cut = place < len(cuts) and cuts[place] == value
        return rows[2 * place + 1 if is_cut else 2 * place]

    return rows_of


def _texts(column: Pieces) -> Callable[[Any], int]:
    named = {piece.sample: piece.rows for piece in column.pieces if piece.is_point}
    others = next((piece.rows for piece in column.pieces if not piece.is_point), 0)

    def rows_of(value: Any) -> int:
        return named.get(value, others) if value.__class__ is str else 0

    return rows_of


def _truths(column: Pieces) -> Callable[[Any], int]:
    rows = {piece.sample: piece.rows for piece in column.pieces}

    def rows_of(value: Any) -> int:
        return rows[value] if value.__class__ is bool else 0

    return rows_of


def _hits(table: boxes.Table) -> dict[int, Hit] | None:
    """Return what each row gives; None when one gives anything but constants."""
    found = {}
    for number, rule in enumerate(table.rules, start=1):
        values = [_constant(text) for text in rule.outputs]
        if any(value is None for value in values):
            return None
        names = [output.name for output in table.outputs]
        value = values[0] if len(values) == 1 else dict(zip(names, values, strict=True))
        found[1 << (number - 1)] = Hit(number, value)
    return found


def _constant(text: str) -> Any:
    try:
        node = feel.parse(text)
    except UnableToParseError:
        return None
    return node.value if isinstance(node, tree.Literal) else None
