"""What could be known about an invoice on its own day: the customer's settled invoices strictly before it.

Note [Strictly past]
An invoice's features look only at invoices settled on an earlier day, and at invoices issued earlier and still open then
(their age, not their end). The day's own payments do not count. A day that lies ahead, such as a change of delivery that
has not happened yet, is no feature: only whether it has happened by then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.analytics.learning.samples import Floats

_RECENT_DAYS: Final = 60
_HALF_LIFE: Final = 3.0
_LEAST_OTHERS: Final = 5

NAMES: Final = (
    "amount", "terms_days", "weekday", "day_of_month", "month", "due_weekday", "settled_count", "mean_days_late",
    "median_days_late", "spread_days_late", "worst_days_late", "best_days_late", "late_share", "last_days_late",
    "last_three_days_late", "fading_days_late", "similar_amount_days_late", "mean_amount", "open_count", "open_amount",
    "open_overdue_count", "oldest_open_days", "mean_open_days", "group_days_late", "group_late_share",
    "everybody_recent_days_late", "days_since_start",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """One invoice as it is known in the end; ``settled_on`` None: still open. ``happened`` are flags of the invoice day."""

    reference: str
    customer: str
    group: str
    amount: float
    issued_on: date
    due_on: date
    settled_on: date | None
    happened: Mapping[str, bool] = field(default_factory=dict)

    @property
    def days_late(self) -> int | None:
        """Return the days from due day to settlement, negative when early; None while open."""
        return None if self.settled_on is None else (self.settled_on - self.due_on).days


@dataclass(slots=True)
class _Known:
    """A customer's (or a group's) invoices up to the day that is looked at."""

    settled: list[InvoiceRow] = field(default_factory=list)
    issued: list[InvoiceRow] = field(default_factory=list)


def names(rows: Sequence[InvoiceRow]) -> tuple[str, ...]:
    """Return the features of the rows, with one or two for each thing that may have happened."""
    happened = sorted({name for row in rows for name in row.happened})
    return (*NAMES, *(f"{name}{end}" for name in happened for end in ("", "_days_late")))


def features(rows: Sequence[InvoiceRow]) -> Floats:
    """Return a line of features for each row, in the order given; see Note [Strictly past]."""
    columns = names(rows)
    found = np.full((len(rows), len(columns)), np.nan)
    first = min((row.issued_on for row in rows), default=None)
    customers: dict[str, _Known] = defaultdict(_Known)
    groups: dict[str, _Known] = defaultdict(_Known)
    everybody = _Known()
    settlements = sorted((row for row in rows if row.settled_on is not None), key=_settled)
    next_settled = 0
    for place in sorted(range(len(rows)), key=lambda each: rows[each].issued_on):
        row = rows[place]
        while next_settled < len(settlements) and _settled(settlements[next_settled]) < row.issued_on:
            done = settlements[next_settled]
            for known in (customers[done.customer], groups[done.group], everybody):
                known.settled.append(done)
            next_settled += 1
        line = _of_invoice(row, first=first or row.issued_on)
        line |= _of_customer(customers[row.customer].settled, row)
        line |= _of_open(customers[row.customer].issued, row)
        line |= _of_others(groups[row.group].settled, everybody.settled, row)
        found[place] = [line.get(name, np.nan) for name in columns]
        customers[row.customer].issued.append(row)
    return found


def _settled(row: InvoiceRow) -> date:
    if row.settled_on is None:
        raise ValueError("an open invoice has no day of settlement")
    return row.settled_on


def _of_invoice(row: InvoiceRow, *, first: date) -> dict[str, float]:
    return {
        "amount": row.amount,
        "terms_days": (row.due_on - row.issued_on).days,
        "weekday": row.issued_on.weekday(),
        "day_of_month": row.issued_on.day,
        "month": row.issued_on.month,
        "due_weekday": row.due_on.weekday(),
        "days_since_start": (row.issued_on - first).days,
        **{name: float(has) for name, has in row.happened.items()},
    }


def _of_customer(settled: Sequence[InvoiceRow], row: InvoiceRow) -> dict[str, float]:
    found: dict[str, float] = {"settled_count": len(settled)}
    if not settled:
        return found
    late = _late(settled)
    amounts = np.array([each.amount for each in settled])
    scale = max(float(amounts.std()), 1e-9)
    nearness = np.exp(-np.abs(amounts - row.amount) / scale)
    fading = 0.5 ** (np.arange(len(late))[::-1] / _HALF_LIFE)
    found |= {
        "mean_days_late": late.mean(),
        "median_days_late": float(np.median(late)),
        "spread_days_late": late.std() if len(late) > 1 else np.nan,
        "worst_days_late": late.max(),
        "best_days_late": late.min(),
        "late_share": (late > 0).mean(),
        "last_days_late": late[-1],
        "last_three_days_late": late[-3:].mean(),
        "fading_days_late": float((fading * late).sum() / fading.sum()),
        "similar_amount_days_late": float((nearness * late).sum() / max(nearness.sum(), 1e-12)),
        "mean_amount": amounts.mean(),
    }
    for name, has in row.happened.items():
        alike = _late([each for each in settled if each.happened.get(name) == has])
        found[f"{name}_days_late"] = alike.mean() if len(alike) else np.nan
    return found


def _of_open(issued: Sequence[InvoiceRow], row: InvoiceRow) -> dict[str, float]:
    still = [each for each in issued if each.settled_on is None or each.settled_on >= row.issued_on]
    ages = [(row.issued_on - each.issued_on).days for each in still]
    return {
        "open_count": len(still),
        "open_amount": sum(each.amount for each in still),
        "open_overdue_count": sum(1 for each in still if each.due_on < row.issued_on),
        "oldest_open_days": max(ages, default=-1),
        "mean_open_days": sum(ages) / len(ages) if ages else -1,
    }


def _of_others(
    group: Sequence[InvoiceRow], everybody: Sequence[InvoiceRow], row: InvoiceRow
) -> dict[str, float]:
    found: dict[str, float] = {}
    if len(group) > _LEAST_OTHERS:
        late = _late(group)
        found |= {"group_days_late": late.mean(), "group_late_share": (late > 0).mean()}
    # Settlements come in the order of their days: what is too old ends the look back.
    recent = _late(
        tuple(
            takewhile(lambda each: (row.issued_on - _settled(each)).days <= _RECENT_DAYS, reversed(everybody))
        )
    )
    if len(recent):
        found["everybody_recent_days_late"] = recent.mean()
    return found


def _late(rows: Sequence[InvoiceRow]) -> Floats:
    return np.array([(_settled(each) - each.due_on).days for each in rows], dtype=np.float64)
