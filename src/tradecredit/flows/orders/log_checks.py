"""Write the log's lines about orders that were checked quickly: with their events, in bulk, not in the check itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.decisions import policies, queries
from tradecredit.core.decisions import explain, recording
from tradecredit.core.kernel import outcome as outcomes
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import order_policy
from tradecredit.plumbing.access import Actor
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.core.kernel.reasons import Words


def log_checks(*, company_id: UUID, decision_ids: Sequence[UUID]) -> None:
    """Append a line for each decision to its customer's log, in the name of whoever asked for it."""
    if not decision_ids:
        return
    found = queries.by_ids(decision_ids)
    for identifier in decision_ids:
        stored = found[identifier]
        log.append(
            company_id=company_id,
            actor=Actor(user_id=stored.actor_id, name=stored.actor_name),
            entries=[
                log.NewEntry(
                    stream=f"customer:{stored.customer_id}",
                    kind=f"order.{_status(outcomes.parse(stored.outcome))}",
                    words=_words(stored),
                    payload={"decision": stored.id, "reference": stored.reference},
                )
            ],
        )


def _status(outcome: Outcome) -> str:
    if outcome.lets_through:
        return "released"
    return "rejected" if outcome is Outcome.REJECT else "held"


def _words(stored: StoredDecision) -> Words:
    outcome = outcomes.parse(stored.outcome)
    return explain.order_line(
        reference=stored.reference,
        amount=stored.amount,
        outcome=outcome,
        why=None if outcome.lets_through else _why(stored),
    )


def _why(stored: StoredDecision) -> Words | None:
    facts = recording.from_dict(stored.facts)
    policy = order_policy.parsed(policies.by_id(stored.policy_version_id))
    decision = order_policy.verdict_of(stored, facts=facts, policy=policy)
    reasons = explain.reasons(decision=decision, facts=facts)
    return reasons[0].words if reasons else None
