"""What collecting achieves: promises kept, cash after contact by stage, channel and collector, letters that brought money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from tradecredit.analytics.collections import promise_book
from tradecredit.analytics.receivables import reading
from tradecredit.core.collections import case_policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.case_policy import CasePolicy

By = Literal["stage", "channel", "collector", "way", "outcome"]

# What came within the days of the policy; cash after two contacts counts for the later one only.
_CONTACTS = """
WITH price AS (
    SELECT * FROM unnest(%(ways)s::text[], %(costs)s::numeric[]) AS p(way, cost)
), contact AS (
    SELECT e.id, e.customer_id, e.day, e.stage, e.channel, e.recorded_by AS collector, e.way, e.outcome,
           lead(e.day) OVER (PARTITION BY e.customer_id ORDER BY e.day, e.id) AS next_day
    FROM collections_caseevent e
    WHERE e.company_id = %(company)s AND e.kind = 'contact' AND e.day BETWEEN %(since)s AND %(as_of)s
), paid AS (
    SELECT t.*, coalesce((
        SELECT sum(a.amount) FROM cash_application_allocation a
        WHERE a.company_id = %(company)s AND a.customer_id = t.customer_id AND a.payment_id IS NOT NULL
          AND a.currency = %(currency)s AND a.effective_date >= t.day
          AND a.effective_date < least(t.day + %(window)s::int, coalesce(t.next_day, 'infinity'::date))), 0) AS cash
    FROM contact t
)
SELECT {by} AS key, count(*)::int AS contacts, count(DISTINCT customer_id)::int AS customers,
       count(*) FILTER (WHERE cash > 0)::int AS followed, sum(cash) AS cash,
       coalesce(sum((SELECT p.cost FROM price p WHERE p.way = paid.way)), 0) AS cost
FROM paid GROUP BY 1 ORDER BY sum(cash) DESC, 1
"""

_LETTERS = """
SELECT n.stage AS key, count(DISTINCT n.letter_id)::int AS contacts, count(DISTINCT n.customer_id)::int AS customers,
       count(DISTINCT n.letter_id) FILTER (WHERE p.cash > 0)::int AS followed, coalesce(sum(p.cash), 0) AS cash,
       count(DISTINCT n.letter_id) * %(letter_cost)s::numeric AS cost
FROM collections_notice n
JOIN collections_letter l ON l.id = n.letter_id AND l.status = 'sent'
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS cash FROM cash_application_allocation a
    WHERE a.instalment_id = n.instalment_id AND a.payment_id IS NOT NULL AND a.effective_date >= n.as_of
      AND a.effective_date < n.as_of + %(window)s::int) p
WHERE n.company_id = %(company)s AND n.currency = %(currency)s AND n.as_of BETWEEN %(since)s AND %(as_of)s
GROUP BY 1 ORDER BY min(n.days_overdue)
"""

_BY: dict[By, str] = {
    "stage": "coalesce(nullif(stage, ''), '-')",
    "channel": "channel",
    "collector": "collector",
    "way": "way",
    "outcome": "outcome",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a kind of contact brought: how many, how many were followed by cash in time, how much, and what it cost."""

    key: str
    contacts: int
    customers: int
    followed: int
    cash: Decimal
    cost: Decimal

    @property
    def rate(self) -> Decimal | None:
        """Return the share that was followed by cash; None of nothing."""
        return Decimal(self.followed) / self.contacts if self.contacts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisesKept:
    """How many promises came due and what became of them."""

    kept: int
    broken: int
    open: int

    @property
    def due(self) -> int:
        """Return how many came due."""
        return self.kept + self.broken

    @property
    def rate(self) -> Decimal | None:
        """Return kept among those that came due; None where none did."""
        return Decimal(self.kept) / self.due if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whose books, over which days, in which currency; cash counts and contacts cost as the policy of cases says."""

    company_id: UUID
    since: date
    as_of: date
    currency: str
    policy: CasePolicy


def contacts(span: Span, *, by: By) -> Sequence[Effect]:
    """Return what contacts were followed by, the kind that brought most first."""
    return _effects(_CONTACTS.format(by=_BY[by]), span)


def letters(span: Span) -> Sequence[Effect]:
    """Return what the letters of each step were followed by, in the order of the steps."""
    return _effects(_LETTERS, span)


def promises_kept(span: Span, *, grace_days: int) -> PromisesKept:
    """Return what became of the promises made in the span."""
    states = [
        one.state
        for one in promise_book.judged(
            company_id=span.company_id, as_of=span.as_of, since=span.since, grace_days=grace_days
        )
    ]
    return PromisesKept(kept=states.count("kept"), broken=states.count("broken"), open=states.count("open"))


def _effects(sql: str, span: Span) -> Sequence[Effect]:
    costs = span.policy.contact_costs
    values: dict[str, Any] = {
        "company": span.company_id,
        "since": span.since,
        "as_of": span.as_of,
        "currency": span.currency,
        "window": span.policy.cash_after_contact_days,
        "ways": list(costs),
        "costs": list(costs.values()),
        "letter_cost": costs.get(case_policy.LETTER, Decimal(0)),
    }
    return [Effect(**row) for row in reading.fetch(sql, values)]
