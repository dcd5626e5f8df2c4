"""A decision as doors show it: the verdict with its facts, its policy, its reservation and what became of the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.core.decisions import explain, wording
from tradecredit.core.kernel import limit as limits

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationView:
    """Room kept for a document until a moment."""

    id: UUID
    amount: Money
    expires_at: datetime
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """One recorded decision."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    facts: CreditFacts
    decision: Decision
    policy_name: str
    policy_number: int
    is_committed: bool
    purpose: str
    decided_at: datetime
    reservation: ReservationView | None = None
    order_id: UUID | None = None
    order_status: str = ""
    approval_request_id: UUID | None = None

    @property
    def lets_through(self) -> bool:
        """Tell whether the document may proceed without a person."""
        return self.decision.outcome.lets_through


def as_document(view: DecisionView, *, language: str) -> dict[str, Any]:
    """Return the answer of the public interface: money as text, sentences in the language."""
    facts, decision = view.facts, view.decision
    return {
        "id": str(view.id),
        "company": facts.request.company,
        "customer": facts.customer.code,
        **_beside(facts),
        "reference": facts.request.reference,
        "control_point": facts.request.control_point.value,
        "amount": facts.request.amount.text(),
        "currency": facts.currency,
        "outcome": decision.outcome.text,
        "reasons": _reasons(view, language),
        "headroom_before": limits.text(decision.headroom.available),
        "headroom_after": limits.text(decision.headroom_after),
        "exposure": facts.exposure.as_dict(),
        "remedies": _remedies(decision, language),
        "deciders": [
            {
                "role": decider.role,
                "name": wording.role_name(decider.role).in_language(language),
                "mode": decider.mode,
                "why": decider.why.in_language(language),
            }
            for decider in decision.deciders
        ],
        "policy": {"name": view.policy_name, "version": view.policy_number},
        "reservation": _reservation(view.reservation),
        "order_status": view.order_status or None,
        "approval_request": None if view.approval_request_id is None else str(view.approval_request_id),
        "committed": view.is_committed,
        "purpose": view.purpose,
        "decided_at": view.decided_at.isoformat(),
    }


def _beside(facts: CreditFacts) -> dict[str, Any]:
    """Return who ordered where another's account is checked, and the levels that were looked at with their rates."""
    found: dict[str, Any] = {}
    if facts.customer.sold_to:
        found["sold_to"] = {"customer": facts.customer.sold_to, "role": facts.customer.role}
    if facts.nodes:
        found["levels"] = [
            {
                "code": node.code,
                "name": node.name,
                "currency": node.currency,
                "limit": limits.text(node.limit),
                "exposure": node.total().rounded().text(),
                "rates": [line.rate.as_dict() for line in node.lines if line.rate is not None],
            }
            for node in facts.nodes
        ]
    if facts.settings:
        found["settings"] = [one.as_dict() for one in facts.settings]
    return found


def _reasons(view: DecisionView, language: str) -> list[dict[str, Any]]:
    reasons = explain.reasons(decision=view.decision, facts=view.facts)
    return [
        {
            "code": reason.code,
            "text": reason.words.in_language(language),
            "rule": result.code,
            "facts": dict(reason.facts),
            "passed": result.passed,
        }
        for reason, result in zip(reasons, view.decision.reasons, strict=True)
    ]


def _remedies(decision: Decision, language: str) -> list[dict[str, Any]]:
    return [
        {
            "code": remedy.code,
            "text": wording.remedy_text(remedy).in_language(language),
            "amount": None if remedy.amount is None else remedy.amount.text(),
            "prepaid": None if remedy.prepaid is None else remedy.prepaid.text(),
            "references": list(remedy.references),
            "days": remedy.days,
            "releases": remedy.is_enough,
        }
        for remedy in decision.remedies
    ]


def _reservation(reservation: ReservationView | None) -> dict[str, Any] | None:
    if reservation is None:
        return None
    return {
        "id": str(reservation.id),
        "amount": reservation.amount.text(),
        "expires_at": reservation.expires_at.isoformat(),
        "status": reservation.status,
    }
