"""Verify the ledger of exposure: balances rebuilt from entries and reservations, the chain of entries, kept room."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.analytics.order_checks import kept_room
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure import queries, rebuild
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from tradecredit.analytics.order_checks.kept_room import UnfoundedRoom
    from tradecredit.apps.exposure.rebuild import Drift
    from tradecredit.plumbing.access import Actor


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
        for part in rebuild.parts(company_id=company_id):
            found = rebuild.compare(part)
            accounts += found.accounts
            entries += found.entries
            drifts += found.drifts
            broken += found.broken
            unfounded += kept_room.unfounded(part)
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


def _names(account_ids: set[UUID]) -> dict[UUID, str]:
    found = queries.accounts_by_id(account_ids)
    customers = dossier.customers_by_id({account.customer_id for account in found.values()})
    return {
        account.id: f"{customers[account.customer_id].code} {account.currency}" for account in found.values()
    }
