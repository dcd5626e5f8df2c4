"""Replay decisions: recompute each verdict from its recorded facts and its recorded policy, and compare."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import policies, queries
from tradecredit.core.approvals import routing
from tradecredit.core.decisions import compact, recording, verdicts
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import order_policy
from tradecredit.flows.orders.explain_decision import UnableToFindDecisionError
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.plumbing.access import Actor

# The books keep ten-thousandths.
_STEP: Final = Decimal("0.0001")


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
                    zh="没有这项决定，或您无权查看。", en="There is no such decision, or you may not see it."
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
    part: int = 0,
    parts: int = 1,
) -> Replay:
    """Replay every decision from a day on (all of them without one); nothing is written.

    With ``parts`` only one part of them, for processes that share the work.
    """
    versions: dict[UUID, PolicyInForce] = {}
    count, different = 0, []
    with scope.entered(actor):
        for stored in queries.since(since, company_id=company_id, part=part, parts=parts):
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
    if stored.verdict is not None:
        recorded, again = stored.verdict, recomputed.as_dict()
    else:
        recorded, again = _outlined(stored), _outline_of(recomputed)
    places = verdicts.differences(recorded, json.loads(canonical.dumps(again)))
    if not places:
        return None
    return Difference(decision_id=stored.id, reference=stored.reference, places=places)


def _outlined(stored: StoredDecision) -> dict[str, Any]:
    """Return what a compact decision recorded of its verdict."""
    assert stored.outline is not None, "a decision without a verdict has its outline"  # noqa: S101 -- cannot happen
    outline = stored.outline
    return {
        "outcome": stored.outcome,
        "failed": outline.failed,
        "headroom_before": _plain(outline.headroom_before),
        "headroom_after": _plain(outline.headroom_after),
    }


def _outline_of(decision: Decision) -> dict[str, Any]:
    before, after = decision.headroom.available, decision.headroom_after
    return {
        "outcome": decision.outcome.text,
        "failed": compact.failures(decision.results),
        "headroom_before": _plain(before.money.amount if isinstance(before, Amount) else None),
        "headroom_after": _plain(after.money.amount if isinstance(after, Amount) else None),
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.quantize(_STEP):f}"
