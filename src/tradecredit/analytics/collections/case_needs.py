"""Which cases have to be opened, closed or handed over on a day: one statement over all open items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

# A line that is contested as a whole makes nobody late; it keeps a case open, since the money is still owed.
_NEEDS = """
WITH channel AS (
    SELECT * FROM unnest(%(codes)s::text[], %(from_days)s::int[]) WITH ORDINALITY AS c(code, from_days, rank)
), overdue AS (
    SELECT i.customer_id,
           max(%(as_of)s::date - i.due_date) FILTER (
               WHERE i.amount - i.settled_amount > greatest(i.disputed_amount, coalesce(d.amount, 0)))::int AS days
    FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    LEFT JOIN receivables_dispute d ON d.instalment_id = i.id AND d.closed_on IS NULL
    WHERE i.company_id = %(company)s AND i.settled_amount < i.amount AND i.due_date < %(as_of)s
      AND (%(customers)s::uuid[] IS NULL OR i.customer_id = ANY (%(customers)s::uuid[]))
    GROUP BY i.customer_id
), standing AS (
    SELECT c.id, c.customer_id, c.channel, c.cause FROM collections_case c
    WHERE c.company_id = %(company)s AND c.closed_on IS NULL
      AND (%(customers)s::uuid[] IS NULL OR c.customer_id = ANY (%(customers)s::uuid[]))
), compared AS (
    SELECT coalesce(o.customer_id, s.customer_id) AS customer_id, o.customer_id IS NOT NULL AS is_overdue, o.days,
           s.id, s.cause, s.channel,
           (SELECT c.code FROM channel c WHERE o.days >= c.from_days ORDER BY c.rank DESC LIMIT 1) AS wanted
    FROM overdue o FULL JOIN standing s ON s.customer_id = o.customer_id
)
SELECT x.customer_id, x.id, x.days, x.wanted, x.is_overdue FROM compared x
WHERE (x.id IS NULL AND x.days >= 1)
   OR (x.id IS NOT NULL AND NOT x.is_overdue AND x.cause = 'overdue')
   OR (x.id IS NOT NULL AND x.wanted IS NOT NULL
       AND array_position(%(order)s::text[], x.wanted) > array_position(%(order)s::text[], x.channel::text))
ORDER BY x.customer_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNeed:
    """What a customer's case asks for: to be opened (no case yet), closed (nothing overdue) or handed over."""

    customer_id: UUID
    case_id: UUID | None
    days_max: int
    channel: str | None
    is_overdue: bool


def of_company(
    *,
    company_id: UUID,
    as_of: date,
    channels: Sequence[tuple[str, int]],
    order: Sequence[str],
    customer_ids: Sequence[UUID] | None = None,
) -> tuple[CaseNeed, ...]:
    """Return what has to be done about cases today; a day on which nothing changed returns nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NEEDS,
            {
                "company": company_id,
                "as_of": as_of,
                "codes": [code for code, _ in channels],
                "from_days": [from_days for _, from_days in channels],
                "order": list(order),
                "customers": None if customer_ids is None else list(customer_ids),
            },
        )
        return tuple(
            CaseNeed(
                customer_id=customer, case_id=case, days_max=days or 0, channel=wanted, is_overdue=is_overdue
            )
            for customer, case, days, wanted, is_overdue in cursor.fetchall()
        )
