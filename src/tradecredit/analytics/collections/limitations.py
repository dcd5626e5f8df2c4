"""The clock of limitation of every open item of a customer, with what started it anew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import reading
from tradecredit.core.collections import limitation
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.case_policy import CasePolicy

_ITEMS = """
SELECT i.id, c.code AS customer_code, c.name AS customer_name, v.number, i.line, i.due_date, i.currency,
       i.amount - i.settled_amount AS open, greatest(i.disputed_amount, coalesce(d.amount, 0)) AS disputed,
       d.reason_code, v.invoice_date, v.order_number, v.contract_number
FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
JOIN dossier_customer c ON c.id = i.customer_id
LEFT JOIN receivables_dispute d ON d.instalment_id = i.id AND d.closed_on IS NULL
WHERE i.company_id = %(company)s AND i.settled_amount < i.amount AND i.due_date < %(as_of)s
  AND (%(customer)s::uuid IS NULL OR i.customer_id = %(customer)s)
  AND i.due_date <= %(until)s
ORDER BY i.due_date, v.number, i.line
"""

# A demand counts when it is proven to have arrived; an acknowledgement is a confirmed statement or a plan that says so.
_RESTARTS = """
SELECT n.instalment_id AS id, p.day, 'demand' AS cause, l.number AS reference
FROM collections_notice n
JOIN collections_letter l ON l.id = n.letter_id
JOIN collections_letterproof p ON p.letter_id = l.id AND p.kind IN ('delivered', 'signed', 'read')
WHERE n.instalment_id = ANY (%(ids)s::uuid[])
UNION ALL
SELECT x.instalment_id, s.answered_at::date, 'acknowledgement', s.number
FROM receivables_accountstatementline x
JOIN receivables_accountstatement s ON s.id = x.statement_id
WHERE x.instalment_id = ANY (%(ids)s::uuid[]) AND s.answered_at IS NOT NULL
  AND (x.answer = 'agreed' OR s.status = 'confirmed')
UNION ALL
SELECT i.id, p.agreed_on, 'acknowledgement', p.number
FROM collections_instalmentplan p
JOIN receivables_instalment i ON i.customer_id = p.customer_id AND i.company_id = p.company_id
WHERE p.acknowledges_debt AND i.id = ANY (%(ids)s::uuid[])
  AND (cardinality(p.instalment_ids) = 0 OR i.id = ANY (p.instalment_ids))
UNION ALL
SELECT a.instalment_id, a.effective_date, 'part_payment', coalesce(y.number, '')
FROM cash_application_allocation a LEFT JOIN cash_application_payment y ON y.id = a.payment_id
WHERE a.instalment_id = ANY (%(ids)s::uuid[]) AND a.payment_id IS NOT NULL AND a.reverses_id IS NULL
  AND NOT EXISTS (SELECT 1 FROM cash_application_allocation r WHERE r.reverses_id = a.id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateItem:
    """An overdue item with its clock; no clock where the policy keeps none."""

    id: UUID
    customer_code: str
    customer_name: str
    document: str
    line: int
    invoice_date: date
    due_date: date
    days_overdue: int
    open: Money
    disputed: Money
    dispute_reason: str
    order_number: str
    contract_number: str
    clock: limitation.Limitation | None


def of_customer(
    *, company_id: UUID, customer_id: UUID | None, as_of: date, policy: CasePolicy, until: date | None = None
) -> tuple[LateItem, ...]:
    """Return the overdue items of the customer (of all without one), the oldest first; ``until`` bounds the due day."""
    values = {"company": company_id, "customer": customer_id, "as_of": as_of, "until": until or as_of}
    rows = reading.fetch(_ITEMS, values)
    restarts: defaultdict[UUID, list[limitation.Restart]] = defaultdict(list)
    if policy.limitation_years is not None and rows:
        for found in reading.fetch(_RESTARTS, {"ids": [row["id"] for row in rows]}):
            restarts[found["id"]].append(
                limitation.Restart(day=found["day"], cause=found["cause"], reference=found["reference"])
            )
    return tuple(
        LateItem(
            id=row["id"],
            customer_code=row["customer_code"],
            customer_name=row["customer_name"],
            document=row["number"],
            line=row["line"],
            invoice_date=row["invoice_date"],
            due_date=row["due_date"],
            days_overdue=(as_of - row["due_date"]).days,
            open=Money(row["open"], row["currency"]),
            disputed=Money(row["disputed"], row["currency"]),
            dispute_reason=row["reason_code"] or "",
            order_number=row["order_number"],
            contract_number=row["contract_number"],
            clock=_clock(row["due_date"], restarts[row["id"]], policy, as_of),
        )
        for row in rows
    )


def _clock(
    due_date: date, restarts: list[limitation.Restart], policy: CasePolicy, as_of: date
) -> limitation.Limitation | None:
    if policy.limitation_years is None:
        return None
    return limitation.clock(
        due_date=due_date,
        restarts=restarts,
        years=policy.limitation_years,
        red_days=policy.limitation_red_days,
        as_of=as_of,
    )
