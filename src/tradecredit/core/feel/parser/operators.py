"""Operators by how tightly they bind, and what follows a value: paths, filters, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.feel import tree
from tradecredit.core.feel.parser.cursor import LONGEST_CHAIN
from tradecredit.core.feel.parser.primaries import PrimaryParser
from tradecredit.core.feel.run import UnableToParseError

if TYPE_CHECKING:
    from tradecredit.core.feel.tree import Node

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER = range(1, 7)
_BINDING = {
    "or": _OR, "and": _AND, "=": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE,
    ">=": _COMPARE, "between": _COMPARE, "in": _COMPARE, "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY,
    "**": _POWER,
}  # fmt: skip


class OperatorParser(PrimaryParser):
    """Reads whole expressions."""

    def expression(self) -> Node:
        """Read an expression."""
        with self.deeper():
            return self._from(_OR)

    def operand(self) -> Node:
        """Read what may stand at the right of a comparison."""
        with self.deeper():
            return self._from(_ADD)

    def _from(self, weakest: int) -> Node:
        start = self.token.start
        left = self._unary()
        chain = 0
        while self.token.kind in {"sign", "word"}:
            sign = self.token.text
            binding = _BINDING.get(sign, 0)
            if binding < weakest:
                break
            chain += 1
            if chain > LONGEST_CHAIN:
                raise UnableToParseError(
                    "too_deep", text=self.text, start=start, end=self.token.end, limit=str(LONGEST_CHAIN)
                )
            self.next()
            left = self._joined(left, sign, binding, start)
        return left

    def _joined(self, left: Node, sign: str, binding: int, start: int) -> Node:
        if sign == "between":
            low = self._from(_ADD)
            self.expect("and")
            high = self._from(_ADD)
            return tree.Between(place=self.place(start), value=left, low=low, high=high)
        if sign == "in":
            tests = self._tests_after_in()
            return tree.In(place=self.place(start), value=left, tests=tests)
        right = self._from(binding + 1)
        return tree.Sign(place=self.place(start), sign=sign, left=left, right=right)

    def _tests_after_in(self) -> tuple[Node, ...]:
        if not self.is_sign("("):
            return (self._test(),)
        before = self.at
        try:
            self.next()
            found = [self.expression_or_comparison()]
            while self.take_sign(","):
                found.append(self.expression_or_comparison())
            self.expect(")")
        except UnableToParseError:
            self.at = before
            self.next_is_affordable()
            return (self._test(),)
        return tuple(found)

    def next_is_affordable(self) -> None:
        """Make going back cost something, so that no text can be gone over for ever."""
        self.steps_left -= 1

    def _test(self) -> Node:
        return (
            self.expression_or_comparison()
            if self.is_sign("<", "<=", ">", ">=", "=", "!=")
            else self._from(_ADD)
        )

    def _unary(self) -> Node:
        start = self.token.start
        if not self.is_sign("-"):
            return self._followed(self.primary(), start)
        self.next()
        with self.deeper():
            operand = self._unary()
        return tree.Negation(place=self.place(start), operand=operand)

    def _followed(self, value: Node, start: int) -> Node:
        found: Node | None = value
        chain = 0
        while found is not None:
            value = found
            chain += 1
            if chain > LONGEST_CHAIN:
                raise UnableToParseError(
                    "too_deep", text=self.text, start=start, end=self.token.end, limit=str(LONGEST_CHAIN)
                )
            found = self._one_more(value, start)
        return value

    def _one_more(self, value: Node, start: int) -> Node | None:
        if self.is_sign("."):
            self.next()
            name = self.name(self.members)
            return tree.Path(place=self.place(start), source=value, name=name)
        if self.is_sign("["):
            return self._filter(value, start)
        if self.is_sign("("):
            return self._call(value, start)
        if self.is_word("instance") and self.peek(1).text == "of":
            self.next()
            self.next()
            return tree.InstanceOf(place=self.place(start), value=value, type=self.type())
        return None

    def _filter(self, value: Node, start: int) -> Node | None:
        """Read a filter; a ``[`` that closes a range, as in ``]1..5[``, is left where it is."""
        before = self.at
        try:
            self.next()
            with self.knowing_members(), self.knowing(("item",)):
                condition = self.expression()
            self.expect("]")
        except UnableToParseError:
            if not self._closes_range(before):
                raise
            self.at = before
            return None
        return tree.Filter(place=self.place(start), source=value, condition=condition)

    def _closes_range(self, at: int) -> bool:
        return any(token.text == ".." and token.kind == "sign" for token in self.tokens[:at])

    def _call(self, function: Node, start: int) -> Node:
        self.expect("(")
        arguments: list[Node] = []
        names: list[str] = []
        while not self.take_sign(")"):
            if arguments:
                self.expect(",")
            if self._is_named():
                names.append(self.name_until(":"))
                self.expect(":")
            arguments.append(self.expression_or_comparison())
        if names and (len(names) != len(arguments) or len(set(names)) != len(names)):
            raise self.unexpected("names for all arguments / 每个参数的名称")
        return tree.Call(
            place=self.place(start), function=function, arguments=tuple(arguments), names=tuple(names)
        )

    def _is_named(self) -> bool:
        ahead = 0
        while self.peek(ahead).kind in {"word", "number"} or self.peek(ahead).text in {
            "-",
            "+",
            "*",
            "/",
            ".",
            "'",
        }:
            ahead += 1
        return ahead > 0 and self.peek(ahead).text == ":"
