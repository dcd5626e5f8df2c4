"""Payment behaviour of many customers with one statement: the twin of ``core.receivables.payment_behaviour``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.receivables import policies, reading
from tradecredit.analytics.receivables.ledger_sql import PAID, Ledger
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import payment_behaviour
from tradecredit.core.receivables.payment_behaviour import Behaviour

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.receivables.payment_behaviour import BehaviourPolicy, Trend

# See Note [Judged items] of the core. `late` counts the days after the due day, `signed` the days before it as well.
_LOOKED_AT = """, looked_at AS (
    SELECT * FROM standing WHERE kind = 'invoice'
        AND (%(window_days)s::int IS NULL OR invoice_date > %(as_of)s::date - %(window_days)s::int)
)"""

_JUDGED = """, judged AS (
    SELECT l.customer_id, l.currency, l.due_date, l.amount - p.credit AS owed, p.in_time,
        l.amount - p.credit - p.cash - p.loss AS open,
        coalesce(CASE WHEN p.cash >= l.amount - p.credit THEN p.latest_day
            WHEN p.cash + p.loss >= l.amount - p.credit THEN p.latest_loss END, %(as_of)s::date) AS until,
        l.invoice_date, p.cash >= l.amount - p.credit AS is_settled
    FROM looked_at l JOIN paid p ON p.id = l.id
    WHERE l.amount > p.credit AND (p.cash >= l.amount - p.credit OR l.due_date < %(as_of)s)
), measured AS (
    SELECT *, until - due_date AS signed, greatest(until - due_date, 0) AS late,
        is_settled AND until <= due_date AS is_on_time
    FROM judged
), marked AS (
    SELECT m.*, max(due_date) FILTER (WHERE NOT is_on_time) OVER (PARTITION BY customer_id, currency) AS latest_late
    FROM measured m
), record AS (
    SELECT customer_id, currency, count(*) AS sample_size, sum(in_time) / sum(owed) AS on_time_by_amount,
        count(*) FILTER (WHERE is_on_time)::numeric / count(*) AS on_time_by_count,
        count(*) FILTER (WHERE NOT is_on_time) AS overdue_count,
        count(*) FILTER (WHERE open > 0) AS open_overdue_count,
        coalesce(sum(open), 0) AS open_overdue_amount,
        coalesce(max(owed - in_time) FILTER (WHERE NOT is_on_time), 0) AS max_overdue_amount,
        sum(late)::numeric / count(*) AS average_days_late, sum(owed * signed) / sum(owed) AS weighted_days_late,
        sum(owed * late) / sum(owed) AS weighted_days_delinquent,
        sum(owed * (until - invoice_date)) / sum(owed) AS weighted_days_to_pay, max(late) AS max_days_late,
        count(*) FILTER (WHERE is_on_time AND (latest_late IS NULL OR due_date > latest_late)) AS on_time_streak,
        avg(late::numeric) FILTER (WHERE due_date > %(as_of)s::date - %(recent_days)s::int) AS recent,
        avg(late::numeric) FILTER (WHERE due_date <= %(as_of)s::date - %(recent_days)s::int) AS earlier
    FROM marked GROUP BY customer_id, currency
), volume AS (
    SELECT customer_id, currency, count(DISTINCT number) AS invoice_count, sum(amount) AS invoiced_amount,
        min(invoice_date) AS earliest
    FROM looked_at GROUP BY customer_id, currency
)
SELECT v.*, r.sample_size, r.on_time_by_amount, r.on_time_by_count, r.overdue_count, r.open_overdue_count,
    r.open_overdue_amount, r.max_overdue_amount, r.average_days_late, r.weighted_days_late,
    r.weighted_days_delinquent, r.weighted_days_to_pay, r.max_days_late, r.on_time_streak,
    round(r.recent, 4) - round(r.earlier, 4) AS trend_days,
    v.invoice_count::numeric / ((extract(year FROM %(as_of)s::date) - extract(year FROM v.earliest)) * 12
        + extract(month FROM %(as_of)s::date) - extract(month FROM v.earliest) + 1) AS invoices_per_month
FROM volume v LEFT JOIN record r USING (customer_id, currency) ORDER BY v.customer_id, v.currency
"""
_QUERY = _LOOKED_AT + PAID.format(lines="looked_at") + _JUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBehaviour:
    """One customer's indicators in one currency."""

    customer_id: UUID
    behaviour: Behaviour


def behaviour(
    *,
    as_of: date,
    known_at: datetime | None = None,
    company_id: UUID | None = None,
    customer_ids: tuple[UUID, ...] | None = None,
    policy: BehaviourPolicy | None = None,
) -> tuple[CustomerBehaviour, ...]:
    """Return the indicators of every customer in scope that was invoiced by the day, a row a currency."""
    policy = policy or policies.in_force(company_id=company_id, as_of=as_of, known_at=known_at).behaviour
    ledger = Ledger(as_of=as_of, known_at=known_at, company_id=company_id, customer_ids=customer_ids)
    ledger.values.update(window_days=policy.window_days, recent_days=policy.recent_days)
    rows = reading.fetch(ledger.sql(_QUERY), ledger.values)
    return tuple(
        CustomerBehaviour(customer_id=row["customer_id"], behaviour=_behaviour(row, policy)) for row in rows
    )


def _behaviour(row: dict[str, Any], policy: BehaviourPolicy) -> Behaviour:
    currency = row["currency"]

    def money(column: str) -> Money | None:
        return None if row[column] is None else Money(row[column], currency)

    return Behaviour(
        currency=currency,
        sample_size=row["sample_size"] or 0,
        on_time_rate_by_amount=_figure(row["on_time_by_amount"]),
        on_time_rate_by_count=_figure(row["on_time_by_count"]),
        overdue_count=row["overdue_count"],
        open_overdue_count=row["open_overdue_count"],
        open_overdue_amount=money("open_overdue_amount"),
        max_overdue_amount=money("max_overdue_amount"),
        average_days_late=_figure(row["average_days_late"]),
        weighted_days_late=_figure(row["weighted_days_late"]),
        weighted_days_delinquent=_figure(row["weighted_days_delinquent"]),
        weighted_days_to_pay=_figure(row["weighted_days_to_pay"]),
        max_days_late=row["max_days_late"],
        on_time_streak=row["on_time_streak"],
        trend_days=row["trend_days"],
        trend=_trend(row["trend_days"], policy),
        invoice_count=row["invoice_count"],
        invoiced_amount=money("invoiced_amount"),
        average_invoice_amount=Money(row["invoiced_amount"] / row["invoice_count"], currency).rounded(),
        invoices_per_month=_figure(row["invoices_per_month"]),
    )


def _figure(value: Decimal | None) -> Decimal | None:
    return None if value is None else payment_behaviour.figure(value)


def _trend(change: Decimal | None, policy: BehaviourPolicy) -> Trend | None:
    if change is None:
        return None
    if abs(change) <= policy.steady_within_days:
        return "steady"
    return "slower" if change > 0 else "faster"
