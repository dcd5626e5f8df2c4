"""The statements behind an evidence pack: every record that shows what was agreed, delivered, billed, said and paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import reading
from tradecredit.plumbing import tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTable:
    """One table of the pack: its file, what it shows in both languages, and its statement."""

    name: str
    zh: str
    en: str
    sql: str


TABLES: Final = (
    EvidenceTable(
        name="01-contracts",
        zh="合同及条款",
        en="Contracts and their terms",
        sql="""
SELECT number, title, amount, currency, valid_from, valid_to, signed_on, status, acceleration_days,
       interest_daily_rate, terms::text AS terms, clauses::text AS clauses, accelerated_on, content_hash
FROM receivables_contract WHERE company_id = %(company)s AND customer_id = %(customer)s ORDER BY number""",
    ),
    EvidenceTable(
        name="02-orders",
        zh="订单",
        en="Orders",
        sql="""
SELECT reference, order_date, currency, amount, delivered_amount, invoiced_amount, terms_days, salesperson, status
FROM orders_order WHERE company_id = %(company)s AND customer_id = %(customer)s ORDER BY order_date, reference""",
    ),
    EvidenceTable(
        name="03-deliveries",
        zh="发货与签收",
        en="Deliveries",
        sql="""
SELECT d.number, o.reference AS order_reference, d.kind, d.delivery_date, d.currency, d.amount, d.recorded_at
FROM orders_delivery d JOIN orders_order o ON o.id = d.order_id
WHERE d.company_id = %(company)s AND d.customer_id = %(customer)s ORDER BY d.delivery_date, d.number""",
    ),
    EvidenceTable(
        name="04-invoices",
        zh="发票与分期到期日",
        en="Invoices and when they fall due",
        sql="""
SELECT v.number, v.kind, v.nature, v.invoice_date, i.line, i.due_date, i.currency, i.amount, i.settled_amount,
       i.amount - i.settled_amount AS open_amount, i.settled_on, v.order_number, v.contract_number, v.content_hash
FROM receivables_instalment i JOIN receivables_invoice v ON v.id = i.invoice_id
WHERE i.company_id = %(company)s AND i.customer_id = %(customer)s ORDER BY v.invoice_date, v.number, i.line""",
    ),
    EvidenceTable(
        name="05-payments",
        zh="收款与核销",
        en="Payments and what they settled",
        sql="""
SELECT y.number AS payment, y.payment_date, y.currency, y.amount, y.payer, v.number AS invoice, i.line,
       a.amount AS settled, a.effective_date, a.method
FROM cash_application_payment y
LEFT JOIN cash_application_allocation a ON a.payment_id = y.id
LEFT JOIN receivables_instalment i ON i.id = a.instalment_id
LEFT JOIN receivables_invoice v ON v.id = i.invoice_id
WHERE y.company_id = %(company)s AND y.customer_id = %(customer)s
ORDER BY y.payment_date, y.number, a.recorded_at""",
    ),
    EvidenceTable(
        name="06-statements",
        zh="对账单及客户确认",
        en="Statements and what the customer confirmed",
        sql="""
SELECT s.number, s.as_of, s.status, s.answered_at, s.answered_by, s.answer_text, s.promised_date, l.document,
       l.due_date, l.currency, l.open_amount, l.answer, l.answered_amount, s.content_hash
FROM receivables_accountstatement s JOIN receivables_accountstatementline l ON l.statement_id = s.id
WHERE s.company_id = %(company)s AND s.customer_id = %(customer)s ORDER BY s.as_of, s.number, l.position""",
    ),
    EvidenceTable(
        name="07-letters",
        zh="催告函件及送达证明",
        en="Letters and proof that they arrived",
        sql="""
SELECT l.number, l.as_of, l.stage, l.status, l.recipient, l.currency, l.total, l.sent_at, l.content_hash,
       p.kind AS proof, p.way, p.reference, p.day AS proof_day
FROM collections_letter l LEFT JOIN collections_letterproof p ON p.letter_id = l.id
WHERE l.company_id = %(company)s AND l.customer_id = %(customer)s AND l.kind <> 'thanks'
ORDER BY l.as_of, l.number, p.day""",
    ),
    EvidenceTable(
        name="08-contacts",
        zh="联系、承诺与移交记录",
        en="Contacts, promises and hand-overs",
        sql="""
SELECT e.day, e.kind, e.way, e.outcome, e.channel, e.text_zh, e.text_en, e.facts::text AS facts, e.recorded_by,
       e.recorded_at
FROM collections_caseevent e
WHERE e.company_id = %(company)s AND e.customer_id = %(customer)s ORDER BY e.day, e.id""",
    ),
    EvidenceTable(
        name="09-ledger",
        zh="往来台账（逐笔哈希相连）",
        en="The ledger, each entry hashed with the one before",
        sql="""
SELECT a.currency, e.sequence, e.effective_date, e.stage, e.amount, e.obligation, e.cause, e.recorded_at, e.hash
FROM exposure_exposureentry e JOIN exposure_creditaccount a ON a.id = e.account_id
WHERE a.company_id = %(company)s AND a.customer_id = %(customer)s ORDER BY a.currency, e.sequence""",
    ),
    EvidenceTable(
        name="10-log",
        zh="操作日志（哈希链）",
        en="The log, a chain of hashes",
        sql="""
SELECT sequence, recorded_at, kind, actor_name, text_zh, text_en, payload, previous_hash, hash
FROM audit_logentry WHERE company_id = %(company)s AND stream = %(stream)s ORDER BY sequence""",
    ),
)


def csv_of(one: EvidenceTable, *, company_id: UUID, customer_id: UUID) -> tuple[bytes, int]:
    """Return the table as CSV, headed by the names of its columns, and how many rows it has."""
    values: dict[str, Any] = {
        "company": company_id,
        "customer": customer_id,
        "stream": f"customer:{customer_id}",
    }
    rows = reading.fetch(one.sql, values)
    headings: Sequence[str] = list(rows[0]) if rows else ["-"]
    table = tables.plain(
        name=one.name,
        headings=headings,
        rows=[tuple(tables.as_text(row[heading]) for heading in headings) for row in rows],
    )
    return tables.as_csv(table, language="zh"), len(rows)
