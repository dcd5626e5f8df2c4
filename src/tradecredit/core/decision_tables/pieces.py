"""Cut a column's values into pieces that no cell of it tells apart, each with the rows that match it.

Note [Samples stand for pieces]: a cell of constants behaves alike on all values between two neighbouring constants
and on all texts that it does not name, so trying one value of each piece tells everything about the column.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.feel import expression as feel
from tradecredit.core.feel import tree
from tradecredit.core.feel.run import Run, Scope, UnableToParseError
from tradecredit.core.feel.values import days
from tradecredit.core.feel.values.days import Date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradecredit.core.decision_tables.boxes import InputClause
    from tradecredit.core.feel.compiling.tests import Test

_ANYTHING: Final = "-"
_DAY_CALLS: Final = frozenset({"date"})


class Kind(StrEnum):
    """What a column's values are."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Values that no cell tells apart: a sample, its bounds (None: open end) and the matching rows as bits."""

    sample: Any
    low: Any = None
    high: Any = None
    rows: int

    @property
    def is_point(self) -> bool:
        """Tell whether the piece is one value only."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A column cut into pieces, in order; ``missing`` are the rows that match a value that is not there."""

    label: str
    kind: Kind
    pieces: tuple[Piece, ...]
    missing: int

    def text(self, chosen: Iterable[int]) -> str:
        """Return pieces as a cell would be written: ``< 30``, ``[30..60)``, ``"A", "B"``, ``not("A")``, ``-``."""
        places = sorted(chosen)
        if len(places) == len(self.pieces):
            return _ANYTHING
        if self.kind in (Kind.TEXT, Kind.TRUTH):
            return self._words(places)
        return ", ".join(self._range(run) for run in _runs(places))

    def _words(self, places: Sequence[int]) -> str:
        named = [f'"{piece.sample}"' for piece in self.pieces if piece.is_point]
        chosen = [self.pieces[place] for place in places]
        if self.kind is Kind.TRUTH:
            return ", ".join("true" if piece.sample else "false" for piece in chosen)
        if all(piece.is_point for piece in chosen):
            return ", ".join(f'"{piece.sample}"' for piece in chosen)
        left_out = [name for name in named if name not in {f'"{piece.sample}"' for piece in chosen}]
        return f"not({', '.join(left_out)})" if left_out else _ANYTHING

    def _range(self, places: Sequence[int]) -> str:
        first, last = self.pieces[places[0]], self.pieces[places[-1]]
        if first.is_point and first is last:
            return _constant(first.low)
        if first.low is None:
            return f"{'<=' if last.is_point else '<'} {_constant(last.high)}"
        if last.high is None:
            return f"{'>=' if first.is_point else '>'} {_constant(first.low)}"
        opening, closing = "[" if first.is_point else "(", "]" if last.is_point else ")"
        return f"{opening}{_constant(first.low)}..{_constant(last.high)}{closing}"


@lru_cache(maxsize=1024)
def cut(clause: InputClause, cells: tuple[str, ...]) -> Pieces | None:
    """Return a column cut into pieces, or None when its cells compare with more than constants of one kind."""
    trees = _trees(cells)
    allowed = _trees([clause.values]) if clause.values else ()
    if trees is None or allowed is None:
        return None
    constants: dict[Kind, set[Any]] = {kind: set() for kind in Kind}
    for cell in (*trees, *allowed):
        if not all(_collect(test, constants) for test in cell.tests):
            return None
    kind = _kind(constants, clause.type_ref)
    if kind is None:
        return None
    tests = [feel.compile_cell(cell, names=frozenset()) for cell in trees]
    may_be = feel.compile_cell(allowed[0], names=frozenset()) if allowed else None
    found = tuple(
        Piece(sample=sample, low=low, high=high, rows=_rows(tests, sample))
        for sample, low, high in _samples(kind, constants[kind])
        if may_be is None or _matches(may_be, sample)
    )
    return Pieces(label=clause.label, kind=kind, pieces=found, missing=_rows(tests, None)) if found else None


def _trees(texts: Sequence[str]) -> list[tree.Cell] | None:
    try:
        return [feel.parse_cell(text) for text in texts]
    except UnableToParseError:
        return None


