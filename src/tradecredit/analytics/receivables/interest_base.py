"""What bears interest on a day: overdue instalments of sales, their rate, and up to when they were charged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import books, reading
from tradecredit.core.receivables import late_interest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.analytics.receivables.policies import LateInterest
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.open_items import Instalment

# Everything that was late before the day and is not wholly charged: settled in the meantime or not. A contract's rate is
# agreed from the day on which it is signed, within its time (its last day included) and until it was ended.
_QUERY = """
SELECT l.id, l.line, l.customer_id, v.contract_number, v.salesperson, v.is_demo, k.interest_daily_rate AS rate,
    i.charged_until
FROM receivables_instalment l
JOIN receivables_invoice v ON v.id = l.invoice_id AND v.kind = 'invoice' AND v.nature = 'sale'
JOIN dossier_customer c ON c.id = l.customer_id
LEFT JOIN receivables_contract k ON k.company_id = v.company_id AND k.number = v.contract_number
    AND v.contract_number <> '' AND k.signed_on <= %(as_of)s AND k.valid_from <= %(as_of)s
    AND (k.valid_to IS NULL OR k.valid_to >= %(as_of)s)
    AND (k.status = 'signed' OR (k.status = 'ended' AND EXISTS (SELECT FROM receivables_contractevent e
        WHERE e.contract_id = k.id AND e.kind = 'ended' AND e.day > %(as_of)s)))
LEFT JOIN LATERAL (SELECT max(x.invoice_date) AS charged_until FROM receivables_invoice x
    WHERE x.company_id = l.company_id AND x.nature = 'interest' AND x.refers_to = v.number || '#' || l.line) i ON TRUE
WHERE l.company_id = %(company)s AND l.due_date < %(due_before)s
    AND (l.settled_on IS NULL OR l.settled_on > l.due_date)
    AND (%(customer)s::text IS NULL OR c.code = %(customer)s)
    AND (%(ids)s::uuid[] IS NULL OR l.id = ANY (%(ids)s::uuid[]))
ORDER BY c.code, v.number, l.line
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chargeable:
    """One instalment that was or is late; ``daily_rate`` is its contract's, if one in force on the day names one."""

    instalment: Instalment
    line: int
    customer_id: UUID
    contract_number: str
    salesperson: str
    is_demo: bool
    daily_rate: Decimal | None
    charged_until: date | None

    def rate(self, policy: LateInterest) -> Decimal:
        """Return the daily rate that holds: the contract's, or the policy's."""
        return policy.daily_rate if self.daily_rate is None else self.daily_rate

    def accrued(self, policy: LateInterest, *, until: date) -> Money:
        """Return the interest up to the day that was not charged yet."""
        return late_interest.accrued(
            instalment=self.instalment,
            until=until,
            daily_rate=self.rate(policy),
            charged_until=self.charged_until,
        )


def chargeable(
    *,
    company_id: UUID,
    as_of: date,
    due_before: date,
    customer_code: str | None = None,
    instalment_ids: Sequence[str] | None = None,
) -> tuple[Chargeable, ...]:
    """Return the instalments (of a customer, or those named) that fell due before the day and were not settled in time."""
    values = {"company": company_id, "as_of": as_of, "due_before": due_before, "customer": customer_code}
    rows = reading.fetch(_QUERY, {**values, "ids": None if instalment_ids is None else list(instalment_ids)})
    customer_ids = tuple({row["customer_id"] for row in rows})
    found = books.instalments(as_of=as_of, company_id=company_id, customer_ids=customer_ids) if rows else {}
    by_id = {one.item_id: one for instalments in found.values() for one in instalments}
    return tuple(
        Chargeable(
            instalment=by_id[str(row["id"])],
            line=row["line"],
            customer_id=row["customer_id"],
            contract_number=row["contract_number"],
            salesperson=row["salesperson"],
            is_demo=row["is_demo"],
            daily_rate=row["rate"],
            charged_until=row["charged_until"],
        )
        for row in rows
        if str(row["id"]) in by_id
    )
