"""Columns of conditions: which rows match a value, all at once, as the bits of one number (row 1 is bit 0)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from tradecredit.core.feel import tree
from tradecredit.core.feel.run import Run, Scope

if TYPE_CHECKING:
    from tradecredit.core.feel.compiling.tests import Test


_MOST_LOOKUPS = 40_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, its tree (None when it cannot be read) and its test."""

    text: str
    node: tree.Cell | None
    test: Test


class Column(Protocol):
    """Anything that tells which of the rows still alive match a value."""

    def matching(self, value: Any, scope: Scope, alive: int) -> int:
        """Return the rows that match, as bits; those not alive may be left out."""
        ...

    def judged(self, value: Any, scope: Scope) -> tuple[int, int]:
        """Return the rows that match and those that could not be judged, as bits."""
        ...


@dataclass(frozen=True, slots=True)
class CellwiseColumn:
    """A column whose cells are tested one by one."""

    tests: tuple[Test, ...]

    def matching(self, value: Any, scope: Scope, alive: int) -> int:
        """Return the rows that match, as bits."""
        scope.values["?"] = value
        found = 0
        for row, test in enumerate(self.tests):
            bit = 1 << row
            if alive & bit and test(value, scope):
                found |= bit
        return found

    def judged(self, value: Any, scope: Scope) -> tuple[int, int]:
        """Return the rows that match and those that could not be judged, as bits."""
        scope.values["?"] = value
        matched = unknown = 0
        for row, test in enumerate(self.tests):
            verdict = test(value, scope)
            if verdict:
                matched |= 1 << row
            elif verdict is None:
                unknown |= 1 << row
        return matched, unknown


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column whose cells are texts: looked up."""

    rows_of: dict[str, int]
    rows_of_others: int
    otherwise: CellwiseColumn

    def matching(self, value: Any, scope: Scope, alive: int) -> int:
        """Return the rows that match, as bits."""
        if value.__class__ is str:
            return self.rows_of.get(value, self.rows_of_others)
        return self.otherwise.matching(value, scope, alive)

    def judged(self, value: Any, scope: Scope) -> tuple[int, int]:
        """Return the rows that match and those that could not be judged, as bits."""
        if value.__class__ is str:
            return self.matching(value, scope, -1), 0
        return self.otherwise.judged(value, scope)


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A column whose cells compare with numbers: the line is cut at these numbers, each piece has its rows."""

    cuts: list[Decimal]
    rows_of: list[int]
    otherwise: CellwiseColumn

    def matching(self, value: Any, scope: Scope, alive: int) -> int:
        """Return the rows that match, as bits."""
        if value.__class__ is not Decimal:
            return self.otherwise.matching(value, scope, alive)
        place = bisect_left(self.cuts, value)
        is_cut = place < len(self.cuts) and self.cuts[place] == value
        return self.rows_of[2 * place + 1 if is_cut else 2 * place]

    def judged(self, value: Any, scope: Scope) -> tuple[int, int]:
        """Return the rows that match and those that could not be judged, as bits."""
        if value.__class__ is Decimal:
            return self.matching(value, scope, -1), 0
        return self.otherwise.judged(value, scope)


def column(cells: tuple[Cell, ...]) -> Column:
    """Return the quickest column that means the same as its cells."""
    tested = CellwiseColumn(tuple(cell.test for cell in cells))
    numbers: set[Decimal] = set()
    words: set[str] = set()
    for cell in cells:
        if cell.node is None or not all(_is_constant(test, numbers, words) for test in cell.node.tests):
            return tested
    if (len(numbers) + len(words)) * len(cells) > _MOST_LOOKUPS:
        return tested  # preparing would take longer than it saves
    if numbers and not words:
        return _number_column(sorted(numbers), tested)
    if words and not numbers:
        rows_of = {word: _rows(tested, word) for word in words}
        return TextColumn(rows_of, _rows(tested, _unlike(words)), tested)
    return tested


def _is_constant(node: tree.Node, numbers: set[Decimal], words: set[str]) -> bool:
    """Return whether a test compares with constants of one kind only, and collect them."""
    match node:
        case tree.Literal(value=Decimal() as number):
            numbers.add(number)
        case tree.Literal(value=str(word)):
            words.add(word)
        case tree.Negation(operand=tree.Literal(value=Decimal() as number)):
            numbers.add(-number)
        case tree.Comparison(
            sign="<" | "<=" | ">" | ">=", operand=(tree.Literal() | tree.Negation()) as operand
        ):
            return not isinstance(getattr(operand, "value", None), str) and _is_constant(
                operand, numbers, words
            )
        case tree.RangeOf(start=start, end=end):
            inner: set[str] = set()
            return _is_constant(start, numbers, inner) and _is_constant(end, numbers, inner) and not inner
        case _:
            return False
    return True


def _number_column(cuts: list[Decimal], tested: CellwiseColumn) -> Column:
    pieces = [cuts[0] - 1]
    for place, cut in enumerate(cuts):
        following = cuts[place + 1] if place + 1 < len(cuts) else cut + 2
        between = (cut + following) / 2
        if not cut < between < following:
            return tested  # too close together for 28 digits: the cells are tested one by one
        pieces += [cut, between]
    return NumberColumn(cuts, [_rows(tested, piece) for piece in pieces], tested)


def _rows(tested: CellwiseColumn, value: Any) -> int:
    return tested.matching(value, Scope({}, None, Run()), -1)


def _unlike(words: set[str]) -> str:
    """Return a text that is none of the words."""
    return "".join(sorted(words)) + "·"