def _rows(tests: Sequence[Test], value: Any) -> int:
    return sum(1 << row for row, test in enumerate(tests) if _matches(test, value))


def _matches(test: Test, value: Any) -> bool:
    return test(value, Scope({"?": value}, None, Run())) is True


def _kind(constants: dict[Kind, set[Any]], type_ref: str) -> Kind | None:
    """Return the one kind of a column's constants; a column without any has the kind of its declared type."""
    found = [kind for kind in Kind if constants[kind]]
    if len(found) > 1:
        return None
    if found:
        return found[0]
    return {"number": Kind.NUMBER, "boolean": Kind.TRUTH, "date": Kind.DAY}.get(type_ref, Kind.TEXT)


def _collect(node: tree.Node, constants: dict[Kind, set[Any]]) -> bool:
    """Note the constants of a test; False when it compares with anything else."""
    match node:
        case tree.Comparison(operand=operand):
            return _note(_value(operand), constants)
        case tree.RangeOf(start=start, end=end):
            return _note(_value(start), constants) and _note(_value(end), constants)
        case _:
            return _note(_value(node), constants)


def _value(node: tree.Node) -> Any:
    """Return the constant that a piece of a test is, or None."""
    match node:
        case tree.Literal(value=value):
            return value
        case tree.Negation(operand=tree.Literal(value=Decimal() as number)):
            return -number
        case tree.Call(function=tree.Name(name=name), arguments=(tree.Literal(),)) if name in _DAY_CALLS:
            return feel.compile_node(node, names=frozenset())(Scope({}, None, Run()))
        case _:
            return None


def _note(value: Any, constants: dict[Kind, set[Any]]) -> bool:
    kinds = {bool: Kind.TRUTH, Decimal: Kind.NUMBER, str: Kind.TEXT, Date: Kind.DAY}
    kind = kinds.get(type(value))
    if kind is None:
        return False
    constants[kind].add(value)
    return True


def _samples(kind: Kind, constants: set[Any]) -> list[tuple[Any, Any, Any]]:
    """Return a sample of each piece with its bounds, in order."""
    match kind:
        case Kind.TRUTH:
            return [(False, False, False), (True, True, True)]
        case Kind.TEXT:
            others = "".join(sorted(constants)) + "·"
            return [*((word, word, word) for word in sorted(constants)), (others, None, None)]
        case Kind.NUMBER:
            return _between(sorted(constants), step=Decimal(1))
        case Kind.DAY:
            return _days(sorted(constants))


def _between(cuts: Sequence[Decimal], *, step: Decimal) -> list[tuple[Any, Any, Any]]:
    if not cuts:
        return [(Decimal(0), None, None)]
    found: list[tuple[Any, Any, Any]] = [(cuts[0] - step, None, cuts[0])]
    for place, at in enumerate(cuts):
        found.append((at, at, at))
        if place + 1 < len(cuts):
            following = cuts[place + 1]
            found.append(((at + following) / 2, at, following))
    return [*found, (cuts[-1] + step, cuts[-1], None)]


def _days(cuts: Sequence[Date]) -> list[tuple[Any, Any, Any]]:
    """Return samples of days: between two neighbouring days there is none."""
    if not cuts:
        return [(Date(2000, 1, 1), None, None)]
    found: list[tuple[Any, Any, Any]] = [(_shifted(cuts[0], -1), None, cuts[0])]
    for place, at in enumerate(cuts):
        found.append((at, at, at))
        if place + 1 < len(cuts) and _shifted(at, 1) != cuts[place + 1]:
            found.append((_shifted(at, 1), at, cuts[place + 1]))
    return [*found, (_shifted(cuts[-1], 1), cuts[-1], None)]


def _shifted(day: Date, by: int) -> Date:
    return days.from_epoch_day(days.epoch_day(day) + by) or day


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Return neighbours together: 1, 2, 3, 6 become 1–3 and 6."""
    found: list[list[int]] = []
    for place in places:
        if found and place == found[-1][-1] + 1:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def _constant(value: Any) -> str:
    return f'date("{value}")' if isinstance(value, Date) else f"{value:f}"
