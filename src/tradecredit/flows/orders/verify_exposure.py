"""Verify the ledger of exposure: balances rebuilt from entries and reservations, and the chain of entries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.exposure import queries
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.exposure.queries import Drift
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureVerified:
    """What was found: every balance that differs, and every entry that was changed after it was written."""

    accounts: int
    drifts: tuple[Drift, ...]
    broken: tuple[tuple[UUID, int], ...]

    @property
    def drift(self) -> Decimal:
        """Return the sum of the differences, each counted positive."""
        return sum((abs(one.difference) for one in self.drifts), Decimal("0.00"))

    @property
    def is_whole(self) -> bool:
        """Tell whether everything agrees."""
        return not self.drifts and not self.broken


def verify_exposure(*, actor: Actor, company_id: UUID | None = None) -> ExposureVerified:
    """Rebuild every balance in scope from its entries; runs beside live traffic and changes nothing."""
    with scope.entered(actor):
        accounts, drifts = queries.drifts(company_id=company_id)
        return ExposureVerified(
            accounts=accounts, drifts=drifts, broken=queries.broken_chains(company_id=company_id)
        )
