"""Fill throw-away books with invoices and payments by the million: one customer's papers, copied for the others."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.flows.cash import record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.imports import import_invoices, record_facts
from tradecredit.flows.imports.import_invoices import InvoiceRow
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.rehearsal.fill_books import CURRENCY, SEED
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from tradecredit.flows.rehearsal.fill_books import Owner
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_PAID: Final = "MUSTER-PAID"
_OPEN: Final = "MUSTER-OPEN"
_AMOUNT: Final = Decimal("1000.00")
_DAYS: Final = 30
# One paper in so many is open, the others are paid.
_OPEN_EVERY: Final = 10
_FACTS: Final = (
    ("registry_status", "存续"),
    ("pending_lawsuits", "2"),
    ("dishonest_debtor", "no"),
    ("enforcement_records", "1"),
    ("abnormal_operation", "no"),
    ("years_in_business", "12"),
    ("ownership_type", "民营"),
    ("registered_capital", "1000 CNY"),
)


def lay_papers(*, company: Company, actor: Actor) -> None:
    """Record a paid invoice, an overdue one and some facts of the pattern customer through the flows."""
    day = clock.today(company)
    dated = day - timedelta(days=2 * _DAYS)
    invoices = [
        InvoiceRow(
            number=number, customer_code=SEED, currency=CURRENCY, amount=_AMOUNT, invoice_date=dated,
            due_date=dated + timedelta(days=_DAYS),
        )
        for number in (_PAID, _OPEN)
    ]  # fmt: skip
    import_invoices.import_invoices(rows=invoices, company=company, actor=actor)
    payment = PaymentRow(
        number=_PAID, customer_code=SEED, currency=CURRENCY, amount=_AMOUNT, invoice_number=_PAID,
        payment_date=dated + timedelta(days=_DAYS),
    )  # fmt: skip
    record_payments.record_payments(rows=[payment], company=company, actor=actor)
    record_facts.record_facts(
        rows=[
            FactRow(customer_code=SEED, fact=name, value=value, valid_from=dated) for name, value in _FACTS
        ],
        company=company,
        actor=actor,
    )


def copy_papers(owner: Owner, *, first: int, last: int, each: int) -> None:
    """Give the copies of the numbers so many invoices each, every tenth open, the others paid on different days."""
    owner.run("SET session_replication_role = replica")
    for statement in _COPIES:
        owner.run(statement, first=first, last=last, each=each, every=_OPEN_EVERY, paid=_PAID, open=_OPEN)
    owner.run("SET session_replication_role = origin")


def settle(owner: Owner) -> None:
    """Let the server know what lies in the tables now."""
    owner.run(
        "ANALYZE receivables_invoice, receivables_instalment, cash_application_payment, dossier_fact,"
        " cash_application_allocation, exposure_exposureentry"
    )


def _id(kind: str) -> str:
    return f"md5('{kind}-' || c || '-' || n)::uuid"


_CUSTOMER: Final = "('00000000-0000-7000-8001-' || lpad(to_hex(c), 12, '0'))::uuid"
_ACCOUNT: Final = "('00000000-0000-7000-8002-' || lpad(to_hex(c), 12, '0'))::uuid"
_NUMBER: Final = "'P' || c || '-' || n"
# The papers lie a week apart, back into the past; customers pay up to a month late.
_BACK: Final = "(n * 7)"
_LATE: Final = "((c * 7 + n * 13) %% 31)"
_PAPERS: Final = "generate_series(%(first)s::int, %(last)s::int) AS c, generate_series(1, %(each)s::int) AS n"
_IS_OPEN: Final = "n %% %(every)s::int = 0"

_COPIES: Final = (
    f"""
INSERT INTO receivables_invoice SELECT (jsonb_populate_record(t, jsonb_build_object('id', {_id("invoice")},
    'customer_id', {_CUSTOMER}, 'number', {_NUMBER}, 'invoice_date', t.invoice_date - {_BACK}))).*
FROM receivables_invoice t, {_PAPERS}
WHERE t.number = CASE WHEN {_IS_OPEN} THEN %(open)s ELSE %(paid)s END AND t.kind = 'invoice'
""",
    f"""
INSERT INTO receivables_instalment SELECT (jsonb_populate_record(t, jsonb_build_object('id', {_id("line")},
    'invoice_id', {_id("invoice")}, 'customer_id', {_CUSTOMER}, 'due_date', t.due_date - {_BACK},
    'settled_on', t.settled_on - {_BACK} + {_LATE}))).*
FROM receivables_instalment t JOIN receivables_invoice v ON v.id = t.invoice_id, {_PAPERS}
WHERE v.number = CASE WHEN {_IS_OPEN} THEN %(open)s ELSE %(paid)s END AND v.kind = 'invoice'
""",
    f"""
INSERT INTO cash_application_payment SELECT (jsonb_populate_record(t, jsonb_build_object('id', {_id("payment")},
    'customer_id', {_CUSTOMER}, 'number', {_NUMBER}, 'payment_date', t.payment_date - {_BACK} + {_LATE}))).*
FROM cash_application_payment t, {_PAPERS} WHERE t.number = %(paid)s AND NOT {_IS_OPEN}
""",
    f"""
INSERT INTO cash_application_allocation SELECT (jsonb_populate_record(t, jsonb_build_object('id', {_id("allocation")},
    'customer_id', {_CUSTOMER}, 'instalment_id', {_id("line")}, 'payment_id', {_id("payment")},
    'effective_date', t.effective_date - {_BACK} + {_LATE}))).*
FROM cash_application_allocation t JOIN cash_application_payment p ON p.id = t.payment_id, {_PAPERS}
WHERE p.number = %(paid)s AND NOT {_IS_OPEN}
""",
    f"""
INSERT INTO exposure_exposureentry SELECT (jsonb_populate_record(t, jsonb_build_object('id', {_id("entry")},
    'account_id', {_ACCOUNT}, 'sequence', n, 'obligation', 'invoice:' || {_NUMBER},
    'effective_date', t.effective_date - {_BACK}))).*
FROM exposure_exposureentry t, {_PAPERS}
WHERE t.id = (SELECT id FROM exposure_exposureentry WHERE obligation LIKE 'invoice:' || %(open)s || '%%' LIMIT 1)
    AND {_IS_OPEN}
""",
    f"""
INSERT INTO dossier_fact SELECT (jsonb_populate_record(t, jsonb_build_object('id', md5('fact-' || c || t.name)::uuid,
    'customer_id', {_CUSTOMER}))).*
FROM dossier_fact t JOIN dossier_customer s ON s.id = t.customer_id AND s.code = '{SEED}',
    generate_series(%(first)s::int, %(last)s::int) AS c
""",
)
