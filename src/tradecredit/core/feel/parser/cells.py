"""The whole texts: an expression, or the cell of a decision table."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tradecredit.core.feel.parser.cursor import DEEPEST
from tradecredit.core.feel.parser.operators import OperatorParser
from tradecredit.core.feel.parser.vocabulary import Names, Vocabulary
from tradecredit.core.feel.run import UnableToParseError
from tradecredit.core.feel.tree import Cell, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.core.feel import tree

Read = TypeVar("Read", bound=Node)


class CellParser(OperatorParser):
    """Reads ``-``, ``"a", "b"``, ``< 5``, ``not([1..3])``."""

    def whole(self) -> Node:
        """Read an expression to the end of the text."""
        found = self.expression_or_comparison()
        self._end()
        return found

    def cell(self) -> Cell:
        """Read a cell to the end of the text; an empty one and ``-`` hold for everything."""
        if self.token.kind == "end" or (self.is_sign("-") and self.peek(1).kind == "end"):
            return Cell(place=self.place(0), tests=(), is_negated=False, is_any=True)
        negated = self._negated()
        if negated is not None:
            return negated
        tests = self._tests()
        self._end()
        return Cell(place=self.place(0), tests=tests, is_negated=False, is_any=False)

    def _negated(self) -> Cell | None:
        if not self.is_word("not") or self.peek(1).text != "(":
            return None
        try:
            self.next()
            self.next()
            tests = self._tests()
            self.expect(")")
            self._end()
        except UnableToParseError:
            self.at = 0
            return None
        return Cell(place=self.place(0), tests=tests, is_negated=True, is_any=False)

    def _tests(self) -> tuple[Node, ...]:
        found = [self.expression_or_comparison()]
        while self.take_sign(","):
            found.append(self.expression_or_comparison())
        return tuple(found)

    def _end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected("the end / 结尾")


def expression(text: str, *, vocabulary: Vocabulary, builtins: Names) -> Node:
    """Read an expression; raises UnableToParseError with the place of what cannot be read."""
    parser = CellParser(text, names=Names.of(vocabulary.names, outer=builtins), vocabulary=vocabulary)
    return guarded(parser, parser.whole)


def cell(text: str, *, vocabulary: Vocabulary, builtins: Names) -> tree.Cell:
    """Read a decision table's cell; raises UnableToParseError with the place of what cannot be read."""
    names = Names.of((*vocabulary.names, "?"), outer=builtins)
    parser = CellParser(text, names=names, vocabulary=vocabulary)
    return guarded(parser, parser.cell)


def guarded(parser: CellParser, read: Callable[[], Read]) -> Read:
    """Read, and say so when the stack ends first; raises UnableToParseError."""
    try:
        return read()
    except RecursionError as error:
        raise UnableToParseError("too_deep", text=parser.text, limit=str(DEEPEST)) from error
