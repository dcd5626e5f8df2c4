"""Look at throw-away books from outside the application: what stands, what was stored, what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.flows.rehearsal.fill_books import Owner

_TOTAL: Final = "ordered + delivered + billed + bill + unapplied + reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One account as it stands: its row, its pending reservations, its entries."""

    row: Decimal
    reservations: Decimal
    entries: Decimal


def highest_total(owner: Owner, *, accounts: Sequence[UUID]) -> Decimal:
    """Return the highest exposure (with reservations) of the accounts at this instant."""
    found = owner.rows(
        f"SELECT max({_TOTAL}) FROM exposure_creditaccount WHERE id = ANY (%(ids)s)", ids=list(accounts)
    )
    return found[0][0] or Decimal(0)


def standing_of(owner: Owner, *, account: UUID) -> Standing:
    """Return the exposure of an account from its row, and its parts from where they come."""
    row, reservations, entries = owner.rows(
        f"SELECT {_TOTAL}, (SELECT coalesce(sum(amount), 0) FROM exposure_reservation"
        " WHERE account_id = a.id AND status = 'pending'),"
        " (SELECT coalesce(sum(amount), 0) FROM exposure_exposureentry WHERE account_id = a.id)"
        " FROM exposure_creditaccount a WHERE id = %(id)s",
        id=account,
    )[0]
    return Standing(row=row, reservations=reservations, entries=entries)


def stored_decisions(owner: Owner, *, prefix: str) -> dict[str, str]:
    """Return reference by decision of everything decided under references with the prefix."""
    found = owner.rows(
        "SELECT id::text, reference FROM decisions_decision WHERE reference LIKE %(like)s AND is_committed",
        like=f"{prefix}%",
    )
    return dict(found)


def effects_of(owner: Owner, *, prefix: str) -> dict[str, tuple[int, int, int]]:
    """Return by reference how many decisions, orders and reservations there are."""
    found = owner.rows(
        "SELECT d.reference, count(*), (SELECT count(*) FROM orders_order o WHERE o.reference = d.reference),"
        " (SELECT count(*) FROM exposure_reservation r WHERE r.reference = d.reference)"
        " FROM decisions_decision d WHERE d.reference LIKE %(like)s AND d.is_committed GROUP BY d.reference",
        like=f"{prefix}%",
    )
    return {reference: (decisions, orders, kept) for reference, decisions, orders, kept in found}


def events_waiting(owner: Owner) -> tuple[int, tuple[str, ...]]:
    """Return how many events wait for their reactions, and the latest failures of reactions."""
    (waiting,) = owner.rows("SELECT count(*) FROM outbox_event WHERE processed_at IS NULL")[0]
    failures = owner.rows(
        "SELECT name || ': ' || failure FROM outbox_event WHERE failure <> '' ORDER BY sequence DESC LIMIT 100"
    )
    return waiting, tuple(text for (text,) in failures)


def invoices_recorded(owner: Owner, *, prefix: str) -> tuple[int, Decimal, Decimal]:
    """Return how many invoices carry the prefix, what they sum to, and what all accounts hold as billed."""
    return owner.rows(
        "SELECT count(*), coalesce(sum(amount), 0), (SELECT sum(billed) FROM exposure_creditaccount)"
        " FROM receivables_invoice WHERE number LIKE %(like)s",
        like=f"{prefix}%",
    )[0]
