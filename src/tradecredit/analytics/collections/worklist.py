"""The collector's worklist: every customer with money overdue that may be asked for, the most worthwhile first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics import scoping
from tradecredit.analytics.collections import gate
from tradecredit.analytics.receivables import reading
from tradecredit.apps.exposure import node_queries
from tradecredit.core.collections import instalment_plans, ranking
from tradecredit.core.exposure import rates
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.ranking import Ranked
    from tradecredit.core.collections.steps import Step
    from tradecredit.core.collections.strategy import Strategy

# Open and overdue, less what is contested and what came in and has no place yet; a promise is broken when its day and
# grace passed and less than its amount was set against the customer's items, or came in, since it was made.
_QUERY = """
WITH late AS (
    SELECT i.customer_id, i.currency, max(%(as_of)s::date - i.due_date)::int AS days,
           sum(i.amount - i.settled_amount) AS overdue,
           sum(least(greatest(i.disputed_amount, coalesce(d.amount, 0)), i.amount - i.settled_amount)) AS disputed,
           count(*)::int AS items
    FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    JOIN dossier_customer c ON c.id = i.customer_id
    LEFT JOIN receivables_dispute d ON d.instalment_id = i.id AND d.closed_on IS NULL
    WHERE i.company_id = %(company)s AND i.settled_amount < i.amount AND i.due_date < %(as_of)s AND {scope}
    GROUP BY i.customer_id, i.currency
), cash AS (
    SELECT y.customer_id, y.currency, sum(y.amount - y.allocated_amount - y.returned_amount) AS rest
    FROM cash_application_payment y
    WHERE y.company_id = %(company)s AND y.allocated_amount + y.returned_amount < y.amount
      AND y.customer_id IN (SELECT customer_id FROM late)
    GROUP BY y.customer_id, y.currency
), promised AS (
    SELECT p.customer_id, min(p.promised_date) FILTER (WHERE p.promised_date + %(grace)s::int >= %(as_of)s) AS due_on,
           count(*) FILTER (WHERE p.promised_date + %(grace)s::int < %(as_of)s AND p.amount > coalesce((
               SELECT sum(a.amount) FROM cash_application_allocation a
               WHERE a.company_id = p.company_id AND a.customer_id = p.customer_id AND a.currency = p.currency
                 AND a.effective_date BETWEEN p.made_on AND p.promised_date + %(grace)s::int), 0))::int AS broken
    FROM collections_promise p
    WHERE p.company_id = %(company)s AND p.withdrawn_on IS NULL AND p.customer_id IN (SELECT customer_id FROM late)
    GROUP BY p.customer_id
)
SELECT l.customer_id, c.code, c.name, c.salesperson, c.region, l.currency, l.days, l.items, l.overdue, l.disputed,
       coalesce(y.rest, 0) AS cash, p.due_on, coalesce(p.broken, 0) AS broken,
       k.id AS case_id, k.number AS case_number, k.channel, k.owner_id, k.owner_name, k.next_on, k.next_action,
       (SELECT max(e.day) FROM collections_caseevent e WHERE e.case_id = k.id AND e.kind = 'contact') AS contacted_on,
       (SELECT e.outcome FROM collections_caseevent e WHERE e.case_id = k.id AND e.kind = 'contact'
        ORDER BY e.id DESC LIMIT 1) AS latest_outcome,
       (SELECT r.grade FROM scoring_rating r WHERE r.company_id = %(company)s AND r.customer_id = l.customer_id
        AND r.as_of <= %(as_of)s ORDER BY r.as_of DESC, r.recorded_at DESC LIMIT 1) AS grade
FROM late l
JOIN dossier_customer c ON c.id = l.customer_id
LEFT JOIN cash y ON y.customer_id = l.customer_id AND y.currency = l.currency
LEFT JOIN promised p ON p.customer_id = l.customer_id
LEFT JOIN collections_case k ON k.company_id = %(company)s AND k.customer_id = l.customer_id AND k.closed_on IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """A place on the worklist with what the desk shows of it; ``figures`` are the columns of the statement."""

    ranked: Ranked
    figures: dict[str, Any]
    asked: Money
    step: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worklist:
    """Whom to ask today, and how much money that is about in the company's currency."""

    rows: tuple[WorkRow, ...]
    total: Money
    promised_today: int
    broken: int
    disputed: int


def of_company(*, company_id: UUID, as_of: date, strategy: Strategy, currency: str) -> Worklist:
    """Return the worklist of everybody in the actor's scope, ranked in the company's currency.

    Amounts in a currency without a rate are ranked by their figure, so that none is forgotten.
    """
    here = scoping.rows(company="i.company_id", customer="c")
    values = {
        "company": company_id,
        "as_of": as_of,
        "grace": strategy.promise_grace_days,
        **here.values,
    }
    found = reading.fetch(_QUERY.format(scope=here.sql), values)
    waiting = _kept_plans(company_id, [row["customer_id"] for row in found], as_of)
    book = node_queries.rate_book(as_of=as_of)
    by_key = {f"{row['code']}:{row['currency']}": row for row in found}
    candidates = [
        _candidate(key, row, waiting, as_of, _in_base(row, book, currency, as_of))
        for key, row in by_key.items()
    ]
    ranked = ranking.rank(candidates, policy=strategy.cases, as_of=as_of)
    rows = tuple(_row(one, by_key[one.candidate.key], strategy) for one in ranked)
    return Worklist(
        rows=rows,
        total=money.total((row.ranked.candidate.asked for row in rows), currency),
        promised_today=sum(row.ranked.candidate.promise_due_on == as_of for row in rows),
        broken=sum(row.ranked.candidate.broken_promises > 0 for row in rows),
        disputed=sum(row.figures["disputed"] > 0 for row in rows),
    )


def _row(ranked: Ranked, figures: dict[str, Any], strategy: Strategy) -> WorkRow:
    step = strategy.step_of(ranked.candidate.days_max)
    return WorkRow(ranked=ranked, figures=figures, asked=_asked(figures), step=step)


def _kept_plans(company_id: UUID, customer_ids: Sequence[UUID], as_of: date) -> dict[UUID, date]:
    """Return by customer until when a plan that is being kept lets it pay."""
    if not customer_ids:
        return {}
    until: dict[UUID, date] = {}
    for one in gate.running_plans(company_id=company_id, customer_ids=customer_ids):
        promise = instalment_plans.as_promise(one.plan, paid=one.paid, as_of=as_of)
        if promise is not None:
            until[one.customer_id] = promise.promised_date
    return until


def _candidate(
    key: str, row: dict[str, Any], waiting: dict[UUID, date], as_of: date, asked: Money
) -> ranking.Candidate:
    promise = row["due_on"] or waiting.get(row["customer_id"])
    return ranking.Candidate(
        key=key,
        asked=asked,
        days_max=row["days"],
        grade=row["grade"] or None,
        broken_promises=row["broken"],
        promise_due_on=promise,
        latest_contact_on=row["contacted_on"],
        next_on=row["next_on"],
        is_waiting=promise is not None and promise > as_of,
    )


def _asked(row: dict[str, Any]) -> Money:
    amount = row["overdue"] - row["disputed"] - row["cash"]
    return Money(max(amount, amount - amount), row["currency"])


def _in_base(row: dict[str, Any], book: Sequence[rates.Rate], currency: str, as_of: date) -> Money:
    asked = _asked(row)
    rate = rates.find(book, source=asked.currency, target=currency, as_of=as_of)
    return rate.convert(asked).rounded() if rate is not None else Money(asked.amount, currency)
