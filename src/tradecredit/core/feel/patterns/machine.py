"""The machine that matches: it remembers where it has been, so its time grows with pattern × text and no faster.

Note [Bounded matching]: a backtracking matcher is exponential because it comes to the same instruction at the same
place again and again. This one keeps a set of the pairs it has failed at; without references to groups a second
visit cannot end differently. With references the captures belong to the pair, and the run's steps are the bound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.core.feel.patterns import characters, syntax
from tradecredit.core.feel.patterns.syntax import PatternError, Piece

if TYPE_CHECKING:
    from tradecredit.core.feel.patterns.characters import Characters
    from tradecredit.core.feel.run import Run

_LARGEST_PROGRAM = 5_000
_FLAGS = frozenset("smixq")

Captures = tuple[int, ...]


@dataclass(slots=True)
class _Instruction:
    kind: str
    first: int = 0
    second: int = 0
    of: Characters | None = None


@dataclass(slots=True)
class Program:
    """A compiled pattern."""

    code: list[_Instruction] = field(default_factory=list)
    groups: int = 0
    has_references: bool = False
    ignores_case: bool = False
    is_multiline: bool = False
    pieces: int = 0

    def count_piece(self) -> None:
        """Count a piece put out, as repeats of nothing add no instruction; raises PatternError beyond the limit."""
        self.pieces += 1
        if self.pieces > 5 * _LARGEST_PROGRAM:
            raise PatternError("it repeats too much")

    def add(self, kind: str, first: int = 0, second: int = 0, of: Characters | None = None) -> int:
        """Append an instruction and return where it is; raises PatternError when there are too many."""
        if len(self.code) >= _LARGEST_PROGRAM:
            raise PatternError("it repeats too much")
        self.code.append(_Instruction(kind, first, second, of))
        return len(self.code) - 1


def compiled(pattern: str, flags: str) -> Program:
    """Compile a pattern with its flags; raises PatternError."""
    if not _FLAGS.issuperset(flags):
        raise PatternError(f"the flags {flags[:20]}")
    program = Program(ignores_case="i" in flags, is_multiline="m" in flags)
    if "q" in flags:
        if len(pattern) > syntax.LONGEST:
            raise PatternError(f"longer than {syntax.LONGEST} characters")
        piece: Piece = syntax.Sequence(tuple(syntax.Any(characters.one(one)) for one in pattern))
    else:
        text = syntax.without_spaces(pattern) if "x" in flags else pattern
        parser = syntax.PatternParser(text, dot=characters.ANYTHING if "s" in flags else characters.DOT)
        piece = parser.read()
        program.groups = parser.opened
    _emit(piece, program)
    program.add("match")
    return program


def _emit(piece: Piece, program: Program) -> None:
    program.count_piece()
    match piece:
        case syntax.Any() | syntax.Anchor() | syntax.Reference():
            _emit_single(piece, program)
        case syntax.Sequence(pieces):
            for one in pieces:
                _emit(one, program)
        case syntax.Group(inner, number):
            _emit_group(inner, number, program)
        case syntax.Choice(branches):
            _emit_choice(branches, program)
        case syntax.Repeat():
            _emit_repeat(piece, program)


def _emit_single(piece: syntax.Any | syntax.Anchor | syntax.Reference, program: Program) -> None:
    match piece:
        case syntax.Any(of):
            program.add("any", of=of)
        case syntax.Anchor(sign):
            program.add(sign)
        case syntax.Reference(number):
            program.has_references = True
            program.add("reference", number)


def _emit_group(inner: Piece, number: int, program: Program) -> None:
    if number:
        program.add("save", 2 * number)
    _emit(inner, program)
    if number:
        program.add("save", 2 * number + 1)


def _emit_choice(branches: tuple[Piece, ...], program: Program) -> None:
    jumps = []
    for branch in branches[:-1]:
        split = program.add("split")
        program.code[split].first = len(program.code)
        _emit(branch, program)
        jumps.append(program.add("jump"))
        program.code[split].second = len(program.code)
    _emit(branches[-1], program)
    for jump in jumps:
        program.code[jump].first = len(program.code)


def _emit_repeat(piece: syntax.Repeat, program: Program) -> None:
    for _ in range(piece.least):
        _emit(piece.inner, program)
    if piece.most is None:
        split = program.add("split")
        _emit(piece.inner, program)
        program.add("jump", split)
        _aim(split, program, is_reluctant=piece.is_reluctant)
        return
    splits = []
    for _ in range(piece.most - piece.least):
        splits.append(program.add("split"))
        _emit(piece.inner, program)
    for split in splits:
        _aim(split, program, is_reluctant=piece.is_reluctant)


def _aim(split: int, program: Program, *, is_reluctant: bool) -> None:
    inside, after = split + 1, len(program.code)
    instruction = program.code[split]
    instruction.first, instruction.second = (after, inside) if is_reluctant else (inside, after)


class Matcher:
    """One text being searched with one program, within the steps of one run."""

    def __init__(self, program: Program, text: str, run: Run) -> None:
        self.program, self.text, self.run = program, text, run
        self.seen: set[tuple[int, int, Captures]] = set()

    def search(self, start: int) -> Captures | None:
        """Return the captures of the first match from a place on (start and end of the whole first), or None."""
        for place in range(start, len(self.text) + 1):
            found = self._match_at(place)
            if found is not None:
                return found
        return None

    def _match_at(self, place: int) -> Captures | None:
        empty = (place, -1) + (-1, -1) * self.program.groups
        pending: list[tuple[int, int, Captures]] = [(0, place, empty)]
        while pending:
            at, position, captures = pending.pop()
            found = self._follow(at, position, captures, pending)
            if found is not None:
                return found
        return None

    def _follow(
        self, at: int, position: int, captures: Captures, pending: list[tuple[int, int, Captures]]
    ) -> Captures | None:
        code, keeps_captures = self.program.code, self.program.has_references
        while True:
            key = (at, position, captures if keeps_captures else ())
            if key in self.seen:
                return None
            self.seen.add(key)
            self.run.spend(2)
            one = code[at]
            if one.kind == "match":
                return (captures[0], position, *captures[2:])
            if one.kind == "split":
                pending.append((one.second, position, captures))
                at = one.first
            elif one.kind == "jump":
                at = one.first
            elif one.kind == "save":
                captures = (*captures[: one.first], position, *captures[one.first + 1 :])
                at += 1
            else:
                length = self._length(one, position, captures)
                if length is None:
                    return None
                at, position = at + 1, position + length

    def _length(self, one: _Instruction, position: int, captures: Captures) -> int | None:
        """Return how many characters an instruction takes here; None when it does not match."""
        match one.kind:
            case "any":
                is_in = (
                    position < len(self.text)
                    and one.of is not None
                    and one.of.has(self.text[position], ignores_case=self.program.ignores_case)
                )
                return 1 if is_in else None
            case "^":
                at_line = self.program.is_multiline and self.text[position - 1 : position] == "\n"
                return 0 if position == 0 or at_line else None
            case "$":
                at_line = self.program.is_multiline and self.text[position : position + 1] == "\n"
                return 0 if position == len(self.text) or at_line else None
            case _:
                return self._reference_length(one.first, position, captures)

    def _reference_length(self, number: int, position: int, captures: Captures) -> int | None:
        start, end = captures[2 * number], captures[2 * number + 1]
        if start < 0 or end < 0:
            return 0
        wanted, found = self.text[start:end], self.text[position : position + end - start]
        same = wanted.casefold() == found.casefold() if self.program.ignores_case else wanted == found
        return end - start if same else None
