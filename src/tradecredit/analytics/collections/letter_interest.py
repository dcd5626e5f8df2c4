"""Interest of the lines of letters, by the rule by which it would be charged on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import interest_base, policies
from tradecredit.core.collections.letter_interest import LineInterest, Told, of_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.customer_books import Line
    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """The interest of instalments up to a day; those that bear none are absent."""

    by_instalment: Mapping[str, LineInterest]
    basis: Words | None
    until: date

    def told(self, lines: Iterable[Line]) -> Told:
        """Return what a letter of these lines tells: on what it asks for, not on what is contested."""
        return Told(
            lines=tuple(
                LineInterest(
                    amount=of_asked(found.amount, asked=line.asked, open_amount=line.item.open_amount),
                    daily_rate=found.daily_rate,
                    contract_number=found.contract_number,
                )
                for line in lines
                if (found := self.by_instalment.get(line.item.instalment_id)) is not None
            ),
            basis=self.basis,
            until=self.until,
        )


def of_lines(*, company_id: UUID, lines: Sequence[Line], as_of: date) -> Interest:
    """Return the interest up to the day, in one reading for all lines; what was charged already is not told again."""
    policy = policies.in_force(company_id=company_id, as_of=as_of).late_interest
    found = (
        interest_base.chargeable(
            company_id=company_id,
            as_of=as_of,
            due_before=as_of - timedelta(days=policy.grace_days),
            instalment_ids=[line.item.instalment_id for line in lines],
        )
        if lines
        else ()
    )
    by_instalment = {
        item.instalment.item_id: LineInterest(
            amount=amount,
            daily_rate=item.rate(policy),
            contract_number="" if item.daily_rate is None else item.contract_number,
        )
        for item in found
        if policy.is_worth_it(amount := item.accrued(policy, until=as_of))
    }
    return Interest(by_instalment=by_instalment, basis=policy.basis, until=as_of)
