"""ABC classes of customers by either reading, for the report and for who is called first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics import columns
from tradecredit.analytics.receivables import policies, reading
from tradecredit.analytics.receivables.ledger_sql import Ledger
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import abc_classes
from tradecredit.core.receivables.abc_classes import Owed
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.receivables.abc_classes import AbcClass, Reading, Shares

_QUERY = """
SELECT company_code, customer_id, customer_code, customer_name, salesperson, currency, sum(open) AS open,
    coalesce(sum(open) FILTER (WHERE due_date < %(as_of)s), 0) AS overdue,
    greatest(%(as_of)s::date - min(due_date), 0) AS days_overdue
FROM standing WHERE kind = 'invoice' AND open > 0
GROUP BY company_code, customer_id, customer_code, customer_name, salesperson, currency
ORDER BY days_overdue DESC, open DESC, customer_code
"""

# The same order and the same middle as in core.receivables.abc_classes: a class begins where the middle lies.
_RISKIEST = """
WITH owed AS (
    SELECT i.currency, i.customer_id, sum(i.amount - i.settled_amount) AS open,
        greatest(%(as_of)s::date - min(i.due_date), 0) AS days
    FROM receivables_instalment i JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    WHERE i.company_id = %(company)s AND i.settled_amount < i.amount AND v.invoice_date <= %(as_of)s
    GROUP BY i.currency, i.customer_id
), ranked AS (
    SELECT o.customer_id, (sum(o.open) OVER safest - o.open / 2) * 100 AS middle,
        sum(o.open) OVER (PARTITION BY o.currency) AS whole
    FROM owed o JOIN dossier_customer c ON c.id = o.customer_id
    WINDOW safest AS (PARTITION BY o.currency ORDER BY o.days, o.open, c.code COLLATE "C"
        ROWS UNBOUNDED PRECEDING)
)
SELECT DISTINCT customer_id FROM ranked WHERE middle >= %(safe)s * whole ORDER BY customer_id
"""

_READINGS: tuple[Reading, ...] = ("amount", "count")
_COLUMNS = (
    columns.COMPANY,
    columns.CUSTOMER,
    columns.CUSTOMER_NAME,
    columns.SALESPERSON,
    columns.CURRENCY,
    Column(key="days_overdue", label=Words(zh="最长逾期天数", en="Oldest overdue, days"), kind="number"),
    columns.OPEN,
    columns.OVERDUE,
    Column(key="class_by_amount", label=Words(zh="分类（按金额累计）", en="Class (by amount)")),
    Column(key="class_by_count", label=Words(zh="分类（按户数累计）", en="Class (by count)")),
)


def abc_table(*, as_of: date, known_at: datetime | None = None, company_id: UUID | None = None) -> Table:
    """Return every customer that owes, the riskiest first, with its class by amount and by count, a row a currency."""
    shares = policies.in_force(company_id=company_id, as_of=as_of, known_at=known_at).abc_shares
    ledger = Ledger(as_of=as_of, known_at=known_at, company_id=company_id)
    rows = reading.fetch(ledger.sql(_QUERY), ledger.values)
    classes = _classes(rows, shares)
    return Table(
        name="abc",
        title=Words(
            zh=f"ABC 分类（按逾期天数、金额由稳到险累计 {shares.a}/{shares.b}，其余为 C），截至 {as_of}",
            en=f"ABC classes (safest first by days overdue and amount, {shares.a}/{shares.b}, rest C) as of {as_of}",
        ),
        columns=_COLUMNS,
        rows=tuple(
            (
                row["company_code"], row["customer_code"], row["customer_name"], row["salesperson"],
                row["currency"], row["days_overdue"], Money(row["open"], row["currency"]),
                Money(row["overdue"], row["currency"]),
                *(
                    classes[row["currency"], reading_, _key(row)]
                    for reading_ in _READINGS
                ),
            )
            for row in rows
        ),
    )  # fmt: skip


def riskiest(*, as_of: date, company_id: UUID) -> tuple[UUID, ...]:
    """Return the customers of class C by amount in any of their currencies, as the books stand now.

    One statement, however many owe; days overdue count to the day. The report says the same of the same books.
    """
    shares = policies.in_force(company_id=company_id, as_of=as_of).abc_shares
    values = {"company": company_id, "as_of": as_of, "safe": shares.a + shares.b}
    return tuple(row["customer_id"] for row in reading.fetch(_RISKIEST, values))


def _classes(rows: Sequence[dict[str, Any]], shares: Shares) -> dict[tuple[str, Reading, str], AbcClass]:
    """Return the class by currency, reading and customer."""
    by_currency: dict[str, list[Owed]] = {}
    for row in rows:
        owed = Owed(
            key=_key(row),
            days_overdue=row["days_overdue"],
            amount=Money(row["open"], row["currency"]),
        )
        by_currency.setdefault(row["currency"], []).append(owed)
    return {
        (currency, reading_, key): letter
        for currency, owed_ in by_currency.items()
        for reading_ in _READINGS
        for key, letter in abc_classes.classify(owed=owed_, shares=shares, by=reading_).items()
    }


def _key(row: dict[str, Any]) -> str:
    return f"{row['company_code']}/{row['customer_code']}"
