"""A grade that got worse opens a case, where the policy says so and the customer owes something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.receivables import queries as receivables
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.collections import open_case, strategies
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

CAUSE: Final = "downgrade"
_WORDS: Final = Words(
    zh="信用等级由 {old} 降为 {new}，自动进入催收流程",
    en="The grade fell from {old} to {new}: the customer is watched over by collections",
)


def follow_downgrade(
    *, company: Company, customer_ids: Iterable[UUID], as_of: date, actor: Actor
) -> tuple[UUID, ...]:
    """Open a case for each of the customers whose latest rating is a downgrade and who owes something; returns them."""
    with db.unit_of_work(actor):
        strategy = strategies.in_force(company_id=company.pk, as_of=as_of)
        if not strategy.cases.opens_on_downgrade:
            return ()
        ratings = scoring.latest(company_id=company.pk, customer_ids=list(customer_ids), as_of=as_of)
        fallen = {
            customer: rating
            for customer, rating in ratings.items()
            if str(rating.result["change"]["direction"]) == "down"
        }
        owing = {
            customer for customer, _ in receivables.open_lines(company_id=company.pk, customer_ids=fallen)
        }
        return tuple(
            open_case.open_case(
                company=company,
                customer_id=customer,
                as_of=as_of,
                actor=actor,
                cause=f"{CAUSE}:{rating.old_grade}-{rating.grade}",
                words=_WORDS.filled(old=rating.old_grade, new=rating.grade),
            )
            for customer, rating in sorted(fallen.items(), key=lambda entry: str(entry[0]))
            if customer in owing
        )
