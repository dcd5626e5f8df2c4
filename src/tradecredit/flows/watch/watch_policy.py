"""The parts of the policy in force that watch over customers: dunning, alert rules, letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions import policies
from tradecredit.core.collections import strategy
from tradecredit.core.monitoring import triggers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPolicy:
    """What a policy version says about reminders, stages, letters and alerts."""

    version_id: UUID
    strategy: strategy.Strategy
    monitoring: triggers.MonitoringPolicy
    letters: Mapping[str, str]


# A version never changes, so what was read from it may be kept.
_read: dict[UUID, WatchPolicy] = {}


def in_force(*, company_id: UUID, as_of: date) -> WatchPolicy:
    """Return the policy in force on the day; raises UnableToFindPolicyError."""
    stored = policies.in_force(company_id=company_id, as_of=as_of)
    found = _read.get(stored.id)
    if found is None:
        found = WatchPolicy(
            version_id=stored.id,
            strategy=strategy.parse(stored.document["dunning"]),
            monitoring=triggers.parse(stored.document["monitoring"]),
            letters=stored.document["letters"],
        )
        _read[stored.id] = found
    return found
