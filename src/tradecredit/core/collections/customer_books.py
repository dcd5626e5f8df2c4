"""The books of a customer as dunning decides on them: open items, what contests or covers them, what was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.collections.disputes import Dispute
    from tradecredit.core.collections.promises import Promise
    from tradecredit.core.collections.steps import Step
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An instalment with something left to pay."""

    instalment_id: str
    document: str
    issued_date: date
    due_date: date
    open_amount: Money

    def days_overdue(self, as_of: date) -> int:
        """Return the days since the due day: 0 on the due day itself, negative before it."""
        return (as_of - self.due_date).days


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBooks:
    """All that dunning needs to know about one customer; ``said`` holds (instalment, step code)."""

    customer_id: str
    items: tuple[OpenItem, ...]
    grade: str | None = None
    disputes: tuple[Dispute, ...] = ()
    promises: tuple[Promise, ...] = ()
    unapplied: tuple[Money, ...] = ()
    said: frozenset[tuple[str, str]] = frozenset()
    latest_letter_date: date | None = None
    is_opted_out: bool = False
    opted_out_items: frozenset[str] = frozenset()
    letters_lately: int = 0
    bank_seen_on: date | None = None
    grade_at_trial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item that is asked for: what is open and what of it is asked (cash not yet applied is taken off)."""

    item: OpenItem
    step: Step
    days_overdue: int
    asked: Money
