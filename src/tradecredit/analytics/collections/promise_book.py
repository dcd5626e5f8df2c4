"""Promises and instalment plans with what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.collections import gate
from tradecredit.analytics.receivables import reading
from tradecredit.apps.collections import agreements
from tradecredit.core.collections import instalment_plans, promises
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.collections.agreements import AgreedPlan
    from tradecredit.core.collections.promises import PromiseState

# Paid: set against the items promised (all of the customer's where none is named) from the day of the promise to its
# last day, plus money of those days that has no place yet.
_PROMISES = """
SELECT p.id, p.customer_id, c.code, c.name, p.amount, p.currency, p.promised_date, p.made_on, p.text, p.recorded_by,
       coalesce((SELECT sum(a.amount) FROM cash_application_allocation a
                 WHERE a.company_id = p.company_id AND a.customer_id = p.customer_id AND a.currency = p.currency
                   AND a.payment_id IS NOT NULL
                   AND a.effective_date BETWEEN p.made_on AND p.promised_date + %(grace)s::int
                   AND (cardinality(p.instalment_ids) = 0 OR a.instalment_id = ANY (p.instalment_ids))), 0)
     + coalesce((SELECT sum(y.amount - y.allocated_amount - y.returned_amount) FROM cash_application_payment y
                 WHERE y.company_id = p.company_id AND y.customer_id = p.customer_id AND y.currency = p.currency
                   AND y.payment_date BETWEEN p.made_on AND p.promised_date + %(grace)s::int), 0) AS paid
FROM collections_promise p JOIN dossier_customer c ON c.id = p.customer_id
WHERE p.company_id = %(company)s AND p.withdrawn_on IS NULL
  AND (%(customer)s::uuid IS NULL OR p.customer_id = %(customer)s)
  AND p.made_on BETWEEN %(since)s AND %(as_of)s
ORDER BY p.promised_date DESC, p.id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPromise:
    """A promise with what was paid towards it and what that makes of it."""

    id: UUID
    customer_code: str
    customer_name: str
    amount: Money
    promised_date: date
    made_on: date
    text: str
    recorded_by: str
    paid: Money
    state: PromiseState


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPlan:
    """An instalment plan with where it stands; one that ended stands where it ended."""

    agreed: AgreedPlan
    standing: instalment_plans.Standing | None


def judged(
    *, company_id: UUID, as_of: date, since: date, grace_days: int, customer_id: UUID | None = None
) -> tuple[JudgedPromise, ...]:
    """Return the promises made since a day, each kept, broken or open as of the day."""
    values = {
        "company": company_id,
        "customer": customer_id,
        "since": since,
        "as_of": as_of,
        "grace": grace_days,
    }
    return tuple(
        JudgedPromise(
            id=row["id"],
            customer_code=row["code"],
            customer_name=row["name"],
            amount=Money(row["amount"], row["currency"]),
            promised_date=row["promised_date"],
            made_on=row["made_on"],
            text=row["text"],
            recorded_by=row["recorded_by"],
            paid=Money(row["paid"], row["currency"]),
            state=promises.state(
                promises.Promise(
                    promised_date=row["promised_date"], amount=Money(row["amount"], row["currency"])
                ),
                paid=Money(row["paid"], row["currency"]),
                as_of=as_of,
                grace_days=grace_days,
            ),
        )
        for row in reading.fetch(_PROMISES, values)
    )


def plans_of(*, company_id: UUID, customer_id: UUID, as_of: date) -> Sequence[JudgedPlan]:
    """Return the customer's instalment plans, latest first, each with where it stands."""
    running = {one.id: one for one in gate.running_plans(company_id=company_id, customer_ids=[customer_id])}
    return [
        JudgedPlan(
            agreed=agreed,
            standing=instalment_plans.standing(agreed.plan, paid=running[agreed.id].paid, as_of=as_of)
            if agreed.id in running
            else None,
        )
        for agreed in agreements.agreed_plans(company_id=company_id, customer_id=customer_id)
    ]
