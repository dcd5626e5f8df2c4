"""Our bank statements with their check, the lines with what became of them, and the report of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables import reading
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

Row = dict[str, Any]
_MOST = 100_000

# A statement belongs to no customer: whoever sees only some customers sees none of it (the join never finds any).
_STATEMENTS = """
SELECT s.id, a.number AS account, a.currency, s.kind, s.format, s.profile, s.number, s.from_date, s.to_date,
    s.opening_amount, s.credit_amount, s.debit_amount, s.closing_amount, s.difference, s.is_balanced, s.entries,
    s.pending, s.file_name, s.recorded_at, s.recorded_by, s.accepted_at, s.accepted_by,
    s.notes_zh, s.notes_en, t.matched, t.suggested, t.unidentified, t.held, t.shown, t.brought,
    t.suggested + t.unidentified + t.held AS waiting
FROM cash_application_bankstatement s
JOIN cash_application_bankaccount a ON a.id = s.account_id
LEFT JOIN dossier_customer c ON FALSE
CROSS JOIN LATERAL (
    SELECT count(*) AS shown, count(*) FILTER (WHERE g.is_first) AS brought,
        count(*) FILTER (WHERE g.is_first AND l.status = 'matched') AS matched,
        count(*) FILTER (WHERE g.is_first AND l.status = 'suggested') AS suggested,
        count(*) FILTER (WHERE g.is_first AND l.status IN ('unidentified', 'refund')) AS unidentified,
        count(*) FILTER (WHERE g.is_first AND l.status = 'held') AS held
    FROM cash_application_banksighting g JOIN cash_application_bankline l ON l.id = g.line_id
    WHERE g.statement_id = s.id
) t
WHERE (%(company)s::uuid IS NULL OR s.company_id = %(company)s) AND {scope} AND {filters}
ORDER BY s.recorded_at DESC, s.id DESC LIMIT %(most)s
"""

_LINES = """
SELECT l.id, l.booking_date, l.value_date, l.currency, l.amount, l.original_currency, l.original_amount,
    l.counterparty, l.counterparty_account, l.text, l.kind, l.status, l.reason_zh, l.reason_en, l.bank_reference,
    k.code AS customer_code, k.name AS customer_name, p.number AS payment_number, a.number AS account,
    {first} AS is_first
FROM cash_application_bankline l
JOIN cash_application_bankaccount a ON a.id = l.account_id
LEFT JOIN dossier_customer k ON k.id = l.customer_id
LEFT JOIN cash_application_payment p ON p.id = l.payment_id
LEFT JOIN dossier_customer c ON FALSE
{joins}
WHERE l.company_id = %(company)s AND {scope} AND {filters}
ORDER BY {order} LIMIT %(most)s
"""

_WAITING = ("held", "unidentified", "refund", "suggested")


def statements(
    *, company_id: UUID | None, until: date | None = None, statement_id: UUID | None = None, most: int = 200
) -> list[Row]:
    """Return the statements, the latest first, each with its check and how many of its lines still wait."""
    scope = scoping.rows(company="s.company_id", customer="c")
    filters = ["TRUE"]
    filters += ["coalesce(s.to_date, s.recorded_at::date) <= %(until)s"] if until else []
    filters += ["s.id = %(statement)s"] if statement_id else []
    values = {"company": company_id, "until": until, "statement": statement_id, "most": most, **scope.values}
    return reading.fetch(_STATEMENTS.format(scope=scope.sql, filters=" AND ".join(filters)), values)


def lines_of(*, company_id: UUID, statement_id: UUID, most: int = 2000) -> list[Row]:
    """Return the lines that a statement shows, in its order; ``is_first`` tells which of them it brought."""
    return _lines(
        company_id=company_id,
        first="g.is_first",
        joins="JOIN cash_application_banksighting g ON g.line_id = l.id AND g.statement_id = %(statement)s",
        filters="TRUE",
        order="g.position",
        values={"statement": statement_id, "most": most},
    )


def waiting_lines(*, company_id: UUID, most: int = 200) -> list[Row]:
    """Return the lines that wait for a person: held and nameless ones first, the largest first."""
    return _lines(
        company_id=company_id,
        first="TRUE",
        joins="",
        filters="l.status = ANY (%(waiting)s)",
        order="array_position(%(waiting)s, l.status::text), abs(l.amount) DESC, l.booking_date",
        values={"waiting": list(_WAITING), "most": most},
    )


def _lines(*, company_id: UUID, first: str, joins: str, filters: str, order: str, values: Row) -> list[Row]:
    scope = scoping.rows(company="l.company_id", customer="c")
    sql = _LINES.format(first=first, joins=joins, filters=filters, order=order, scope=scope.sql)
    return reading.fetch(sql, {"company": company_id, **values, **scope.values})


def bank_statements_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return one row a statement up to the day: what it adds up to, what it says, and what became of its lines."""
    return Table(
        name="bank-statements",
        title=Words(zh=f"银行对账单，截至 {as_of}", en=f"Bank statements up to {as_of}"),
        columns=tuple(Column(key=key, label=label, kind=kind) for key, label, kind in _COLUMNS),
        rows=tuple(_cells(row) for row in statements(company_id=company_id, until=as_of, most=_MOST)),
    )


