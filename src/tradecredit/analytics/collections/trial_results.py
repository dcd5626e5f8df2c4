"""What the two sides of a trial of strategies achieved: sums over customers, by one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import reading
from tradecredit.core.collections.strategy_trials import CHALLENGER, CHAMPION
from tradecredit.core.collections.trial_measures import Measure, Sums
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.strategy_trials import Trial

# Which side each customer with an item is on: the lot of ``strategy_trials.drawn``, drawn by the database.
MEMBER: Final = """member AS (
    SELECT c.customer_id, CASE WHEN
        ('x' || left(encode(sha256(convert_to(%(code)s || ':' || c.customer_id::text, 'UTF8')), 'hex'), 8))
            ::bit(32)::bigint * 100 < (%(share)s::bigint << 32) THEN 'challenger' ELSE 'champion' END AS arm
    FROM (SELECT DISTINCT customer_id FROM item) c
    WHERE cardinality(%(grades)s::text[]) = 0 OR (
        SELECT r.grade FROM scoring_rating r
        WHERE r.company_id = %(company)s AND r.customer_id = c.customer_id AND r.as_of <= %(start)s AND r.grade <> ''
        ORDER BY r.as_of DESC, r.recorded_at DESC LIMIT 1) = ANY (%(grades)s::text[])
)
"""

# Items that fell due on the days and were still open when they began. Whoever is on a side counts there, spoken to or
# not. What was settled without money (credited, set off) was neither paid nor late and is left out.
_ITEMS: Final = """
WITH item AS (
    SELECT i.id, i.customer_id, i.amount, i.currency, i.due_date, i.settled_on,
           i.due_date + %(within)s::int AS last_day
    FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    WHERE i.company_id = %(company)s AND i.due_date BETWEEN %(since)s AND %(until)s
      AND (i.settled_on IS NULL OR i.settled_on >= %(since)s)
), """

_ACHIEVED: Final = (
    _ITEMS
    + MEMBER
    + """
, judged AS (
    SELECT i.customer_id, i.amount, i.currency,
           i.settled_on IS NOT NULL AND i.settled_on <= i.last_day AS is_settled,
           least(greatest(coalesce(i.settled_on, i.last_day) - i.due_date, 0), %(within)s::int) AS days,
           least(greatest(coalesce(p.cash, 0), 0), i.amount) AS cash
    FROM item i CROSS JOIN LATERAL (
        SELECT sum(a.amount) AS cash FROM cash_application_allocation a
        WHERE a.instalment_id = i.id AND a.payment_id IS NOT NULL AND a.effective_date <= i.last_day) p
), one AS (
    SELECT m.arm, j.customer_id, count(*)::numeric AS items,
           count(*) FILTER (WHERE j.is_settled)::numeric AS paid, sum(j.days)::numeric AS days,
           coalesce(sum(j.amount) FILTER (WHERE j.currency = %(currency)s), 0) AS owed,
           coalesce(sum(j.cash) FILTER (WHERE j.currency = %(currency)s), 0) AS cash
    FROM judged j JOIN member m ON m.customer_id = j.customer_id
    WHERE NOT j.is_settled OR j.cash > 0
    GROUP BY m.arm, j.customer_id
)
SELECT arm, count(*)::int AS customers, count(*) FILTER (WHERE owed > 0)::int AS owing,
       sum(items) AS items, sum(items * items) AS items_items, sum(paid) AS paid, sum(paid * paid) AS paid_paid,
       sum(items * paid) AS items_paid, sum(days) AS days, sum(days * days) AS days_days,
       sum(items * days) AS items_days, sum(owed) AS owed, sum(owed * owed) AS owed_owed, sum(cash) AS cash,
       sum(cash * cash) AS cash_cash, sum(owed * cash) AS owed_cash
FROM one GROUP BY arm
"""
)

_SPENT: Final = (
    _ITEMS
    + MEMBER
    + """
, price AS (
    SELECT * FROM unnest(%(ways)s::text[], %(costs)s::numeric[]) AS p(way, cost)
), contact AS (
    SELECT m.arm, count(*)::int AS contacts, sum(coalesce(p.cost, 0)) AS cost
    FROM collections_caseevent e
    JOIN member m ON m.customer_id = e.customer_id
    LEFT JOIN price p ON p.way = e.way
    WHERE e.company_id = %(company)s AND e.kind = 'contact' AND e.day BETWEEN %(since)s AND %(ends)s GROUP BY m.arm
), letter AS (
    SELECT arm, count(*)::int AS letters FROM collections_letter
    WHERE company_id = %(company)s AND trial = %(code)s AND status = 'sent' GROUP BY arm
)
SELECT s.arm, coalesce(l.letters, 0) AS letters, coalesce(c.contacts, 0) AS contacts,
       coalesce(l.letters, 0) * %(letter_cost)s::numeric + coalesce(c.cost, 0) AS cost
FROM (VALUES ('champion'), ('challenger')) AS s(arm)
LEFT JOIN contact c ON c.arm = s.arm LEFT JOIN letter l ON l.arm = s.arm
"""
)

_PAID: Final = Words(zh="按时付清的笔数占比", en="Items paid in time")
_CASH: Final = Words(zh="按时收回的金额占比", en="Money paid in time")
_DAYS: Final = Words(zh="平均逾期天数（封顶）", en="Average days late, capped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whose items count: those due from a day to a day, both included; ``ends`` is the last day of asking."""

    company_id: UUID
    currency: str
    since: date
    until: date
    ends: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What asking took on one side: letters that left, contacts, and what both cost in the base currency."""

    letters: int = 0
    contacts: int = 0
    cost: Decimal = Decimal(0)


def achieved(trial: Trial, window: Window) -> tuple[Measure, ...]:
    """Return the measures of both sides: items paid in time first, then money, then days late."""
    rows = {row["arm"]: row for row in reading.fetch(_ACHIEVED, _values(trial, window))}

    def sums(arm: str, x: str, y: str) -> Sums:
        row = rows.get(arm)
        if row is None:
            return Sums()
        return Sums(
            customers=row["owing"] if x == "owed" else row["customers"],
            x=row[x],
            y=row[y],
            xx=row[f"{x}_{x}"],
            xy=row[f"{x}_{y}"],
            yy=row[f"{y}_{y}"],
        )

    def of(x: str, y: str) -> dict[str, Sums]:
        return {"champion": sums(CHAMPION, x, y), "challenger": sums(CHALLENGER, x, y)}

    return (
        Measure(code="paid", words=_PAID, unit="share", is_more_better=True, **of("items", "paid")),
        Measure(code="cash", words=_CASH, unit="share", is_more_better=True, **of("owed", "cash")),
        Measure(code="days", words=_DAYS, unit="days", is_more_better=False, **of("items", "days")),
    )


def spent(
    trial: Trial, window: Window, *, costs: Mapping[str, Decimal], letter_cost: Decimal
) -> dict[str, Spent]:
    """Return by side what asking took; ``costs`` are those of a contact by its way."""
    values = _values(trial, window) | {
        "ways": list(costs),
        "costs": list(costs.values()),
        "letter_cost": letter_cost,
    }
    return {row.pop("arm"): Spent(**row) for row in map(dict, reading.fetch(_SPENT, values))}


def _values(trial: Trial, window: Window) -> dict[str, Any]:
    return {
        "company": window.company_id,
        "currency": window.currency,
        "since": window.since,
        "until": window.until,
        "ends": window.ends,
        "within": trial.paid_within_days,
        "code": trial.code,
        "share": trial.share,
        "grades": list(trial.grades),
        "start": trial.from_date,
    }
