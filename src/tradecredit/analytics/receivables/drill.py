"""The documents behind one cell of an aging: the same lines, so that their total is the cell's to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics import columns
from tradecredit.analytics.receivables import aging, policies, reading
from tradecredit.analytics.receivables.ledger_sql import DIMENSIONS, Ledger
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.receivables.aging import Scheme

# What a cell may be of beside a bucket: the columns that stand apart.
APART = ("unapplied_cash", "credit_notes", "bills", "disputed", "open")

_QUERY = """
SELECT company_code, customer_code, customer_name, kind, document, document_date, due_date, currency, amount, open,
    disputed, bucket
FROM (
    SELECT {whose}, kind, number || CASE WHEN line > 1 THEN '#' || line ELSE '' END AS document,
        invoice_date AS document_date, due_date, currency, amount, open,
        least(open, coalesce(t.disputed, 0)) AS disputed,
        CASE WHEN kind = 'invoice' THEN {bucket} ELSE -2 END AS bucket
    FROM standing LEFT JOIN (SELECT id AS line_id, amount AS disputed FROM contested) t ON t.line_id = standing.id
    WHERE open <> 0
    UNION ALL
    SELECT {whose}, 'payment', number, payment_date, NULL, currency, paid, open, 0, -1 FROM unapplied WHERE open <> 0
    UNION ALL
    SELECT {whose}, 'bill', number, received_on, due_date, currency, open, open, 0, -3 FROM papers
) cells
WHERE currency = %(currency)s AND {condition} AND {filters}
ORDER BY due_date, customer_code, document
"""
_CONDITIONS: Mapping[str, str] = {
    "unapplied_cash": "bucket = -1",
    "credit_notes": "bucket = -2",
    "bills": "bucket = -3",
    "disputed": "bucket >= 0 AND disputed > 0",
    "open": "bucket >= 0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: a bucket's key or the name of a column apart, in one currency, of a group (by dimension)."""

    column: str
    currency: str
    group: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """The rows of a cell and their total, which is what the cell shows."""

    rows: tuple[dict[str, Any], ...]
    total: Money
    scheme: Scheme


def documents(
    *,
    cell: Cell,
    as_of: date,
    known_at: datetime | None = None,
    scheme: str = policies.DEFAULT_SCHEME,
    company_id: UUID | None = None,
) -> Documents:
    """Return the documents of a cell; raises UnableToAgeError for an unknown scheme, column or dimension."""
    found = aging.scheme_named(scheme, company_id=company_id, as_of=as_of)
    columns = aging.dimension_columns(list(cell.group))
    ledger = Ledger(as_of=as_of, known_at=known_at, company_id=company_id, has_grades="grade" in cell.group)
    values = {f"group_{name}": value for name, value in cell.group.items()}
    filters = [f"{column} = %(group_{name})s" for name, column in zip(cell.group, columns, strict=True)]
    query = _QUERY.format(
        whose=", ".join(("customer_name", *DIMENSIONS.values())),
        bucket=aging.bucket_sql(found, ledger),
        condition=_condition(cell.column, found),
        filters=" AND ".join(filters) or "TRUE",
    )
    ledger.values.update(currency=cell.currency, **values)
    rows = tuple(reading.fetch(ledger.sql(query, with_payments=True), ledger.values))
    name = "disputed" if cell.column == "disputed" else "open"
    total = sum((row[name] for row in rows), Money.zero(cell.currency).amount)
    return Documents(rows=rows, total=Money(total, cell.currency), scheme=found)


def documents_table(found: Documents) -> Table:
    """Return the documents of a cell as a table for a file."""
    return Table(
        name="documents",
        title=Words(zh="单据明细", en="Documents"),
        columns=(
            columns.COMPANY,
            columns.CUSTOMER,
            columns.CUSTOMER_NAME,
            columns.DOCUMENT,
            columns.DOCUMENT_DATE,
            columns.DUE_DATE,
            columns.CURRENCY,
            columns.AMOUNT,
            columns.OPEN,
            columns.DISPUTED,
        ),
        rows=tuple(
            (
                row["company_code"], row["customer_code"], row["customer_name"], row["document"],
                row["document_date"], row["due_date"], row["currency"], Money(row["amount"], row["currency"]),
                Money(row["open"], row["currency"]), Money(row["disputed"], row["currency"]),
            )
            for row in found.rows
        ),
    )  # fmt: skip


def _condition(column: str, scheme: Scheme) -> str:
    if column in _CONDITIONS:
        return _CONDITIONS[column]
    keys = [bucket.key for bucket in scheme.buckets]
    if column not in keys:
        known = ", ".join([*keys, *APART])
        raise aging.UnableToAgeError(
            Words(
                zh=f"没有列 {column}；可选：{known}。",
                en=f"There is no column {column}; choose from {known}.",
            )
        )
    return f"bucket = {keys.index(column)}"
