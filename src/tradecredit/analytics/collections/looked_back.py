"""What a ladder of steps would have said over the last days, beside what was said: two statements over the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

# The first day of an item in a step, inside the window, on which it was still open and nobody contested all of it.
_WOULD = """
WITH step AS (
    SELECT * FROM unnest(%(codes)s::text[], %(from_days)s::int[], %(to_days)s::int[]) WITH ORDINALITY
        AS s(code, from_days, to_days, rank)
), least_amount AS (
    SELECT * FROM unnest(%(currencies)s::text[], %(amounts)s::numeric[]) AS m(currency, amount)
), entered AS (
    SELECT i.id, i.customer_id, i.currency, i.amount, s.code, s.rank,
           greatest(i.due_date + s.from_days, v.invoice_date, %(since)s::date) AS day,
           i.due_date + coalesce(s.to_days, 100000) AS last_day, i.settled_on
    FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    CROSS JOIN step s
    WHERE i.company_id = %(company)s AND i.due_date + s.from_days <= %(as_of)s
      AND i.due_date + coalesce(s.to_days, 100000) >= %(since)s
      AND (i.settled_on IS NULL OR i.settled_on > greatest(i.due_date + s.from_days, %(since)s::date))
), spoken AS (
    SELECT e.* FROM entered e LEFT JOIN least_amount m ON m.currency = e.currency
    WHERE e.day <= least(e.last_day, %(as_of)s::date) AND e.amount >= coalesce(m.amount, 0)
      AND NOT EXISTS (SELECT 1 FROM receivables_dispute d WHERE d.instalment_id = e.id AND d.opened_on <= e.day
                      AND (d.closed_on IS NULL OR d.closed_on > e.day))
)
SELECT s.code, s.rank, count(x.id)::int AS items, count(DISTINCT x.customer_id)::int AS customers,
       coalesce(sum(x.amount), 0) AS amount
FROM step s LEFT JOIN spoken x ON x.code = s.code GROUP BY s.code, s.rank ORDER BY s.rank
"""

_DID = """
SELECT stage AS code, count(*)::int AS items, count(DISTINCT customer_id)::int AS customers
FROM collections_notice WHERE company_id = %(company)s AND as_of BETWEEN %(since)s AND %(as_of)s GROUP BY stage
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCount:
    """Of one step: what would have been said, and what was; None for a step that the policy of then did not have."""

    code: str
    items: int
    customers: int
    amount: Decimal
    said_items: int
    said_customers: int


def of_company(
    *,
    company_id: UUID,
    as_of: date,
    days: int,
    ladder: Sequence[tuple[str, int, int | None]],
    minimum_amounts: Mapping[str, Decimal],
) -> tuple[StepCount, ...]:
    """Return the steps in their order with both counts."""
    values = {
        "company": company_id,
        "as_of": as_of,
        "since": as_of.fromordinal(as_of.toordinal() - days),
        "codes": [code for code, _, _ in ladder],
        "from_days": [first for _, first, _ in ladder],
        "to_days": [last for _, _, last in ladder],
        "currencies": list(minimum_amounts),
        "amounts": list(minimum_amounts.values()),
    }
    did = {row["code"]: row for row in reading.fetch(_DID, values)}
    return tuple(
        StepCount(
            code=row["code"],
            items=row["items"],
            customers=row["customers"],
            amount=row["amount"],
            said_items=did.get(row["code"], {}).get("items", 0),
            said_customers=did.get(row["code"], {}).get("customers", 0),
        )
        for row in reading.fetch(_WOULD, values)
    )
