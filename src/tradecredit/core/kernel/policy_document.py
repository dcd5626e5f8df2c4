"""Reading of policy documents: every value is taken together with its path, so that a mistake is named by its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a policy document; every reader raises PolicyError with the path of the bad value."""

    value: Any
    path: str

    def error(self, message: str) -> PolicyError:
        """Return the error to raise about this place."""
        return PolicyError(self.path, message)

    def has(self, key: str) -> bool:
        """Tell whether the mapping here has the key."""
        return key in self.mapping()

    def mapping(self) -> Mapping[str, Any]:
        """Return the mapping that stands here."""
        if not isinstance(self.value, Mapping):
            raise self.error("expected names with values here")
        return self.value

    def child(self, key: str) -> Node:
        """Return the value of a required key."""
        if key not in self.mapping():
            raise self.error(f"{key!r} is missing")
        return Node(self.mapping()[key], f"{self.path}.{key}")

    def optional(self, key: str) -> Node | None:
        """Return the value of a key that may be absent."""
        return self.child(key) if self.has(key) else None

    def entries(self) -> tuple[tuple[str, Node], ...]:
        """Return the names of the mapping with their values, in the order of the file."""
        return tuple((str(key), Node(item, f"{self.path}.{key}")) for key, item in self.mapping().items())

    def items(self) -> tuple[Node, ...]:
        """Return the items of the list that stands here."""
        if isinstance(self.value, str) or not isinstance(self.value, Sequence):
            raise self.error("expected a list here")
        return tuple(Node(item, f"{self.path}[{index}]") for index, item in enumerate(self.value))

    def only(self, *keys: str) -> Node:
        """Refuse keys that nobody reads: a misspelt key must not be silently without effect."""
        unknown = sorted(str(key) for key in self.mapping() if key not in keys)
        if unknown:
            raise self.error(f"unknown {', '.join(unknown)}; known are {', '.join(sorted(keys))}")
        return self

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("expected a text here")
        return self.value

    def one_of(self, *allowed: str) -> str:
        """Return a text that is one of the allowed words."""
        if self.value not in allowed:
            raise self.error(f"{self.value!r} is not one of {', '.join(allowed)}")
        return str(self.value)

    def flag(self) -> bool:
        """Return a yes or no."""
        match self.value:
            case True | "yes":
                return True
            case False | "no":
                return False
            case _:
                raise self.error('expected "yes" or "no" here')

    def number(self, *, least: str | None = None, most: str | None = None) -> Decimal:
        """Return an exact number, written as quoted text (or a whole number), inside the bounds given."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | Decimal):
            raise self.error('expected a number in quotes, such as "0.95"')
        try:
            number = Decimal(self.value)
        except InvalidOperation:
            raise self.error(f"{self.value!r} is not a number") from None
        if not number.is_finite():
            raise self.error(f"{self.value!r} is not a finite number")
        if least is not None and number < Decimal(least):
            raise self.error(f"{number} is less than {least}")
        if most is not None and number > Decimal(most):
            raise self.error(f"{number} is more than {most}")
        return number

    def count(self, *, least: int = 0) -> int:
        """Return a whole number that is at least ``least``."""
        number = self.number(least=str(least))
        if number != number.to_integral_value():
            raise self.error(f"{number} is not a whole number")
        return int(number)

    def day(self) -> date:
        """Return a day, written as 2026-01-31."""
        if isinstance(self.value, date):
            return self.value
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.error(f"{self.value!r} is not a day such as 2026-01-31") from None

    def words(self) -> Words:
        """Return a sentence in both languages: ``{zh: …, en: …}``."""
        self.only("zh", "en")
        return Words(zh=self.child("zh").text(), en=self.child("en").text())
