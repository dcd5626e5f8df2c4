"""Logistic regression by Newton's method with a little ridge, enough for a scorecard and for a calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from tradecredit.analytics.learning.samples import Flags, Floats

_STEPS: Final = 50
_ENOUGH: Final = 1e-10
_STEEPEST: Final = 35.0


def fit(values: Floats, is_bad: Flags, *, ridge: float = 1.0) -> Floats:
    """Return intercept and coefficients of ln(odds of bad); ``ridge`` pulls the coefficients towards 0."""
    table = np.column_stack([np.ones(len(values)), values])
    penalty = np.full(table.shape[1], ridge)
    penalty[0] = 0.0
    found = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chance = of_odds(table @ found)
        weight = np.maximum(chance * (1 - chance), 1e-12)
        slope = table.T @ (is_bad - chance) - penalty * found
        bend = (table * weight[:, None]).T @ table + np.diag(penalty + 1e-9)
        step = np.linalg.solve(bend, slope)
        found = found + step
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return found


def of_odds(logarithm: Floats) -> Floats:
    """Return the chance that the logarithm of odds stands for."""
    found: Floats = 1 / (1 + np.exp(-np.clip(logarithm, -_STEEPEST, _STEEPEST)))
    return found
