"""Replay decisions: recompute each verdict from its recorded facts and its recorded policy, and compare."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions import policies, queries
from tradecredit.core.approvals import routing
from tradecredit.core.decisions import recording, verdicts
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import order_policy
from tradecredit.flows.orders.explain_decision import UnableToFindDecisionError
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A decision whose recomputed verdict is not the recorded one, with the places that differ."""

    decision_id: UUID
    reference: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """How many were replayed, and which came out differently."""

    replayed: int
    different: tuple[Difference, ...]

    @property
    def identical(self) -> int:
        """Return how many came out the same."""
        return self.replayed - len(self.different)


def replay_decision(*, decision_id: UUID, actor: Actor) -> Replay:
    """Replay one decision; raises UnableToFindDecisionError."""
    with scope.entered(actor):
        stored = queries.by_id(decision_id)
        if stored is None:
            raise UnableToFindDecisionError(
                Words(
                    zh="没有这项决定, 或您无权查看。", en="There is no such decision, or you may not see it."
                )
            )
        different = _difference(stored, {})
        return Replay(replayed=1, different=() if different is None else (different,))


def replay_decisions(
    *,
    actor: Actor,
    since: date | None = None,
    company_id: UUID | None = None,
    progress: Callable[[int], None] | None = None,
) -> Replay:
    """Replay every decision from a day on (all of them without one); nothing is written."""
    versions: dict[UUID, PolicyInForce] = {}
    count, different = 0, []
    with scope.entered(actor):
        for stored in queries.since(since, company_id=company_id):
            found = _difference(stored, versions)
            count += 1
            if found is not None:
                different.append(found)
            if progress is not None:
                progress(count)
    return Replay(replayed=count, different=tuple(different))


def _difference(stored: StoredDecision, versions: dict[UUID, PolicyInForce]) -> Difference | None:
    version = stored.policy_version_id
    if version not in versions:
        versions[version] = order_policy.parsed(policies.by_id(version))
    policy = versions[version]
    recomputed = routing.decide(
        facts=recording.from_dict(stored.facts), policy=policy.control, authority=policy.authority
    )
    # Compared as recorded text would read, so that nothing but the content counts.
    again = json.loads(canonical.dumps(recomputed.as_dict()))
    places = verdicts.differences(stored.verdict, again)
    if not places:
        return None
    return Difference(decision_id=stored.id, reference=stored.reference, places=places)
