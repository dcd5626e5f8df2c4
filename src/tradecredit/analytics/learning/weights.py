"""Suggest weights for an expert's scorecard from what became of customers; a person decides.

An indicator's say is how much its points, over their usual spread, lower the logarithm of the odds of bad (never less
than nothing). The suggestion stands half-way between the expert's weights and those: history is short and the expert not
blind.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from tradecredit.analytics.learning import logistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TENTH: Final = Decimal("0.1")
_WHOLE: Final = Decimal(100)


def suggest(
    rows: Sequence[Mapping[str, Decimal | None]], *, is_bad: Sequence[bool], given: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """Return a weight in percent of the whole for each indicator, together 100.

    ``rows`` are the points of each customer by indicator (None: not known, taken as the usual), ``given`` the weights now.
    """
    names = list(given)
    table = np.array([[_number(row.get(name)) for name in names] for row in rows], dtype=np.float64)
    usual = np.array([np.nan if np.isnan(column).all() else np.nanmean(column) for column in table.T])
    table = np.where(np.isnan(table), np.nan_to_num(usual), table)
    spread = table.std(axis=0)
    scaled = (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    say = np.maximum(-logistic.fit(scaled, np.array(is_bad, dtype=np.bool_))[1:], 0.0) * (spread > 0)
    shares = say / say.sum() if say.sum() > 0 else np.zeros(len(names))
    learned = {name: Decimal(repr(float(share))) * 100 for name, share in zip(names, shares, strict=True)}
    if not say.sum():
        return dict(given)
    found = {
        name: ((given[name] + learned[name]) / 2).quantize(_TENTH, rounding=ROUND_HALF_UP) for name in names
    }
    largest = max(names, key=lambda name: found[name])
    found[largest] += _WHOLE - sum(found.values(), Decimal(0))
    return found


def _number(points: Decimal | None) -> float:
    return np.nan if points is None else float(points)
