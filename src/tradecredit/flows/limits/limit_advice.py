"""What policy says about customers' lines today: the formula's amount with every step, beside the line in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import queries
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.flows.ratings import rating_facts, rating_policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.limits.grade_policy import NamedCondition
    from tradecredit.core.limits.recommend import Proposal
    from tradecredit.core.limits.validity import Effective
    from tradecredit.core.scoring.values import Value
    from tradecredit.flows.ratings.rating_policy import RatingPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The proposed line of one customer, with what it was made from."""

    customer: CustomerRecord
    policy: RatingPolicy
    values: Mapping[str, Value]
    rating: RatingRecord | None
    proposal: Proposal
    in_force: Effective | None
    currency: str

    @property
    def current(self) -> Limit:
        """Return the limit in force, temporary lines included."""
        return tagged.NotSet() if self.in_force is None else self.in_force.limit

    @property
    def base(self) -> Limit:
        """Return the limit of the base line in force."""
        line = None if self.in_force is None else self.in_force.base
        return tagged.NotSet() if line is None else line.limit

    @property
    def grade(self) -> str | None:
        """Return the grade in force; None for a customer never rated."""
        return None if self.rating is None else self.rating.grade

    def conditions_of(self, limit: Limit) -> tuple[NamedCondition, ...]:
        """Return the conditions that a line of this amount needs, those of the grade among them."""
        amount = limit.money.amount if isinstance(limit, tagged.Amount) else None
        needed = recommend.conditions_of(
            self.policy.limits, amount=amount, grade=self.proposal.grade, values=self.values
        )
        return tuple({each.name: each for each in (*self.proposal.conditions, *needed)}.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the calculation for recording and for showing."""
        amount = self.proposal.amount
        return {
            "proposed": None if amount is None else amount.text(),
            "currency": self.currency,
            "current": tagged.text(self.current),
            "grade": self.grade,
            "calculated_for_grade": self.proposal.grade,
            "score": None if self.rating is None or self.rating.score is None else f"{self.rating.score:f}",
            "rating_id": None if self.rating is None else str(self.rating.id),
            "policy_version_id": str(self.policy.version_id),
            "is_trial": self.proposal.is_trial,
            "terms_days": self.proposal.terms_days,
            "prepayment_percent": f"{self.proposal.prepayment_percent:f}",
            "steps": [
                {
                    "name": step.name,
                    "after": None if step.after is None else f"{step.after:f}",
                    "words": step.words.as_dict(),
                }
                for step in self.proposal.steps
            ],
            "conditions": [
                {"name": each.name, "label": each.label.as_dict()} for each in self.proposal.conditions
            ],
        }


def advise(
    *, company_id: UUID, customer_ids: Iterable[UUID], currency: str, as_of: date
) -> dict[UUID, Advice]:
    """Return the advice for each customer in sight; call it inside a scope."""
    customers = dossier.customers_by_id(customer_ids)
    policy = rating_policy.in_force(company_id=company_id, as_of=as_of)
    values = rating_facts.gather(
        company_id=company_id,
        customers=customers,
        known=policy.attributes,
        currency=policy.limits.currency,
        as_of=as_of,
    )
    ratings = scoring.latest(company_id=company_id, customer_ids=customers, as_of=as_of)
    lines = queries.effective(company_id=company_id, customer_ids=customers, as_of=as_of)
    return {
        customer_id: Advice(
            customer=customer,
            policy=policy,
            values=values[customer_id],
            rating=ratings.get(customer_id),
            proposal=_proposal(
                policy, rating=ratings.get(customer_id), values=values[customer_id], currency=currency
            ),
            in_force=lines.get((customer_id, currency)),
            currency=currency,
        )
        for customer_id, customer in customers.items()
    }


def _proposal(
    policy: RatingPolicy, *, rating: RatingRecord | None, values: Mapping[str, Value], currency: str
) -> Proposal:
    # Never rated counts as rated without a score; so does a grade that the scale in force no longer has.
    grade = policy.scale.without_score
    if rating is not None and rating.grade in policy.scale.grades:
        grade = rating.grade
    terms = grade_policy.of_grade(policy.grades, grade=grade)
    return recommend.propose(policy.limits, grade=terms, values=values, currency=currency)
