"""Which customers have to be looked at today: a few statements over all open items, however quiet the day is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

# A customer needs a look when an item stands in a step that was not said yet, when it should be frozen or
# marked and is not, or when it is frozen or marked and no item is late enough for that any more.
_ATTENTION = """
WITH step AS (
    SELECT * FROM unnest(%(codes)s::text[], %(from_days)s::int[], %(to_days)s::int[], %(has_effects)s::bool[])
        AS s(code, from_days, to_days, has_effects)
), standing AS (
    SELECT i.id, i.customer_id, s.code, s.has_effects
    FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    JOIN step s ON %(as_of)s::date - i.due_date BETWEEN s.from_days AND coalesce(s.to_days, 1000000)
    WHERE i.company_id = %(company)s AND i.settled_amount < i.amount
      AND i.due_date <= %(as_of)s::date - %(earliest)s::int
), switched AS (
    SELECT customer_id FROM monitoring_freeze
    WHERE company_id = %(company)s AND cause = 'dunning' AND lifted_on IS NULL
    UNION
    SELECT customer_id FROM monitoring_riskmark
    WHERE company_id = %(company)s AND cause = 'dunning' AND lifted_on IS NULL
)
SELECT x.customer_id FROM standing x
WHERE NOT EXISTS (SELECT 1 FROM collections_notice n WHERE n.instalment_id = x.id AND n.stage = x.code)
UNION
SELECT x.customer_id FROM standing x
WHERE x.has_effects AND NOT EXISTS (SELECT 1 FROM switched w WHERE w.customer_id = x.customer_id)
UNION
SELECT w.customer_id FROM switched w
WHERE NOT EXISTS (SELECT 1 FROM standing x WHERE x.customer_id = w.customer_id AND x.has_effects)
"""

_BECAME_LATE = """
SELECT i.customer_id, count(*)::int, max(%(as_of)s::date - i.due_date)::int
FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
WHERE i.company_id = %(company)s AND i.settled_amount < i.amount
  AND EXISTS (
      SELECT 1 FROM unnest(%(days)s::int[]) AS d(day)
      WHERE i.due_date + d.day > %(since)s::date AND i.due_date + d.day <= %(as_of)s::date)
GROUP BY i.customer_id ORDER BY i.customer_id
"""

_OLDEST = """
SELECT i.customer_id, max(%(as_of)s::date - i.due_date)::int
FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
WHERE i.company_id = %(company)s AND i.settled_amount < i.amount AND i.due_date < %(as_of)s::date
  AND (%(customers)s::uuid[] IS NULL OR i.customer_id = ANY (%(customers)s::uuid[]))
GROUP BY i.customer_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlace:
    """Where a step of the strategy begins and ends, and whether it freezes or marks."""

    code: str
    from_days: int
    to_days: int | None
    has_effects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LateItems:
    """How many items of a customer reached a threshold of days, and how late the oldest of them is."""

    customer_id: UUID
    count: int
    days_max: int


def needing_attention(*, company_id: UUID, as_of: date, steps: Sequence[StepPlace]) -> tuple[UUID, ...]:
    """Return the customers on whom dunning has to decide today, in a fixed order."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ATTENTION,
            {
                "company": company_id,
                "as_of": as_of,
                "codes": [step.code for step in steps],
                "from_days": [step.from_days for step in steps],
                "to_days": [step.to_days for step in steps],
                "has_effects": [step.has_effects for step in steps],
                "earliest": min(step.from_days for step in steps),
            },
        )
        return tuple(sorted((row[0] for row in cursor.fetchall()), key=str))


def became_late(*, company_id: UUID, since: date, as_of: date, days: Sequence[int]) -> tuple[LateItems, ...]:
    """Return the customers with items that reached any of the days overdue after ``since`` and up to ``as_of``."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BECAME_LATE, {"company": company_id, "since": since, "as_of": as_of, "days": list(days)}
        )
        return tuple(
            LateItems(customer_id=customer, count=count, days_max=days_max)
            for customer, count, days_max in cursor.fetchall()
        )


def overdue_days_max(
    *, company_id: UUID, as_of: date, customer_ids: Sequence[UUID] | None = None
) -> Mapping[UUID, int]:
    """Return by customer the days overdue of its oldest open item; customers with nothing overdue are absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OLDEST,
            {
                "company": company_id,
                "as_of": as_of,
                "customers": None if customer_ids is None else list(customer_ids),
            },
        )
        return dict(cursor.fetchall())


def ended_lines(*, company_id: UUID, since: date, as_of: date) -> tuple[UUID, ...]:
    """Return the customers whose credit line ended after ``since`` and up to ``as_of`` (the end is excluded)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT customer_id FROM limits_creditline"
            " WHERE company_id = %s AND valid_to > %s AND valid_to <= %s ORDER BY customer_id",
            [company_id, since, as_of],
        )
        return tuple(row[0] for row in cursor.fetchall())
