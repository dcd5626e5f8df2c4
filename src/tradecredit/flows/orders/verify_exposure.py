"""Verify the ledger of exposure: balances rebuilt from entries and reservations, the chain of entries, kept room."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import connection

from tradecredit.analytics.order_checks import kept_room
from tradecredit.analytics.order_checks.kept_room import UnfoundedRoom
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure import queries, rebuild
from tradecredit.apps.exposure.rebuild import Compared, Drift
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tradecredit.plumbing.access import Actor

# Technical: connections that rebuild at the same time.
_SIDE_BY_SIDE: Final = 2
Part = tuple[UUID, ...]
Finding = tuple[Compared, tuple[UnfoundedRoom, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureVerified:
    """What was found: every balance that differs, every chain that is broken, every room without a decision.

    ``names`` says which customer's account (code and currency) each account is that something is wrong with.
    """

    accounts: int
    drifts: tuple[Drift, ...]
    broken: tuple[tuple[UUID, int], ...]
    entries: int = 0
    unfounded: tuple[UnfoundedRoom, ...] = ()
    names: Mapping[UUID, str]

    @property
    def drift(self) -> Decimal:
        """Return the sum of the differences, each counted positive."""
        return sum((abs(one.difference) for one in self.drifts), Decimal("0.00"))

    @property
    def is_whole(self) -> bool:
        """Tell whether everything agrees."""
        return not self.drifts and not self.broken and not self.unfounded


def verify_exposure(
    *, actor: Actor, company_id: UUID | None = None, progress: Callable[[int], None] | None = None
) -> ExposureVerified:
    """Rebuild every balance in scope from its entries, part by part, beside live traffic; nothing is changed or locked.

    ``progress`` is told how many accounts have been rebuilt.
    """
    accounts = entries = 0
    drifts: list[Drift] = []
    broken: list[tuple[UUID, int]] = []
    unfounded: list[UnfoundedRoom] = []
    with scope.entered(actor):
        for found, rooms in _compared(rebuild.parts(company_id=company_id), actor=actor):
            accounts += found.accounts
            entries += found.entries
            drifts += found.drifts
            broken += found.broken
            unfounded += rooms
            if progress is not None:
                progress(accounts)
        wrong = {one.account_id for one in drifts} | {one.account_id for one in unfounded}
        return ExposureVerified(
            accounts=accounts,
            entries=entries,
            drifts=tuple(drifts),
            broken=tuple(broken),
            unfounded=tuple(unfounded),
            names=_names(wrong | {account for account, _ in broken}),
        )


def _compared(parts: Iterator[Part], *, actor: Actor) -> Iterator[Finding]:
    """Compare the parts, two at a time where they do not have to see an open transaction."""
    first = next(parts, None)
    if first is None:
        return
    second = next(parts, None)
    if second is None or connection.in_atomic_block:
        yield from map(_compare, chain([first], [] if second is None else [second], parts))
        return
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        yield from pool.map(lambda part: _compare_apart(part, actor=actor), chain([first, second], parts))


def _compare(part: Part) -> Finding:
    return rebuild.compare(part), kept_room.unfounded(part)


def _compare_apart(part: Part, *, actor: Actor) -> Finding:
    """Compare in a thread, which has a connection of its own."""
    try:
        with scope.entered(actor):
            return _compare(part)
    finally:
        connection.close()


def _names(account_ids: set[UUID]) -> dict[UUID, str]:
    found = queries.accounts_by_id(account_ids)
    customers = dossier.customers_by_id({account.customer_id for account in found.values()})
    return {
        account.id: f"{customers[account.customer_id].code} {account.currency}" for account in found.values()
    }
