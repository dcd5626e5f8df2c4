"""Explain a decision ever made: its words and figures as they were recorded."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions import policies, queries
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.orders import queries as orders
from tradecredit.core.decisions import explain, recording
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import order_policy
from tradecredit.flows.orders.decision_views import DecisionView, ReservationView
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.plumbing.access import Actor


class UnableToFindDecisionError(UnableToError):
    """No such decision, or the actor may not see it."""

    code = "decision_unknown"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A recorded decision with the data that explains it, every text in both languages."""

    view: DecisionView
    explained: dict[str, Any]


def decision_view(*, decision_id: UUID, actor: Actor) -> DecisionView:
    """Return one recorded decision; raises UnableToFindDecisionError."""
    with scope.entered(actor):
        stored = queries.by_id(decision_id)
        if stored is None:
            raise UnableToFindDecisionError(
                Words(
                    zh="没有这项决定，或您无权查看。", en="There is no such decision, or you may not see it."
                )
            )
        return next(iter(_views([stored])))


def explain_decision(*, decision_id: UUID, actor: Actor) -> Explanation:
    """Return the equation, the checks, the remedies and the deciders of one decision, as recorded."""
    view = decision_view(decision_id=decision_id, actor=actor)
    return Explanation(view=view, explained=explain.explain(decision=view.decision, facts=view.facts))


def _views(stored: Iterable[StoredDecision]) -> tuple[DecisionView, ...]:
    found = list(stored)
    rooms = exposure.reservations_of_decisions((one.id, one.account_id, one.reference) for one in found)
    known = orders.orders_by_reference((one.company_id, one.reference) for one in found)
    views = []
    for one in found:
        view = _view(one)
        room, order = rooms.get(one.id), known.get((one.company_id, one.reference))
        if room is not None:
            kept = ReservationView(
                id=room.id, amount=room.amount, expires_at=room.expires_at, status=room.status
            )
            view = dataclasses.replace(view, reservation=kept)
        if order is not None:
            view = dataclasses.replace(view, order_id=order.id, order_status=order.status)
        views.append(view)
    return tuple(views)


def _view(stored: StoredDecision) -> DecisionView:
    policy = policies.by_id(stored.policy_version_id)
    facts = recording.from_dict(stored.facts)
    return DecisionView(
        id=stored.id,
        company_id=stored.company_id,
        customer_id=stored.customer_id,
        facts=facts,
        decision=order_policy.verdict_of(stored, facts=facts, policy=order_policy.parsed(policy)),
        policy_name=policy.pack,
        policy_number=policy.number,
        is_committed=stored.is_committed,
        purpose=stored.purpose,
        decided_at=stored.decided_at,
    )
