"""What the language does with patterns: does it match, replace, split."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tradecredit.core.feel.patterns import machine
from tradecredit.core.feel.patterns.machine import Captures, Matcher, Program
from tradecredit.core.feel.patterns.syntax import PatternError

if TYPE_CHECKING:
    from tradecredit.core.feel.run import Run

_REPLACEMENT = re.compile(r"\\(.)|\$([0-9]+)|([\\$])", re.DOTALL)


_COST_OF_A_WRONG_PATTERN = 5_000


@lru_cache(maxsize=64)
def _compiled(pattern: str, flags: str) -> Program:
    return machine.compiled(pattern, flags)


def _program(pattern: str, flags: str, run: Run) -> Program:
    try:
        found = _compiled(pattern, flags)
    except PatternError:
        run.spend(_COST_OF_A_WRONG_PATTERN)  # it may have been long work to find that out
        raise
    run.spend(len(found.code))
    return found


def matches(text: str, pattern: str, flags: str, run: Run) -> bool:
    """Return whether the pattern is somewhere in the text; raises PatternError."""
    return Matcher(_program(pattern, flags, run), text, run).search(0) is not None


def _all(program: Program, text: str, run: Run) -> list[Captures]:
    if Matcher(program, "", run).search(0) is not None:
        raise PatternError("it matches a text of no length")
    found, start = [], 0
    while start <= len(text):
        captures = Matcher(program, text, run).search(start)
        if captures is None:
            break
        found.append(captures)
        start = max(captures[1], start + 1)
    return found


def replace(text: str, pattern: str, replacement: str, flags: str, run: Run) -> str:
    """Replace every match; ``$1`` is the first group, ``$0`` the whole. Raises PatternError."""
    program = _program(pattern, flags, run)
    pieces, at = [], 0
    for captures in _all(program, text, run):
        pieces.append(text[at : captures[0]])
        pieces.append(replacement if "q" in flags else _filled(replacement, text, captures))
        at = captures[1]
        run.check_size(sum(map(len, pieces[-2:])))
        run.spend(1 + len(pieces[-1]) // 16)
    found = "".join([*pieces, text[at:]])
    run.check_size(len(found))
    return found


def _filled(replacement: str, text: str, captures: Captures) -> str:
    groups = len(captures) // 2 - 1

    def fill(found: re.Match[str]) -> str:
        if found[1] is not None and found[1] in "\\$":
            return str(found[1])
        if found[2] is None:
            raise PatternError(f"“{found[0]}” in the replacement")
        digits = found[2]
        length = len(digits)
        while length > 1 and int(digits[:length]) > groups:
            length -= 1
        number = int(digits[:length])
        captured = "" if number > groups else text[captures[2 * number] : captures[2 * number + 1]]
        return captured + digits[length:]

    return _REPLACEMENT.sub(fill, replacement)


def split(text: str, pattern: str, run: Run) -> tuple[str, ...]:
    """Cut the text at every match; raises PatternError."""
    pieces, at = [], 0
    for captures in _all(_program(pattern, "", run), text, run):
        pieces.append(text[at : captures[0]])
        at = captures[1]
    return (*pieces, text[at:])
