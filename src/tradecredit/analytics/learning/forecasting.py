"""What a boosted model forecasts for customers, and why, in exact numbers for those who know no binary fractions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from tradecredit.analytics.learning import documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.scoring.values import Plain


def rates(
    document: Mapping[str, Any], rows: Sequence[Mapping[str, Plain]], *, digits: Decimal
) -> list[Decimal]:
    """Return the probability of default of each row, rounded to ``digits``; what a row does not know is a gap."""
    names = document["model"]["features"]
    table = np.array([[number(row.get(name)) for name in names] for row in rows], dtype=np.float64)
    return [Decimal(repr(float(each))).quantize(digits) for each in documents.rates(document, table)]


def reasons(document: Mapping[str, Any], row: Mapping[str, Plain]) -> list[str]:
    """Return the names of the features that add the most to the risk of the row, the worst first."""
    names = document["model"]["features"]
    values = np.array([number(row.get(name)) for name in names], dtype=np.float64)
    return [name for name, _ in documents.reasons(document, values)]


def number(value: Plain | None) -> float:
    """Return the value as features hold it: yes is 1, no is 0, words and gaps are not known."""
    return float(value) if isinstance(value, bool | Decimal) else np.nan
