"""A sample from our own books: customers as they were rated on past days, and what became of each in the horizon after.

Note [Nothing from afterwards]
The features of a row are the values that a rating recorded by then, read back as they were written; a day whose horizon is
not over yet is left out, as is who was bad already or could not have gone bad. A value that speaks of a later day than its
row's is refused, and so is a learned model's own forecast: a model must not learn from the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from tradecredit.analytics.learning import forecasting, leakage, samples
from tradecredit.analytics.learning.samples import Sample
from tradecredit.analytics.scoring import outcomes
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import queries
from tradecredit.core.scoring import default_probability, recording
from tradecredit.core.scoring.values import Known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.backtest import ReviewRules
    from tradecredit.core.scoring.values import Value

# A points scorecard cuts numbers into bins; words and yes or no are rules beside it.
_NO_NUMBERS: Final = frozenset({"text", "flag"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    customer: str
    looked_on: date
    values: Mapping[str, Value]
    is_bad: bool


def sample(
    *,
    company_id: UUID,
    days: Sequence[date],
    rules: ReviewRules,
    known: Mapping[str, Attribute],
    as_of: date,
    leave_out: Sequence[str] = (),
) -> Sample:
    """Return the rows of every day whose horizon is over by ``as_of``; see Note [Nothing from afterwards].

    Raises UnableToLearnError where nothing can be learned or a value comes from afterwards.
    """
    horizon = timedelta(days=rules.horizon_days)
    rows = [
        row
        for day in sorted(set(days))
        if day + horizon <= as_of
        for row in _rows(company_id, day=day, rules=rules, known=known)
    ]
    names = _names(rows, known=known, leave_out=leave_out)
    samples.require_features(names)
    leakage.refuse_later_days(
        {name: [_day_of(row, name) for row in rows] for name in names}, days=[row.looked_on for row in rows]
    )
    found = Sample(
        names=names,
        values=np.array([[_number(row, name) for name in names] for row in rows], dtype=np.float64),
        is_bad=np.array([row.is_bad for row in rows], dtype=np.bool_),
        periods=np.array([row.looked_on.toordinal() for row in rows], dtype=np.float64),
        groups=tuple(row.customer for row in rows),
    )
    found.require_both()
    return found


def _rows(company_id: UUID, *, day: date, rules: ReviewRules, known: Mapping[str, Attribute]) -> list[_Row]:
    fates = {
        each.code: each.bad_on is not None
        for each in outcomes.rated_customers(
            company_id=company_id,
            rated_on=day,
            horizon_days=rules.horizon_days,
            bad_days=rules.days_overdue,
            trifle=rules.trifle,
        )
        if each.counts
    }
    ids = {record.id: code for code, record in dossier.customers_by_code(fates).items()}
    # The end of the day: what was recorded later was not known.
    moment = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo("UTC"))
    ratings = queries.latest(company_id=company_id, customer_ids=ids, as_of=day, known_at=moment)
    return [
        _Row(
            customer=ids[customer_id],
            looked_on=day,
            values=recording.values_from(record.inputs, known=known),
            is_bad=fates[ids[customer_id]],
        )
        for customer_id, record in sorted(ratings.items(), key=lambda pair: ids[pair[0]])
    ]


def _names(
    rows: Sequence[_Row], *, known: Mapping[str, Attribute], leave_out: Sequence[str]
) -> tuple[str, ...]:
    """Return the attributes with a number for at least one row; words are no features, nor is a model's forecast."""
    seen = {name for row in rows for name, value in row.values.items() if isinstance(value, Known)} - {
        default_probability.NAME,
        *leave_out,
    }
    return tuple(
        sorted(
            name
            for name in seen
            if known[name].unit not in _NO_NUMBERS and default_probability.NAME not in known[name].asks
        )
    )


def _day_of(row: _Row, name: str) -> date | None:
    value = row.values.get(name)
    return value.known_on if isinstance(value, Known) else None


def _number(row: _Row, name: str) -> float:
    value = row.values.get(name)
    return forecasting.number(value.value if isinstance(value, Known) else None)
