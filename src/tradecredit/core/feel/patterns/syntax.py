"""The grammar of patterns: XPath's, which is XML Schema's with anchors, groups, references and reluctance."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tradecredit.core.feel.patterns import characters
from tradecredit.core.feel.patterns.characters import Characters

LONGEST = 2_000
_DEEPEST = 40
_MOST_REPEATS = 1_000
_QUANTITY = re.compile(r"\{([0-9]{1,6})(?:(,)([0-9]{1,6})?)?\}")
_SPACES = "\t\n\r "
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPABLE = "\\|.?*+(){}-[]^$"


class PatternError(ValueError):
    """The pattern is wrong; the message says why."""


@dataclass(frozen=True, slots=True)
class Any:
    """One character of a set."""

    of: Characters


@dataclass(frozen=True, slots=True)
class Anchor:
    """``^`` or ``$``."""

    sign: str


@dataclass(frozen=True, slots=True)
class Group:
    """Parentheses; ``number`` is 0 when nothing is captured."""

    inner: Piece
    number: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What an earlier group captured."""

    number: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A piece some number of times; ``most`` is None for without end."""

    inner: Piece
    least: int
    most: int | None
    is_reluctant: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """Pieces one after the other."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first branch that leads to a match."""

    branches: tuple[Piece, ...]


Piece = Any | Anchor | Group | Reference | Repeat | Sequence | Choice


def without_spaces(pattern: str) -> str:
    """Remove white space outside of brackets, for the flag x."""
    kept, depth, is_escaped = [], 0, False
    for character in pattern:
        if not is_escaped and character in "[]":
            depth = max(0, depth + (1 if character == "[" else -1))
        if depth or character not in _SPACES:
            kept.append(character)
            is_escaped = character == "\\" and not is_escaped
    return "".join(kept)


class PatternParser:
    """Reads one pattern."""

    def __init__(self, pattern: str, *, dot: Characters) -> None:
        if len(pattern) > LONGEST:
            raise PatternError(f"longer than {LONGEST} characters")
        self.pattern, self.at, self.dot = pattern, 0, dot
        self.opened = 0
        self.closed: set[int] = set()
        self.depth = 0

    def read(self) -> Piece:
        """Read the whole pattern; raises PatternError."""
        found = self._choice()
        if self.at < len(self.pattern):
            raise PatternError(f"“{self.pattern[self.at]}” at {self.at + 1}")
        return found

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        if self.at >= len(self.pattern):
            raise PatternError("it stops too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def _choice(self) -> Piece:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError(f"more than {_DEEPEST} levels deep")
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        self.depth -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Piece:
        pieces: list[Piece] = []
        while self._peek() not in {"", "|", ")"}:
            pieces.append(self._repeated(self._atom()))
        return Sequence(tuple(pieces))

    def _repeated(self, piece: Piece) -> Piece:
        least, most = 1, 1
        quantity = _QUANTITY.match(self.pattern, self.at)
        sign = self._peek()
        if sign and sign in "?*+":
            self._take()
            least, unbounded = (1 if sign == "+" else 0), sign != "?"
            return Repeat(piece, least, None if unbounded else 1, is_reluctant=self._reluctant())
        if quantity is None:
            return piece
        self.at = quantity.end()
        least = int(quantity[1])
        most_or_none = int(quantity[3]) if quantity[3] else None if quantity[2] else least
        most = most_or_none if most_or_none is not None else least
        if most < least or most > _MOST_REPEATS:
            raise PatternError(f"the quantity {quantity[0]}")
        return Repeat(piece, least, most_or_none, is_reluctant=self._reluctant())

    def _reluctant(self) -> bool:
        if self._peek() != "?":
            return False
        self._take()
        return True

    def _atom(self) -> Piece:
        character = self._take()
        match character:
            case "(":
                return self._group()
            case "[":
                return Any(self._bracketed())
            case "^" | "$":
                return Anchor(character)
            case ".":
                return Any(self.dot)
            case "\\":
                return self._escaped()
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise PatternError(f"“{character}” at {self.at}")
            case _:
                return Any(characters.one(character))

    def _group(self) -> Piece:
        number = 0
        if self._peek() == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                raise PatternError("“(?” that is not “(?:”")
            self.at += 2
        else:
            self.opened += 1
            number = self.opened
        inner = self._choice()
        if self._take() != ")":
            raise PatternError("a parenthesis that is not closed")
        self.closed.add(number)
        return Group(inner, number)

    def _escaped(self) -> Piece:
        if self._peek() in set("123456789"):
            return self._reference()
        return Any(self._escape())

    def _reference(self) -> Piece:
        number = int(self._take())
        while (
            self._peek() and self._peek() in "0123456789" and number * 10 + int(self._peek()) <= self.opened
        ):
            number = number * 10 + int(self._take())
        if number not in self.closed:
            raise PatternError(f"a reference to group {number}, which there is not")
        return Reference(number)

    def _escape(self) -> Characters:
        letter = self._take()
        if letter in _CONTROL:
            return characters.one(_CONTROL[letter])
        if letter in _ESCAPABLE:
            return characters.one(letter)
        if letter in "pP":
            return self._named(is_opposite=letter == "P")
        found = characters.shorthand(letter)
        if found is None:
            raise PatternError(f"“\\{letter}”")
        return found

    def _named(self, *, is_opposite: bool) -> Characters:
        end = self.pattern.find("}", self.at)
        if self._peek() != "{" or end < 0:
            raise PatternError("a category without its braces")
        name = self.pattern[self.at + 1 : end]
        found = characters.named(name)
        if found is None:
            raise PatternError(f"the unknown category {name[:40]}")
        self.at = end + 1
        return characters.opposite(found) if is_opposite else found

    def _bracketed(self) -> Characters:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError(f"more than {_DEEPEST} levels deep")
        is_negated = self._peek() == "^"
        if is_negated:
            self._take()
        ranges: list[tuple[int, int]] = []
        others: list[Characters] = []
        less: Characters | None = None
        while self._peek() != "]" or not (ranges or others):
            if self.pattern.startswith("-[", self.at) and (ranges or others):
                self.at += 2
                less = self._bracketed()
                if self._peek() != "]":
                    raise PatternError("a difference that does not end the brackets")
                break
            self._member(ranges, others)
        self._take()
        self.depth -= 1
        return Characters(ranges=tuple(ranges), others=tuple(others), is_negated=is_negated, less=less)

    def _member(self, ranges: list[tuple[int, int]], others: list[Characters]) -> None:
        low = self._member_character()
        if isinstance(low, Characters):
            others.append(low)
            return
        following = self.pattern[self.at + 1 : self.at + 2]
        if self._peek() != "-" or following in {"", "]", "["}:
            ranges.append((ord(low), ord(low)))
            return
        self._take()
        high = self._member_character()
        if isinstance(high, Characters):
            ranges += [(ord(low), ord(low)), (ord("-"), ord("-"))]
            others.append(high)
            return
        if high < low:
            raise PatternError(f"the range {low}-{high}")
        ranges.append((ord(low), ord(high)))

    def _member_character(self) -> str | Characters:
        character = self._take()
        if character in "[]":
            raise PatternError(f"“{character}” inside brackets")
        if character != "\\":
            return character
        found = self._escape()
        is_single = (
            len(found.ranges) == 1 and found.ranges[0][0] == found.ranges[0][1] and not found.categories
        )
        return chr(found.ranges[0][0]) if is_single and not found.is_negated else found
