"""How often matches with the same evidence were right: counted, never guessed; rare kinds lean on commoner ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# So many cases of the broader kind stand behind every kind of evidence.
_LEAN: Final = 5
_FLOOR: Final = Decimal("0.0001")
_HALF: Final = Decimal("0.5")
_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of so many matches shown with this evidence, so many were right."""

    shown: int
    right: int


class Odds:
    """Probabilities from tallies by signature (``payer/reference/fit/rivals``).

    p = (right + 5 x p of the broader kind) / (shown + 5); the broader kinds leave out the payer, then the reference,
    then all. 400 of 400 right under a broader kind of 0.99 is (400 + 4.95) / 405 = 0.9998.
    """

    def __init__(self, *, prior: Mapping[str, Tally], own: Mapping[str, Tally], prior_weight: int) -> None:
        self._tallies: dict[str, tuple[Decimal, Decimal]] = {}
        for signature in {*prior, *own}:
            shipped = _at_most(prior.get(signature), prior_weight)
            counted = own.get(signature) or Tally(shown=0, right=0)
            tally = (shipped[0] + counted.shown, shipped[1] + counted.right)
            for kind in _kinds(signature):
                before = self._tallies.get(kind, (Decimal(0), Decimal(0)))
                self._tallies[kind] = (before[0] + tally[0], before[1] + tally[1])
        self._own = own
        self._known: dict[str, Decimal] = {}

    def of(self, signature: str) -> Decimal:
        """Return the probability that a match with this evidence is right, to four places, rounded down."""
        found = self._known.get(signature)
        if found is None:
            chance = _HALF
            for kind in reversed(_kinds(signature)):
                shown, right = self._tallies.get(kind, (Decimal(0), Decimal(0)))
                chance = (right + _LEAN * chance) / (shown + _LEAN)
            found = max(chance.quantize(_PLACES, rounding=ROUND_DOWN), _FLOOR)
            self._known[signature] = found
        return found

    def cases(self, signature: str) -> tuple[int, int]:
        """Return how many own cases of this evidence there were and how many of them were right."""
        tally = self._own.get(signature)
        return (tally.shown, tally.right) if tally else (0, 0)


def _at_most(tally: Tally | None, weight: int) -> tuple[Decimal, Decimal]:
    if tally is None or tally.shown == 0:
        return Decimal(0), Decimal(0)
    shown = min(tally.shown, weight)
    return Decimal(shown), Decimal(tally.right) * shown / tally.shown


def _kinds(signature: str) -> tuple[str, ...]:
    payer, reference, fit, rivals = signature.split("/")
    return (
        f"{payer}/{reference}/{fit}/{rivals}",
        f"*/{reference}/{fit}/{rivals}",
        f"*/*/{fit}/{rivals}",
        "*/*/*/*",
    )
