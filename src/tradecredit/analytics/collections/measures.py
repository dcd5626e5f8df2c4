"""What collecting achieves: promises kept, cash after contact by stage, channel and collector, letters that brought money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from tradecredit.analytics.collections import promise_book
from tradecredit.analytics.receivables import reading
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

By = Literal["stage", "channel", "collector", "way", "outcome"]
# What came within so many days of a contact; cash after two contacts counts for the later one only.
_WINDOW_DAYS = 14

_CONTACTS = """
WITH contact AS (
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
       count(*) FILTER (WHERE cash > 0)::int AS followed, sum(cash) AS cash
FROM paid GROUP BY 1 ORDER BY sum(cash) DESC, 1
"""

_LETTERS = """
SELECT n.stage AS key, count(DISTINCT n.letter_id)::int AS contacts, count(DISTINCT n.customer_id)::int AS customers,
       count(DISTINCT n.letter_id) FILTER (WHERE p.cash > 0)::int AS followed, coalesce(sum(p.cash), 0) AS cash
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
    """What a kind of contact brought: how many, how many were followed by cash in time, and how much."""

    key: str
    contacts: int
    customers: int
    followed: int
    cash: Decimal

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
    """Whose books, over which days, in which currency."""

    company_id: UUID
    since: date
    as_of: date
    currency: str


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


def effects_table(span: Span, *, by: By) -> Table:
    """Return cash after contact as a report."""
    return Table(
        name="cash-after-contact",
        title=Words(
            zh=f"联系后回款，{span.since} 至 {span.as_of}",
            en=f"Cash after contact, {span.since} to {span.as_of}",
        ),
        columns=(
            Column(key=by, label=Words(zh="分组", en="Group")),
            Column(key="contacts", label=Words(zh="联系次数", en="Contacts"), kind="number"),
            Column(key="customers", label=Words(zh="客户数", en="Customers"), kind="number"),
            Column(key="followed", label=Words(zh="其后有回款", en="Followed by cash"), kind="number"),
            Column(key="cash", label=Words(zh="回款金额", en="Cash"), kind="amount"),
        ),
        rows=tuple(
            (one.key, one.contacts, one.customers, one.followed, one.cash) for one in contacts(span, by=by)
        ),
    )


def _effects(sql: str, span: Span) -> Sequence[Effect]:
    values: dict[str, Any] = {
        "company": span.company_id,
        "since": span.since,
        "as_of": span.as_of,
        "currency": span.currency,
        "window": _WINDOW_DAYS,
    }
    return [Effect(**row) for row in reading.fetch(sql, values)]