_COLUMNS: tuple[tuple[str, Words, Any], ...] = (
    ("account", Words(zh="账户", en="Account"), "text"),
    ("currency", Words(zh="币种", en="Currency"), "text"),
    ("number", Words(zh="对账单号", en="Number"), "text"),
    ("format", Words(zh="格式", en="Format"), "text"),
    ("from_date", Words(zh="起始日", en="From"), "day"),
    ("to_date", Words(zh="截止日", en="Until"), "day"),
    ("opening", Words(zh="期初余额", en="Opening"), "amount"),
    ("credit", Words(zh="收入", en="In"), "amount"),
    ("debit", Words(zh="支出", en="Out"), "amount"),
    ("closing", Words(zh="期末余额", en="Closing"), "amount"),
    ("difference", Words(zh="差额", en="Difference"), "amount"),
    ("balanced", Words(zh="余额相符", en="Adds up"), "text"),
    ("lines", Words(zh="笔数", en="Lines"), "number"),
    ("duplicates", Words(zh="重复", en="Known before"), "number"),
    ("matched", Words(zh="已核销", en="Matched"), "number"),
    ("suggested", Words(zh="建议", en="Suggested"), "number"),
    ("unidentified", Words(zh="未识别", en="Unidentified"), "number"),
    ("held", Words(zh="待核对", en="Held"), "number"),
    ("file", Words(zh="文件", en="File"), "text"),
)
_BALANCED = {True: "yes", False: "no", None: None}


def _cells(row: Row) -> tuple[Any, ...]:
    def money(name: str) -> Money | None:
        amount = row[f"{name}_amount"] if name != "difference" else row["difference"]
        return None if amount is None else Money(amount, row["currency"])

    return (
        *(row["account"], row["currency"], row["number"], row["format"], row["from_date"], row["to_date"]),
        *(money("opening"), money("credit"), money("debit"), money("closing"), money("difference")),
        *(_BALANCED[row["is_balanced"]], row["shown"], row["shown"] - row["brought"]),
        *(row["matched"], row["suggested"], row["unidentified"], row["held"], row["file_name"]),
    )


def size(*, company_id: UUID) -> tuple[int, int]:
    """Return how many statements and lines a company's books hold."""
    (row,) = reading.fetch(
        "SELECT (SELECT count(*) FROM cash_application_bankstatement WHERE company_id = %(company)s) AS statements,"
        " (SELECT count(*) FROM cash_application_bankline WHERE company_id = %(company)s) AS lines",
        {"company": company_id},
    )
    return int(row["statements"]), int(row["lines"])
