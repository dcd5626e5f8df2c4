"""Drift: how far a population has moved between two days, by score (PSI) or by one indicator (CSI)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.scoring.ranges import Range

# An empty group would make the index endless: half a customer stands in.
_HALF: Final = Decimal("0.5")
Standing = Literal["stable", "check", "shifted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """From which index a drift is to be looked at, and from which it is one."""

    check: Decimal
    shifted: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """How far one indicator has moved."""

    name: str
    label: Words
    index: Decimal


def index(*, expected: Sequence[int], actual: Sequence[int]) -> Decimal | None:
    """Return Σ (actual share − expected share) × ln(actual share ÷ expected share); None where one side is nobody.

    70 and 30 against 50 and 50 is 0.169460. Groups that are empty on both sides count nothing.
    """
    before, after = sum(expected), sum(actual)
    if not before or not after:
        return None
    found = Decimal(0)
    for old, new in zip(expected, actual, strict=True):
        if old or new:
            old_share = (Decimal(old) or _HALF) / before
            new_share = (Decimal(new) or _HALF) / after
            found += (new_share - old_share) * (new_share / old_share).ln()
    return found


def counts_in(values: Sequence[Decimal | None], *, groups: Sequence[Range]) -> tuple[int, ...]:
    """Return how many values lie in each range, and last how many are not known."""
    found = [0] * (len(groups) + 1)
    for value in values:
        place = len(groups)
        if value is not None:
            place = next((at for at, group in enumerate(groups) if group.contains(value)), place)
        found[place] += 1
    return tuple(found)


def standing(found: Decimal, *, lines: Lines) -> Standing:
    """Return what the index means: under 0.1 stable, from 0.1 to be checked, above 0.25 shifted (by the usual lines)."""
    if found < lines.check:
        return "stable"
    return "check" if found <= lines.shifted else "shifted"
