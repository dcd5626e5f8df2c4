"""The names that an expression may use, so that names with spaces are recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
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
    """A set of names inside outer ones."""

    index: _Index
    outers: tuple[Names, ...] = ()
    spellings: dict[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str], *, outer: Names | None = None) -> Names:
        """Make a set of names."""
        listed = tuple(names)
        outers = (outer,) if outer is not None else ()
        return cls(_index(listed), outers, {lexer.words_of(name): name for name in listed})

    def extended(self, *others: Names) -> Names:
        """Return an empty set inside this one and others, to which names may be added without changing these."""
        return Names({}, (self, *others))

    def add(self, name: str) -> None:
        """Add a name to this set."""
        words = lexer.words_of(name)
        if words and words not in self.spellings:
            self.index.setdefault(words[0], []).append(words)
            self.spellings[words] = name

    def candidates(self, first_word: str) -> list[tuple[tuple[str, ...], str]]:
        """Return every known name that begins with a word, as its words and its spelling."""
        found = [(words, self.spellings[words]) for words in self.index.get(first_word, ())]
        for outer in self.outers:
            found += outer.candidates(first_word)
        return found


@lru_cache(maxsize=512)
def shared(names: frozenset[str]) -> Names:
    """Return a set of names that is made once for all texts that share it; nobody may add to it."""
    return Names.of(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a text may refer to: values in scope, entries of contexts (after a dot, in a filter), and types."""

    names: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    types: Mapping[str, Type] = field(default_factory=dict)
