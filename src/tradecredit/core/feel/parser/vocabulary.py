"""The names that an expression may use, so that names with spaces are recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradecredit.core.feel import lexer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.feel.values.kinds import Type

_Index = dict[str, list[tuple[str, ...]]]


def _index(names: Iterable[str]) -> _Index:
    found: _Index = {}
    for name in names:
        words = lexer.words_of(name)
        if words:
            found.setdefault(words[0], []).append(words)
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """A set of names inside an outer one."""

    index: _Index
    outer: Names | None = None
    spellings: dict[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str], *, outer: Names | None = None) -> Names:
        """Make a set of names."""
        listed = tuple(names)
        return cls(_index(listed), outer, {lexer.words_of(name): name for name in listed})

    def candidates(self, first_word: str) -> list[tuple[tuple[str, ...], str]]:
        """Return every known name that begins with a word, as its words and its spelling."""
        found = [(words, self.spellings[words]) for words in self.index.get(first_word, ())]
        return found + self.outer.candidates(first_word) if self.outer is not None else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a text may refer to: values in scope, entries of contexts (after a dot, in a filter), and types."""

    names: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    types: Mapping[str, Type] = field(default_factory=dict)
