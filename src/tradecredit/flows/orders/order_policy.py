"""The policy in force for orders: order control and authority, parsed once for each version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.decisions import policies
from tradecredit.core.approvals import authority, routing
from tradecredit.core.decisions import policy, verdicts
from tradecredit.core.limits import grade_policy, order_terms

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.limits.grade_policy import GradePolicy
    from tradecredit.core.limits.order_terms import OpenOrders


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInForce:
    """A stored policy, parsed."""

    stored: policies.StoredPolicy
    control: OrderControl
    authority: Authority
    grades: tuple[GradePolicy, ...]
    open_orders: OpenOrders

    def grade(self, grade: str | None) -> GradePolicy | None:
        """Return what a grade means for trade; nothing for no grade, or one that the pack does not know."""
        return next((one for one in self.grades if one.grade == grade), None)

    def terms_of(self, facts: CreditFacts) -> int | None:
        """Return the days of an order: as asked, else what its line and the grade of the day give."""
        if facts.request.terms_days is not None:
            return facts.request.terms_days
        grade = self.grade(facts.rating.grade)
        return order_terms.by_default(
            line_days=facts.line.days,
            grade_days=None if grade is None else grade.terms_days,
            is_taken_over=facts.line.is_taken_over,
        )


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
            grades=grade_policy.parse(document["grades"]) if "grades" in document else (),
            open_orders=order_terms.parse(document.get("grades", {})),
        )
    return _parsed[stored.id]


def verdict_of(stored: StoredDecision, *, facts: CreditFacts, policy: PolicyInForce) -> Decision:
    """Return the verdict as it was recorded, or derive it where only its outline was: it is a function of both."""
    if stored.verdict is not None:
        return verdicts.from_dict(stored.verdict, currency=facts.currency)
    return routing.decide(facts=facts, policy=policy.control, authority=policy.authority)
