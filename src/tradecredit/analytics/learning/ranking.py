"""The AUC of large samples, fast; the reported one with its interval is ``core.scoring.separation``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tradecredit.analytics.learning.samples import Flags, Floats


def auc(risk: Floats, is_bad: Flags) -> float | None:
    """Return the chance that a bad one carries more risk than a good one, ties half; None without both."""
    bads = int(is_bad.sum())
    goods = len(is_bad) - bads
    if not goods or not bads:
        return None
    _, place, count = np.unique(risk, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    ranks = (ends - (count - 1) / 2)[place]
    return float((ranks[is_bad].sum() - bads * (bads + 1) / 2) / (goods * bads))
