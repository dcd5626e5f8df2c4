"""What a letter says otherwise than before: the lines that differ, word by word (Chinese: sign by sign)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

How = Literal["same", "taken", "added"]
_WORDS: Final = re.compile(r"\{\{[^{}]*\}\}|[A-Za-z0-9]+|\s+|.")
# Of ten words of two lines that are one line changed, at least three stand in both.
_ALIKE_OF_TEN: Final = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, were taken out, or came in."""

    how: How
    text: str


def lines(before: str, after: str) -> tuple[tuple[Piece, ...], ...]:
    """Return the lines that differ, each as its pieces; nothing where only empty lines do.

    ``请付款`` and ``请尽快付款`` is one line: 请, added 尽快, 付款.
    """
    left, right = _told(before), _told(after)
    found: list[tuple[Piece, ...]] = []
    for how, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if how != "equal":
            found += _between(left[i:j], right[k:m])
    return tuple(found)


def _told(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _between(taken: Sequence[str], added: Sequence[str]) -> list[tuple[Piece, ...]]:
    """Pair the lines in their order where they are alike; what has no like is taken out or added whole."""
    found: list[tuple[Piece, ...]] = []
    rest = list(taken)
    for line in added:
        place = next((n for n, one in enumerate(rest) if _is_alike(one, line)), None)
        if place is None:
            found.append((Piece("added", line),))
            continue
        found += [(Piece("taken", one),) for one in rest[:place]]
        found.append(_pieces(rest[place], line))
        rest = rest[place + 1 :]
    return found + [(Piece("taken", one),) for one in rest]


def _is_alike(before: str, after: str) -> bool:
    left, right = _WORDS.findall(before), _WORDS.findall(after)
    shared = sum(
        block.size for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    )
    return 2 * shared * 10 >= _ALIKE_OF_TEN * (len(left) + len(right))


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    left, right = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for how, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Piece("same", "".join(left[i:j])))
            continue
        found += [Piece("taken", "".join(left[i:j]))] if j > i else []
        found += [Piece("added", "".join(right[k:m]))] if m > k else []
    return tuple(found)
