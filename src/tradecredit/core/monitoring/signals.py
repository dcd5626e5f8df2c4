"""Signals: what is known about a customer on a day, as typed values, and what was known before."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = Decimal | bool | str

_YES = frozenset({"true", "yes", "y", "是", "有"})
_NO = frozenset({"false", "no", "n", "否", "无"})
_PER_CENT = ("%", "%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One fact or ledger figure now, and its value before the latest change (None: never known)."""

    value: Value
    previous: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Everything known about one customer; a name that is absent is not known, which is no clean bill."""

    customer_id: str
    known: Mapping[str, Signal] = field(default_factory=dict)

    def get(self, name: str) -> Signal | None:
        """Return the signal, or None when nothing is known."""
        return self.known.get(name)


def typed(text: str) -> Value:
    """Read a recorded value: ``"是"`` is true, ``"55%"`` is 0.55, ``"0.55"`` a number, the rest stays text."""
    plain = text.strip()
    lowered = plain.lower()
    if lowered in _YES:
        return True
    if lowered in _NO:
        return False
    try:
        if plain.endswith(_PER_CENT):
            return Decimal(plain[:-1].strip().replace(",", "")) / 100
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return plain
    return number if number.is_finite() else plain
