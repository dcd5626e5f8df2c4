"""What keeps letters back, besides the ledger: opt-outs, plans being kept, letters of late, the bank's latest news."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.core.collections import instalment_plans, promises
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.strategy import Strategy

_OPT_OUTS = """
SELECT customer_id, instalment_id::text FROM collections_optout
WHERE company_id = %(company)s AND customer_id = ANY (%(customers)s::uuid[]) AND ended_on IS NULL
  AND since <= %(as_of)s AND (ends_on IS NULL OR ends_on > %(as_of)s)
"""

# Paid: what was set against the items of the plan, and money on account, since the day it was agreed.
_PLANS = """
SELECT p.id, p.customer_id, p.currency, p.accelerates_after_days, p.instalment_ids::text[], l.due_date, l.amount,
       coalesce((SELECT sum(a.amount) FROM cash_application_allocation a
                 WHERE a.company_id = p.company_id AND a.customer_id = p.customer_id
                   AND a.currency = p.currency AND a.effective_date >= p.agreed_on
                   AND (cardinality(p.instalment_ids) = 0 OR a.instalment_id = ANY (p.instalment_ids))), 0)
     + coalesce((SELECT sum(y.amount - y.allocated_amount - y.returned_amount) FROM cash_application_payment y
                 WHERE y.company_id = p.company_id AND y.customer_id = p.customer_id
                   AND y.currency = p.currency AND y.payment_date >= p.agreed_on
                   AND y.allocated_amount + y.returned_amount < y.amount), 0)
FROM collections_instalmentplan p JOIN collections_planline l ON l.plan_id = p.id
WHERE p.company_id = %(company)s AND p.customer_id = ANY (%(customers)s::uuid[]) AND p.ended_on IS NULL
ORDER BY p.id, l.position
"""

_LATELY = """
SELECT customer_id, count(*)::int FROM collections_letter
WHERE company_id = %(company)s AND customer_id = ANY (%(customers)s::uuid[]) AND kind = 'letter'
  AND status <> 'dropped' AND as_of > %(as_of)s::date - %(days)s::int
GROUP BY customer_id
"""

_BANK_SEEN = """
SELECT max(coalesce(to_date, recorded_at::date)) FROM cash_application_bankstatement WHERE company_id = %(company)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPlan:
    """An instalment plan that runs, with what was paid since it was agreed."""

    id: UUID
    customer_id: UUID
    plan: instalment_plans.Plan
    paid: Money


@dataclass(slots=True, kw_only=True)
class Gate:
    """By customer, what keeps letters back."""

    opted_out: set[UUID] = field(default_factory=set)
    opted_out_items: defaultdict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    plans: defaultdict[UUID, list[promises.Promise]] = field(default_factory=lambda: defaultdict(list))
    letters_lately: Mapping[UUID, int] = field(default_factory=dict)
    bank_seen_on: date | None = None

    def of(self, customer_id: UUID) -> dict[str, Any]:
        """Return what dunning's books say of the customer about it, by the names of their fields."""
        return {
            "is_opted_out": customer_id in self.opted_out,
            "opted_out_items": frozenset(self.opted_out_items.get(customer_id, ())),
            "letters_lately": self.letters_lately.get(customer_id, 0),
            "bank_seen_on": self.bank_seen_on,
        }


def of_customers(*, company_id: UUID, customer_ids: Sequence[UUID], as_of: date, strategy: Strategy) -> Gate:
    """Return what keeps letters to the customers back; letters and statements are looked at where the policy asks."""
    letter_days = strategy.most_letters.days if strategy.most_letters else 0
    values = {"company": company_id, "customers": list(customer_ids), "as_of": as_of, "days": letter_days}
    gate = Gate()
    for customer, instalment in _rows(_OPT_OUTS, values):
        if instalment is None:
            gate.opted_out.add(customer)
        else:
            gate.opted_out_items[customer].add(instalment)
    for one in running_plans(company_id=company_id, customer_ids=customer_ids):
        waiting = instalment_plans.as_promise(one.plan, paid=one.paid, as_of=as_of)
        if waiting is not None:
            gate.plans[one.customer_id].append(waiting)
    if letter_days:
        gate.letters_lately = dict(_rows(_LATELY, values))
    if strategy.bank_statement_max_age_days is not None:
        ((gate.bank_seen_on,),) = _rows(_BANK_SEEN, values)
    return gate


def running_plans(*, company_id: UUID, customer_ids: Sequence[UUID]) -> tuple[RunningPlan, ...]:
    """Return the instalment plans of the customers that nobody ended."""
    found: dict[UUID, tuple[Any, ...]] = {}
    parts: defaultdict[UUID, list[instalment_plans.Part]] = defaultdict(list)
    for row in _rows(_PLANS, {"company": company_id, "customers": list(customer_ids)}):
        found[row[0]] = row
        parts[row[0]].append(instalment_plans.Part(due_date=row[5], amount=Money(row[6], row[2])))
    return tuple(
        RunningPlan(
            id=plan_id,
            customer_id=row[1],
            plan=instalment_plans.Plan(
                parts=tuple(parts[plan_id]),
                accelerates_after_days=row[3],
                instalment_ids=frozenset(row[4]),
            ),
            paid=Money(row[7], row[2]),
        )
        for plan_id, row in found.items()
    )


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
