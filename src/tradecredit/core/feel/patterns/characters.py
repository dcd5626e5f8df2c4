"""Sets of characters: ranges, categories of Unicode, named blocks, differences."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tradecredit.core.feel.patterns.blocks import BLOCKS


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters in some ranges or categories (or not in them), less those of another set."""

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[str, ...] = ()
    others: tuple[Characters, ...] = ()
    is_negated: bool = False
    less: Characters | None = None

    def has(self, character: str, *, ignores_case: bool) -> bool:
        """Return whether a character is in the set, in any of its cases when they do not matter."""
        forms = _forms(character) if ignores_case else (character,)
        return self._has(forms, ignores_case=ignores_case)

    def _has(self, forms: tuple[str, ...], *, ignores_case: bool) -> bool:
        is_listed = any(self._lists(form) for form in forms) or any(
            other.has(forms[0], ignores_case=ignores_case) for other in self.others
        )
        if is_listed == self.is_negated:
            return False
        return self.less is None or not self.less.has(forms[0], ignores_case=ignores_case)

    def _lists(self, character: str) -> bool:
        code = ord(character)
        if any(low <= code <= high for low, high in self.ranges):
            return True
        category = unicodedata.category(character) if self.categories else ""
        return any(category.startswith(wanted) for wanted in self.categories)


def _forms(character: str) -> tuple[str, ...]:
    forms = {character.lower(), character.upper(), character.casefold()}
    return (character, *(form for form in forms if len(form) == 1 and form != character))


_NAME_START = Characters(ranges=((0x3A, 0x3A), (0x5F, 0x5F)), categories=("Ll", "Lu", "Lo", "Lt", "Nl"))
_DIGIT = Characters(categories=("Nd",))
_SPACE = Characters(ranges=((0x20, 0x20), (0x9, 0xA), (0xD, 0xD)))
_WORD = Characters(categories=("P", "Z", "C"), is_negated=True)
_NAME = Characters(
    ranges=((0x2D, 0x2E), (0x3A, 0x3A), (0x5F, 0x5F), (0xB7, 0xB7)), categories=("L", "Nd", "Nl", "M", "Lm")
)
_SHORTHANDS = {"d": _DIGIT, "s": _SPACE, "w": _WORD, "i": _NAME_START, "c": _NAME}

DOT = Characters(ranges=((0xA, 0xA), (0xD, 0xD)), is_negated=True)
ANYTHING = Characters(is_negated=True)

_CATEGORIES = frozenset(
    (
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    )
)


def one(character: str) -> Characters:
    """Return the set of one character."""
    return Characters(ranges=((ord(character), ord(character)),))


def opposite(of: Characters) -> Characters:
    """Return the set of all other characters."""
    return Characters(others=(of,), is_negated=True)


def shorthand(letter: str) -> Characters | None:
    r"""Return what ``\d`` or ``\D`` stands for, None for a letter that stands for nothing."""
    found = _SHORTHANDS.get(letter.lower())
    if found is None:
        return None
    return found if letter.islower() else opposite(found)


def named(name: str) -> Characters | None:
    r"""Return what ``\p{name}`` stands for: a category or an ``Is`` block; None when there is none."""
    if name in _CATEGORIES:
        return Characters(categories=(name,))
    block = BLOCKS.get(name.removeprefix("Is").lower()) if name.startswith("Is") else None
    return Characters(ranges=(block,)) if block is not None else None
