"""Literals, names, conditions, loops and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.feel import lexer, tree
from tradecredit.core.feel.parser.collections import CollectionParser
from tradecredit.core.feel.run import UnableToParseError
from tradecredit.core.feel.values import decimals, reading

if TYPE_CHECKING:
    from tradecredit.core.feel.tree import Node
    from tradecredit.core.feel.values.kinds import Type


class PrimaryParser(CollectionParser):
    """Reads what an expression can begin with."""

    def primary(self) -> Node:
        """Read one; raises UnableToParseError when nothing can begin here."""
        match self.token.kind:
            case "number":
                return self._number()
            case "text":
                token = self.next()
                return tree.Literal(place=self.place(token.start), value=lexer.unquoted(token.text))
            case "word":
                return self._word()
            case "sign":
                return self._sign()
            case _:
                raise self.unexpected("an expression / 表达式")

    def _sign(self) -> Node:
        match self.token.text:
            case "(":
                return self.in_parentheses()
            case "[":
                return self.in_brackets()
            case "]":
                return self.in_reversed_bracket()
            case "{":
                return self.in_braces()
            case "@":
                return self._temporal()
            case _:
                raise self.unexpected("an expression / 表达式")

    def _number(self) -> Node:
        token = self.next()
        value = decimals.of(token.text)
        if value is None:
            raise UnableToParseError("number_out_of_range", text=self.text, start=token.start, end=token.end)
        return tree.Literal(place=self.place(token.start), value=value)

    def _temporal(self) -> Node:
        start = self.expect("@").start
        if self.token.kind != "text":
            raise self.unexpected('“"…"”')
        text = lexer.unquoted(self.next().text)
        value = reading.any_of(text)
        if value is None:
            raise UnableToParseError(
                "bad_literal", text=self.text, start=start, end=self.place(start).end, literal=text
            )
        return tree.Literal(place=self.place(start), value=value)

    def _word(self) -> Node:
        start = self.token.start
        length, _ = self.longest_known(self.names)
        if length <= 1:
            match self.token.text:
                case "true" | "false" | "null" as word:
                    self.next()
                    value = {"true": True, "false": False, "null": None}[word]
                    return tree.Literal(place=self.place(start), value=value)
                case "if":
                    return self._if()
                case "for":
                    return self._for()
                case "some" | "every":
                    return self._quantified()
                case "function" if self.peek(1).text == "(":
                    return self._function()
                case "and" | "or" | "in" | "between" | "then" | "else" | "return" | "satisfies":
                    raise self.unexpected("an expression / 表达式")
        name = self.name(self.names)
        return tree.Name(place=self.place(start), name=name)

    def _if(self) -> Node:
        start = self.expect("if").start
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        no = self.expression()
        return tree.If(place=self.place(start), condition=condition, yes=yes, no=no)

    def _iterations(self, names: set[str]) -> tuple[tree.Iteration, ...]:
        found: list[tree.Iteration] = []
        while not found or self.take_sign(","):
            start = self.token.start
            name = self.name_until("in")
            self.expect("in")
            with self.knowing(names):
                domain = self.expression()
                end = self.expression() if self.take_sign("..") else None
            names.add(name)
            found.append(tree.Iteration(place=self.place(start), name=name, domain=domain, end=end))
        return tuple(found)

    def _for(self) -> Node:
        start = self.expect("for").start
        names: set[str] = set()
        iterations = self._iterations(names)
        self.expect("return")
        with self.knowing({*names, "partial"}):
            body = self.expression()
        return tree.For(place=self.place(start), iterations=iterations, body=body)

    def _quantified(self) -> Node:
        word = self.next()
        names: set[str] = set()
        iterations = self._iterations(names)
        self.expect("satisfies")
        with self.knowing(names):
            body = self.expression()
        return tree.Quantified(
            place=self.place(word.start), is_every=word.text == "every", iterations=iterations, body=body
        )

    def _function(self) -> Node:
        start = self.expect("function").start
        self.expect("(")
        parameters: list[tuple[str, Type | None]] = []
        while not self.take_sign(")"):
            if parameters:
                self.expect(",")
            name_start = self.token
            name = self.name_until(":", ",", ")")
            if name in dict(parameters):
                raise UnableToParseError(
                    "duplicate_parameter",
                    text=self.text,
                    start=name_start.start,
                    end=name_start.end,
                    name=name,
                )
            parameters.append((name, self.type() if self.take_sign(":") else None))
        is_external = self.is_word("external")
        if is_external:
            self.next()
        with self.knowing(dict(parameters)):
            body = self.expression()
        return tree.FunctionDefinition(
            place=self.place(start), parameters=tuple(parameters), body=None if is_external else body
        )
