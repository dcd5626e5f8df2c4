"""The strategy of collection in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.decisions import policies
from tradecredit.core.collections import strategy

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

# A version never changes, so what was read from it may be kept.
_read: dict[UUID, strategy.Strategy] = {}


def in_force(*, company_id: UUID, as_of: date) -> strategy.Strategy:
    """Return the strategy of the policy in force on the day; raises UnableToFindPolicyError."""
    stored = policies.in_force(company_id=company_id, as_of=as_of)
    found = _read.get(stored.id)
    if found is None:
        found = _read[stored.id] = strategy.parse(stored.document["dunning"])
    return found
