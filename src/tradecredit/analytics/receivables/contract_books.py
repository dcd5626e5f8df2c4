"""Contracts with their money: billed, paid, overdue, and how far collection has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics import columns, scoping
from tradecredit.analytics.receivables import reading
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

Row = dict[str, Any]

_OVERDUE = """
SELECT v.contract_number AS number, max(%(as_of)s::date - l.due_date) AS days
FROM receivables_instalment l JOIN receivables_invoice v ON v.id = l.invoice_id
WHERE v.company_id = %(company)s AND v.contract_number = ANY(%(numbers)s) AND v.kind = 'invoice'
    AND l.settled_amount < l.amount AND l.due_date < %(as_of)s GROUP BY v.contract_number
"""

_ENDING = """
SELECT k.id, k.customer_id, k.number, k.valid_to FROM receivables_contract k
WHERE k.company_id = %(company)s AND k.status = 'signed'
    AND k.valid_to BETWEEN %(as_of)s::date AND %(as_of)s::date + %(within)s::int ORDER BY k.valid_to, k.number
"""

# A schedule's parts with what became of them: planned, reached, billed, and paid by the invoices that bill them.
_PROGRESS = """
SELECT k.id, k.number, k.title, k.status, k.valid_from, k.valid_to, k.signed_on, k.accelerated_on, k.currency,
    k.amount, k.salesperson, k.grade, c.code AS customer_code, c.name AS customer_name,
    coalesce(b.billed, 0) AS billed, coalesce(b.paid, 0) AS paid, coalesce(b.open, 0) AS open,
    coalesce(b.overdue, 0) AS overdue, coalesce(b.overdue_days, 0) AS overdue_days, n.next_due
FROM receivables_contract k
JOIN dossier_customer c ON c.id = k.customer_id
LEFT JOIN LATERAL (
    SELECT sum(l.amount) AS billed, sum(l.settled_amount) AS paid, sum(l.amount - l.settled_amount) AS open,
        sum(l.amount - l.settled_amount) FILTER (WHERE l.due_date < %(as_of)s) AS overdue,
        max(%(as_of)s::date - l.due_date) FILTER (WHERE l.due_date < %(as_of)s AND l.settled_amount < l.amount)
            AS overdue_days
    FROM receivables_invoice v JOIN receivables_instalment l ON l.invoice_id = v.id
    WHERE v.company_id = k.company_id AND v.contract_number = k.number AND v.kind = 'invoice'
        AND v.nature = 'sale' AND v.currency = k.currency) b ON TRUE
LEFT JOIN LATERAL (SELECT min(p.due_date) AS next_due FROM receivables_contractline p
    WHERE p.contract_id = k.id AND p.due_date >= %(as_of)s) n ON TRUE
WHERE (%(company)s::uuid IS NULL OR k.company_id = %(company)s) AND {scope} AND {filters}
ORDER BY coalesce(b.overdue, 0) DESC, k.recorded_at DESC, k.number LIMIT %(most)s
"""

_TRACK = """
SELECT p.sequence, p.kind, p.label, p.currency, p.amount, p.days, p.is_from_month_end, p.reached_on, p.due_date,
    p.invoice_number, coalesce(b.paid, 0) AS paid, coalesce(b.open, 0) AS open, b.settled_on,
    CASE WHEN coalesce(b.open, p.amount) > 0 AND p.due_date < %(as_of)s THEN %(as_of)s::date - p.due_date END
        AS days_overdue
FROM receivables_contractline p
JOIN receivables_contract k ON k.id = p.contract_id
LEFT JOIN LATERAL (
    SELECT sum(l.settled_amount) AS paid, sum(l.amount - l.settled_amount) AS open, max(l.settled_on) AS settled_on
    FROM receivables_invoice v JOIN receivables_instalment l ON l.invoice_id = v.id
    WHERE v.company_id = p.company_id AND v.number = p.invoice_number AND v.kind = 'invoice'
        AND p.invoice_number <> '') b ON TRUE
WHERE p.contract_id = %(contract)s ORDER BY p.sequence
"""


def overdue_days(*, company_id: UUID, numbers: Sequence[str], as_of: date) -> dict[str, int]:
    """Return how many days the oldest open receivable of each contract is overdue; contracts without are left out."""
    if not numbers:
        return {}
    rows = reading.fetch(_OVERDUE, {"company": company_id, "numbers": list(numbers), "as_of": as_of})
    return {row["number"]: row["days"] for row in rows}


def ending(*, company_id: UUID, as_of: date, within_days: int) -> list[tuple[UUID, UUID, str, date]]:
    """Return signed contracts that end within the days, as (contract, customer, number, last day)."""
    rows = reading.fetch(_ENDING, {"company": company_id, "as_of": as_of, "within": within_days})
    return [(row["id"], row["customer_id"], row["number"], row["valid_to"]) for row in rows]


def progress(
    *,
    company_id: UUID | None,
    as_of: date,
    customer_code: str | None = None,
    status: str | None = None,
    number: str | None = None,
    most: int = 500,
) -> list[Row]:
    """Return the contracts in scope with what is billed, paid, open and overdue of each, worst first."""
    scope = scoping.rows(company="k.company_id", customer="c")
    filters = ["TRUE"]
    filters += ["c.code = %(customer)s"] if customer_code else []
    filters += ["k.status = %(status)s"] if status else []
    filters += ["k.number = %(number)s"] if number else []
    values = {
        "company": company_id, "as_of": as_of, "customer": customer_code, "status": status, "number": number,
        "most": most, **scope.values,
    }  # fmt: skip
    return reading.fetch(_PROGRESS.format(scope=scope.sql, filters=" AND ".join(filters)), values)


def track(*, contract_id: UUID, as_of: date) -> list[Row]:
    """Return the parts of a contract's schedule with what became of each."""
    return reading.fetch(_TRACK, {"contract": contract_id, "as_of": as_of})


def progress_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return how far collection has come, a row a contract: amount, billed, paid, open, overdue and the rate."""
    rows = progress(company_id=company_id, as_of=as_of, most=100_000)
    return Table(
        name="collection-progress",
        title=Words(zh=f"合同回款进度，截至 {as_of}", en=f"Collection progress by contract as of {as_of}"),
        columns=(
            Column(key="contract", label=Words(zh="合同号", en="Contract")),
            columns.CUSTOMER,
            columns.CUSTOMER_NAME,
            columns.SALESPERSON,
            columns.STATUS,
            columns.CURRENCY,
            Column(key="amount", label=Words(zh="合同金额", en="Contract amount"), kind="amount"),
            Column(key="billed", label=Words(zh="已开票", en="Billed"), kind="amount"),
            Column(key="paid", label=Words(zh="已回款", en="Paid"), kind="amount"),
            Column(key="open", label=Words(zh="未回款", en="Open"), kind="amount"),
            columns.OVERDUE,
            Column(key="progress", label=Words(zh="回款进度（占合同）", en="Paid of the contract"), kind="ratio"),
        ),
        rows=tuple(
            (
                row["number"], row["customer_code"], row["customer_name"], row["salesperson"], row["status"],
                row["currency"],
                *(Money(row[name], row["currency"]) for name in ("amount", "billed", "paid", "open", "overdue")),
                (row["paid"] / row["amount"]).quantize(row["amount"].__class__("0.0001")),
            )
            for row in rows
        ),
    )  # fmt: skip
