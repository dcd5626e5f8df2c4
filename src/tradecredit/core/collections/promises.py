"""Promises to pay: while one is not yet due, nobody writes about the items it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.money import Money

PromiseState = Literal["open", "kept", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promised amount and day; no instalments named means every item of the customer."""

    promised_date: date
    amount: Money
    instalment_ids: frozenset[str] = frozenset()

    def covers(self, instalment_id: str) -> bool:
        """Tell whether the promise speaks of the instalment."""
        return not self.instalment_ids or instalment_id in self.instalment_ids


def is_waiting(promise: Promise, *, as_of: date, grace_days: int) -> bool:
    """Tell whether the promised day, plus the days of grace, has not passed yet."""
    return as_of <= promise.promised_date + timedelta(days=grace_days)


def state(promise: Promise, *, paid: Money, as_of: date, grace_days: int) -> PromiseState:
    """Judge a promise: kept once the amount was paid, broken once its day and grace passed, else open."""
    if paid >= promise.amount:
        return "kept"
    return "open" if is_waiting(promise, as_of=as_of, grace_days=grace_days) else "broken"
