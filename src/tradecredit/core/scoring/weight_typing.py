"""Weights of single indicators in the whole, as the lines of a two-level model that a person would type."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.scoring.model_lines import ModelLines

_WHOLE: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")


def typed(lines: ModelLines, *, weights: Mapping[str, Decimal]) -> dict[str, str]:
    """Return the fields ``weight:<dimension>`` and ``weight:<dimension>:<indicator>`` that give the indicators these weights.

    Weights are shares of the whole; both levels sum to 100 to a tenth of a percent. A dimension without weight keeps
    its inner weights. Of 30, 10 and 60 with the first two in one dimension, that one gets 40, and they 75 and 25 in it.
    """
    sums = [
        sum((weights.get(one.name, Decimal(0)) for one in dimension.indicators), Decimal(0))
        for dimension in lines.dimensions
    ]
    found: dict[str, str] = {}
    for dimension, share, total in zip(lines.dimensions, shares(sums), sums, strict=True):
        found[f"weight:{dimension.name}"] = f"{share:f}"
        if total > 0:
            inner = shares([weights.get(one.name, Decimal(0)) for one in dimension.indicators])
            for one, part in zip(dimension.indicators, inner, strict=True):
                found[f"weight:{dimension.name}:{one.name}"] = f"{part:f}"
    return found


def shares(parts: Sequence[Decimal]) -> list[Decimal]:
    """Return each part in percent of their sum, to a tenth, summing to 100: what rounding leaves goes to the largest rests."""
    total = sum(parts, Decimal(0))
    if total <= 0:
        return [Decimal(0) for _ in parts]
    exact = [part * _WHOLE / total for part in parts]
    kept = [each.quantize(_TENTH, rounding=ROUND_FLOOR) for each in exact]
    left = int((_WHOLE - sum(kept, Decimal(0))) / _TENTH)
    by_rest = sorted(range(len(parts)), key=lambda place: kept[place] - exact[place])
    for place in by_rest[:left]:
        kept[place] += _TENTH
    return [each.normalize() if each else Decimal(0) for each in kept]
