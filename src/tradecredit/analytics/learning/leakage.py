"""Refuse features that nobody could have known on the day, since a model that peeps is worth nothing.

Three gates. By name: what the caller says is known only afterwards. By time: a column of days, some of which lie after
the day of the row. By sight: a single feature that alone separates nearly everything is the outcome in another dress.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tradecredit.analytics.learning import ranking
from tradecredit.analytics.learning.samples import UnableToLearnError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.analytics.learning.samples import Sample

# Technical: no honest single figure of trade credit comes near it.
_TOO_GOOD: Final = 0.99
_LEAST_KNOWN: Final = 0.5


def refuse_named(names: Sequence[str], *, known_afterwards: Sequence[str]) -> None:
    """Raise UnableToLearnError where a feature is one that is known only afterwards."""
    found = sorted(set(names) & set(known_afterwards))
    if found:
        raise UnableToLearnError(
            Words(
                zh="这些字段要到事后才知道，不能用来预测：{names}。请用 --leave-out 去掉。",
                en="Known only afterwards, so of no use before: {names}. Leave them out with --leave-out.",
            ).filled(names=", ".join(found)),
            features=", ".join(found),
        )


def refuse_later_days(columns: Mapping[str, Sequence[date | None]], *, days: Sequence[date]) -> None:
    """Raise UnableToLearnError where a column tells days that lie after the day on which the row was looked at."""
    found = sorted(
        name
        for name, column in columns.items()
        if any(value is not None and value > day for value, day in zip(column, days, strict=True))
    )
    refuse_named(found, known_afterwards=found)


def refuse_outcomes_in_disguise(sample: Sample) -> None:
    """Raise UnableToLearnError where one feature alone tells the outcome nearly without fail."""
    found = []
    for place, name in enumerate(sample.names):
        column = sample.values[:, place]
        known = ~np.isnan(column)
        if known.mean() < _LEAST_KNOWN:
            continue
        auc = ranking.auc(column[known], sample.is_bad[known])
        if auc is not None and max(auc, 1 - auc) >= _TOO_GOOD:
            found.append(name)
    if found:
        raise UnableToLearnError(
            Words(
                zh="仅凭这些字段就几乎能说出结果，它们多半就是结果本身：{names}。请用 --leave-out 去掉。",
                en="One of these alone tells the outcome: {names}. It is most likely the outcome itself; use --leave-out.",
            ).filled(names=", ".join(found)),
            features=", ".join(found),
        )
