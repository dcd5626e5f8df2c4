"""Review lines after a grade moved: where policy now proposes another amount, it is put to those who decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.limits import queries
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.limits import review
from tradecredit.flows.limits import limit_advice, propose_limit
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.flows.limits.limit_advice import Advice
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitReview:
    """How many lines were looked at and which proposals were made."""

    reviewed: int
    proposal_ids: tuple[UUID, ...]


def review_limits(
    *, company: Company, customer_ids: Iterable[UUID], actor: Actor, as_of: date | None = None
) -> LimitReview:
    """Compare the lines of the customers with what policy proposes after the latest move of their grade.

    A line with an open proposal is left alone: people are looking at it already.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        advices = limit_advice.advise(
            company_id=company.pk, customer_ids=customer_ids, currency=company.base_currency, as_of=day
        )
        asked = queries.customers_with_open_proposal(
            company_id=company.pk,
            customer_ids=list(advices),
            line_kind="base",
            currency=company.base_currency,
        )
        due = [advice for advice in advices.values() if advice.customer.id not in asked and _is_due(advice)]
        proposals = propose_limit.propose_by_formula(
            company=company,
            advices=due,
            actor=actor,
            reasons={advice.customer.id: _reason(advice) for advice in due},
            as_of=day,
        )
    return LimitReview(reviewed=len(advices), proposal_ids=tuple(each.id for each in proposals))


def _is_due(advice: Advice) -> bool:
    policy = advice.policy.limits.review
    if policy is None or advice.rating is None:
        return False
    return review.is_due(
        policy,
        direction=str(advice.rating.result["change"]["direction"]),
        current=advice.base,
        proposed=advice.proposal.amount,
    )


def _reason(advice: Advice) -> str:
    rating = advice.rating
    return "" if rating is None else f"{rating.old_grade} → {rating.grade}: {tagged.text(advice.base)}"
