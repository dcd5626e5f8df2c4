"""The parts of the policy in force that watch over customers: dunning, alert rules, letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.decisions import policies
from tradecredit.core.collections import strategy
from tradecredit.core.monitoring import triggers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words

# Alerts that a step of the strategy raises go by this and the step's code, as if they were a rule.
_OF_STEPS: Final = "dunning."


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPolicy:
    """What a policy version says about reminders, stages, letters and alerts."""

    version_id: UUID
    strategy: strategy.Strategy
    monitoring: triggers.MonitoringPolicy
    letters: Mapping[str, str]

    def alert_label(self, code: str) -> Words | None:
        """Return the name of what raises an alert: a rule's, or a step's; None for a code that this policy has not."""
        rule = self.monitoring.rule(code)
        if rule is not None:
            return rule.label
        step = self.strategy.step(code.removeprefix(_OF_STEPS)) if code.startswith(_OF_STEPS) else None
        return None if step is None else step.label


def code_of_step(step: str) -> str:
    """Return the code of the alerts that a step raises: ``dunning.stage-3``."""
    return f"{_OF_STEPS}{step}"


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
