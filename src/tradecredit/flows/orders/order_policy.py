"""The policy in force for orders: order control and authority, parsed once for each version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions import policies
from tradecredit.core.approvals import authority, routing
from tradecredit.core.decisions import policy, verdicts

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.decisions.policy import OrderControl


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInForce:
    """A stored policy, parsed."""

    stored: policies.StoredPolicy
    control: OrderControl
    authority: Authority


# A version never changes, so its parsed sections may be kept.
_parsed: dict[UUID, PolicyInForce] = {}


def in_force(wanted: set[tuple[UUID, date]]) -> dict[tuple[UUID, date], PolicyInForce]:
    """Return the policy in force for each company and day, parsed once for each version."""
    return {
        (company_id, day): parsed(policies.in_force(company_id=company_id, as_of=day))
        for company_id, day in wanted
    }


def known(version_id: UUID) -> PolicyInForce | None:
    """Return a version that this process has parsed already."""
    return _parsed.get(version_id)


def parsed(stored: policies.StoredPolicy) -> PolicyInForce:
    """Return a stored policy with its parsed sections."""
    if stored.id not in _parsed:
        document = stored.document
        _parsed[stored.id] = PolicyInForce(
            stored=stored,
            control=policy.of_document(document),
            authority=authority.parse(document["authority"]),
        )
    return _parsed[stored.id]


def verdict_of(stored: StoredDecision, *, facts: CreditFacts, policy: PolicyInForce) -> Decision:
    """Return the verdict as it was recorded, or derive it where only its outline was: it is a function of both."""
    if stored.verdict is not None:
        return verdicts.from_dict(stored.verdict, currency=facts.currency)
    return routing.decide(facts=facts, policy=policy.control, authority=policy.authority)
