"""Types as they are written after ``instance of`` and in a function's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.feel.parser import vocabulary as vocabularies
from tradecredit.core.feel.parser.cursor import Cursor
from tradecredit.core.feel.parser.vocabulary import Names
from tradecredit.core.feel.run import UnableToParseError
from tradecredit.core.feel.values import kinds

if TYPE_CHECKING:
    from tradecredit.core.feel.values.kinds import Type

_STANDARD = Names.of(kinds.BY_NAME)


class TypeParser(Cursor):
    """Reads ``number``, ``list<date>``, ``context<a: number>``, ``function<number> -> string`` and the model's types."""

    def type(self) -> Type:
        """Read a type; raises UnableToParseError when there is none of that name."""
        with self.deeper():
            own = vocabularies.shared(frozenset(self.types))
            length, _ = self.longest_known(own)
            standard_length, name = self.longest_known(_STANDARD)
            if standard_length and standard_length >= length:
                for _ in range(standard_length):
                    self.next()
                return self._parametrised(name)
            return self._own(own)

    def _own(self, own: Names) -> Type:
        start = self.token
        name = self.name(own)
        while self.take_sign("."):
            name += "." + self.name(own)
        found = self.types.get(name)
        if found is None:
            raise UnableToParseError(
                "unknown_type", text=self.text, start=start.start, end=self.place(start.start).end, name=name
            )
        return found

    def _parametrised(self, name: str) -> Type:
        if not self.is_sign("<") or name not in {"list", "range", "context", "function"}:
            return kinds.BY_NAME[name]
        self.next()
        match name:
            case "list" | "range":
                item = self.type()
                self.expect(">")
                return kinds.ListOf(item) if name == "list" else kinds.RangeOf(item)
            case "context":
                return self._context_type()
            case _:
                return self._function_type()

    def _context_type(self) -> Type:
        fields: list[tuple[str, Type]] = []
        while not self.take_sign(">"):
            if fields:
                self.expect(",")
            name = self.name_until(":")
            self.expect(":")
            self.learn_member(name)
            fields.append((name, self.type()))
        return kinds.ContextOf(tuple(fields))

    def _function_type(self) -> Type:
        parameters: list[Type] = []
        while not self.take_sign(">"):
            if parameters:
                self.expect(",")
            parameters.append(self.type())
        self.expect("->")
        return kinds.FunctionOf(tuple(parameters), self.type())
