"""When will this invoice be paid? Two forests: the chance of being late, and the days from due day to payment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradecredit.analytics.learning import boosting, logistic, payment_history, ranking, trees
from tradecredit.analytics.learning.samples import UnableToLearnError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.analytics.learning.payment_history import InvoiceRow
    from tradecredit.analytics.learning.samples import Floats
    from tradecredit.analytics.learning.trees import Forest


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessModel:
    """The two forests; the days are the mean of a forest for the median and one for the mean."""

    is_late: Forest
    median_days: Forest
    mean_days: Forest

    def chances(self, values: Floats) -> Floats:
        """Return the chance of each invoice to be paid after its due day."""
        return logistic.of_odds(self.is_late.raw(values))

    def days(self, values: Floats) -> Floats:
        """Return the expected days from due day to payment, negative when early."""
        found: Floats = (self.median_days.raw(values) + self.mean_days.raw(values)) / 2
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LatenessFigures:
    """How the model did on invoices after the day on which it was trained."""

    trained_on: int
    tested_on: int
    late_share: float
    auc: float | None
    mean_error_days: float
    mean_error_days_of_median: float


def learn(
    rows: Sequence[InvoiceRow], *, values: Floats, names: tuple[str, ...], known_on: date
) -> LatenessModel:
    """Learn from the invoices settled before the day; what was still open then teaches nothing yet."""
    chosen = [
        place for place, row in enumerate(rows) if row.settled_on is not None and row.settled_on < known_on
    ]
    days = np.array([rows[place].days_late for place in chosen], dtype=np.float64)
    if not 0 < int((days > 0).sum()) < len(days):
        raise UnableToLearnError(
            Words(
                zh="已结清的发票太少，或全部按时、全部逾期，学不到区别。",
                en="Too few settled invoices, or all on time, or all late: there is no difference to learn.",
            )
        )
    table = values[chosen]
    # No look for outcomes in disguise: the features are strictly past by the way they are made.
    with_settings: dict[str, Any] = {"names": names, "settings": boosting.FOR_LATENESS}
    return LatenessModel(
        is_late=boosting.grow(table, (days > 0).astype(np.float64), objective="binary", **with_settings),
        median_days=boosting.grow(table, days, objective="l1", **with_settings),
        mean_days=boosting.grow(table, days, objective="l2", **with_settings),
    )


def proven(
    model: LatenessModel, rows: Sequence[InvoiceRow], *, values: Floats, trained_before: date
) -> LatenessFigures:
    """Return the figures on invoices issued from the day on whose payment is known by now."""
    before = [row for row in rows if row.settled_on is not None and row.settled_on < trained_before]
    chosen = [
        place
        for place, row in enumerate(rows)
        if row.issued_on >= trained_before and row.settled_on is not None
    ]
    days = np.array([rows[place].days_late for place in chosen], dtype=np.float64)
    usual = float(np.median([row.days_late or 0 for row in before]))
    return LatenessFigures(
        trained_on=len(before),
        tested_on=len(chosen),
        late_share=float((days > 0).mean()) if len(days) else 0.0,
        auc=ranking.auc(model.chances(values[chosen]), days > 0) if len(days) else None,
        mean_error_days=float(np.abs(days - model.days(values[chosen])).mean()) if len(days) else 0.0,
        mean_error_days_of_median=float(np.abs(days - usual).mean()) if len(days) else 0.0,
    )


def as_data(model: LatenessModel) -> dict[str, Any]:
    """Return the model as plain values."""
    return {
        "is_late": trees.as_data(model.is_late),
        "median_days": trees.as_data(model.median_days),
        "mean_days": trees.as_data(model.mean_days),
    }


def from_data(data: Mapping[str, Any]) -> LatenessModel:
    """Read the model back."""
    return LatenessModel(
        is_late=trees.from_data(data["is_late"]),
        median_days=trees.from_data(data["median_days"]),
        mean_days=trees.from_data(data["mean_days"]),
    )


def history(rows: Sequence[InvoiceRow]) -> tuple[Floats, tuple[str, ...]]:
    """Return the features of all rows with their names."""
    return payment_history.features(rows), payment_history.names(rows)
