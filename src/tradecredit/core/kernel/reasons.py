"""Reasons: why a verdict is what it is, as a code with figures and as sentences in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages of the product."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the Chinese text for any ``zh`` language tag, otherwise the English one."""
        return self.zh if language.startswith("zh") else self.en

    def filled(self, **values: object) -> Words:
        """Fill ``{name}`` places in both texts."""
        return Words(zh=self.zh.format(**values), en=self.en.format(**values))

    def as_dict(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}`` for recording."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason with the figures that it speaks of (texts, never floats) and its sentence."""

    code: str
    words: Words
    facts: Mapping[str, str] = field(default_factory=dict)
