"""Open items: what was still owed as of a day, as it was known at a moment.

Note [Two clocks of an allocation]
An allocation counts from its ``effective_date`` (the day the money or the credit was there) and is known from its
``recorded_at``. A reversal is a row of its own with the opposite amount and the *same* effective date: today we
know that the first one never held. So, at every day and every moment, the live allocations of an item are
between zero and its amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tradecredit.core.kernel import money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from tradecredit.core.kernel.money import Money

AllocationKind = Literal["cash", "credit", "loss"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationEntry:
    """Part of a payment (``cash``), credit note (``credit``) or write-off (``loss``) set against an instalment, or its reversal."""

    amount: Money
    effective_date: date
    recorded_at: datetime
    kind: AllocationKind = "cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """The part of an instalment that the customer contests, from a day to a day (not included)."""

    amount: Money
    opened_date: date
    closed_date: date | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """A schedule line with everything that was ever set against it."""

    item_id: str
    invoice_number: str
    invoice_date: date
    due_date: date
    amount: Money
    recorded_at: datetime
    allocations: tuple[AllocationEntry, ...] = ()
    disputes: tuple[Dispute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An instalment as it stands on one day: ``disputed`` is the contested part of ``open``."""

    item_id: str
    invoice_number: str
    invoice_date: date
    due_date: date
    amount: Money
    open: Money
    disputed: Money

    def days_overdue(self, as_of: date) -> int:
        """Return how many days after its due day the given day lies (0 on the due day, negative before)."""
        return (as_of - self.due_date).days

    def is_overdue(self, as_of: date) -> bool:
        """Tell whether something is open after the due day."""
        return self.open.is_positive and self.days_overdue(as_of) > 0


def open_items(
    *, instalments: Iterable[Instalment], as_of: date, known_at: datetime | None = None
) -> tuple[OpenItem, ...]:
    """Return the instalments with something open on the day, in the order given.

    An invoice of 100.00 with 60.00 allocated effective on 10 May is open 100.00 on the 9th and 40.00 on the 10th.
    """
    standing = (
        stand(instalment=instalment, as_of=as_of, known_at=known_at)
        for instalment in instalments
        if exists(instalment=instalment, as_of=as_of, known_at=known_at)
    )
    return tuple(item for item in standing if not item.open.is_zero)


def stand(*, instalment: Instalment, as_of: date, known_at: datetime | None = None) -> OpenItem:
    """Return how one instalment stands on the day, settled ones with ``open`` zero."""
    entries = live_allocations(instalment=instalment, as_of=as_of, known_at=known_at)
    still_open = instalment.amount - money.total(
        (entry.amount for entry in entries), instalment.amount.currency
    )
    disputed = money.total(
        (
            dispute.amount
            for dispute in instalment.disputes
            if _is_known(dispute.recorded_at, known_at)
            and dispute.opened_date <= as_of
            and (dispute.closed_date is None or as_of < dispute.closed_date)
        ),
        instalment.amount.currency,
    )
    return OpenItem(
        item_id=instalment.item_id,
        invoice_number=instalment.invoice_number,
        invoice_date=instalment.invoice_date,
        due_date=instalment.due_date,
        amount=instalment.amount,
        open=still_open,
        disputed=min(disputed, still_open),
    )


def exists(*, instalment: Instalment, as_of: date, known_at: datetime | None = None) -> bool:
    """Tell whether the invoice was issued by the day and recorded by the moment."""
    return instalment.invoice_date <= as_of and _is_known(instalment.recorded_at, known_at)


def live_allocations(
    *, instalment: Instalment, as_of: date, known_at: datetime | None = None
) -> tuple[AllocationEntry, ...]:
    """Return the allocations and reversals that hold on the day, as known at the moment (None: everything)."""
    return tuple(
        entry
        for entry in instalment.allocations
        if entry.effective_date <= as_of and _is_known(entry.recorded_at, known_at)
    )


def _is_known(recorded_at: datetime, known_at: datetime | None) -> bool:
    return known_at is None or recorded_at <= known_at
