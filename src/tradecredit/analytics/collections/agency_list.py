"""What an agency (or counsel) is given to collect: the overdue items of the cases that stand with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import columns
from tradecredit.analytics.receivables import reading
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_QUERY = """
SELECT k.number AS case_number, c.code, c.name, c.uscc, v.number, v.contract_number, i.due_date,
       (%(as_of)s::date - i.due_date)::int AS days, i.currency,
       i.amount - i.settled_amount - least(greatest(i.disputed_amount, coalesce(d.amount, 0)),
                                           i.amount - i.settled_amount) AS open,
       p.name AS contact, p.phone, coalesce(nullif(p.email, ''), c.email) AS email
FROM collections_case k
JOIN dossier_customer c ON c.id = k.customer_id
JOIN receivables_instalment i ON i.customer_id = k.customer_id AND i.company_id = k.company_id
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
LEFT JOIN receivables_dispute d ON d.instalment_id = i.id AND d.closed_on IS NULL
LEFT JOIN LATERAL (SELECT x.name, x.phone, x.email FROM dossier_contact x WHERE x.customer_id = c.id
                   ORDER BY x.is_collection_contact DESC, x.created_at LIMIT 1) p ON TRUE
WHERE k.company_id = %(company)s AND k.closed_on IS NULL AND k.channel = %(channel)s
  AND i.settled_amount < i.amount AND i.due_date < %(as_of)s
ORDER BY k.number, i.due_date, v.number
"""


def of_company(*, company_id: UUID, as_of: date, channel: str) -> Table:
    """Return one row an item; what is contested is taken off, and an item contested as a whole is left out."""
    rows = reading.fetch(_QUERY, {"company": company_id, "as_of": as_of, "channel": channel})
    return Table(
        name="agency",
        title=Words(zh=f"委外催收清单，{as_of}", en=f"Cases with an agency, {as_of}"),
        columns=(
            Column(key="case", label=Words(zh="案件号", en="Case")),
            columns.CUSTOMER,
            columns.CUSTOMER_NAME,
            Column(key="uscc", label=Words(zh="统一社会信用代码", en="USCC")),
            Column(key="invoice", label=Words(zh="发票号", en="Invoice")),
            Column(key="contract", label=Words(zh="合同号", en="Contract")),
            Column(key="due_date", label=Words(zh="到期日", en="Due date"), kind="day"),
            Column(key="days_overdue", label=Words(zh="逾期天数", en="Days overdue"), kind="number"),
            columns.CURRENCY,
            columns.AMOUNT,
            Column(key="contact", label=Words(zh="联系人", en="Contact")),
            Column(key="phone", label=Words(zh="电话", en="Phone")),
            Column(key="email", label=Words(zh="邮箱", en="Mail")),
        ),
        rows=tuple(
            (
                *(row["case_number"], row["code"], row["name"], row["uscc"], row["number"]),
                *(row["contract_number"], row["due_date"], row["days"], row["currency"]),
                Money(row["open"], row["currency"]),
                *(row["contact"] or "", row["phone"] or "", row["email"] or ""),
            )
            for row in rows
            if row["open"] > 0
        ),
    )
