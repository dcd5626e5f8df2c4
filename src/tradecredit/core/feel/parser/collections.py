"""What stands in brackets: lists, contexts, ranges, parentheses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.feel import lexer, tree
from tradecredit.core.feel.parser.types import TypeParser
from tradecredit.core.feel.run import UnableToParseError

if TYPE_CHECKING:
    from tradecredit.core.feel.tree import Node

COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


class CollectionParser(TypeParser):
    """Reads ``[1, 2]``, ``{a: 1}``, ``[1..2)`` and ``(…)``."""

    def operand(self) -> Node:
        """Read what may stand at the right of a comparison; the grammar above gives this its meaning."""
        raise NotImplementedError

    def in_brackets(self) -> Node:
        """Read a list or a range that begins with ``[``."""
        start = self.expect("[").start
        items: list[Node] = []
        while not self.take_sign("]"):
            if items:
                self.expect(",")
            items.append(self.expression_or_comparison())
            if len(items) == 1 and self.is_sign(".."):
                return self._range_from(items[0], start=start, includes_start=True)
        return tree.List(place=self.place(start), items=tuple(items))

    def in_reversed_bracket(self) -> Node:
        """Read a range that begins with ``]``, which leaves its start out."""
        start = self.expect("]").start
        return self._range_from(self.expression(), start=start, includes_start=False)

    def in_parentheses(self) -> Node:
        """Read a parenthesised expression, a range that begins with ``(``, or ``(< 10)``."""
        start = self.expect("(").start
        inner = self.expression_or_comparison()
        if self.is_sign(".."):
            return self._range_from(inner, start=start, includes_start=False)
        self.expect(")")
        return inner

    def _range_from(self, low: Node, *, start: int, includes_start: bool) -> Node:
        self.expect("..")
        high = self.expression()
        if not self.is_sign("]", ")", "["):
            raise self.unexpected("“]”")
        closing = self.next().text
        return tree.RangeOf(
            place=self.place(start),
            start=low,
            end=high,
            includes_start=includes_start,
            includes_end=closing == "]",
        )

    def expression_or_comparison(self) -> Node:
        """Read an expression, or a comparison without its left side."""
        if not self.is_sign(*COMPARISONS):
            return self.expression()
        sign = self.next()
        operand = self.operand()
        return tree.Comparison(place=self.place(sign.start), sign=sign.text, operand=operand)

    def in_braces(self) -> Node:
        """Read a context; each entry knows those before it."""
        start = self.expect("{").start
        entries: list[tuple[str, Node]] = []
        seen: set[str] = set()
        while not self.take_sign("}"):
            if entries:
                self.expect(",")
            key_start = self.token
            key = self._key()
            if key in seen:
                raise UnableToParseError(
                    "duplicate_key", text=self.text, start=key_start.start, end=key_start.end, name=key
                )
            self.expect(":")
            with self.knowing(seen):
                value = self.expression()
            seen.add(key)
            self.learn_member(key)
            entries.append((key, value))
        return tree.Context(place=self.place(start), entries=tuple(entries))

    def _key(self) -> str:
        if self.token.kind == "text":
            return lexer.unquoted(self.next().text)
        return self.name_until(":")
