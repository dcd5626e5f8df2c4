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


def letters(*, as_of: date, company_id: UUID) -> dict[UUID, AbcClass]:
    """Return the class of every customer of a company that owes: the worst of its currencies, by amount."""
    shares = policies.in_force(company_id=company_id, as_of=as_of).abc_shares
    ledger = Ledger(as_of=as_of, company_id=company_id)
    rows = reading.fetch(ledger.sql(_QUERY), ledger.values)
    classes = _classes(rows, shares)
    found: dict[UUID, AbcClass] = {}
    for row in rows:
        letter = classes[row["currency"], "amount", _key(row)]
        found[row["customer_id"]] = max(letter, found.get(row["customer_id"], letter))
    return found


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
