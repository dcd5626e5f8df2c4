"""Invoices, credit notes and payments through the real flows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.flows.cash import record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.imports import import_credit_notes, import_invoices
from tradecredit.flows.imports.import_credit_notes import CreditNoteRow
from tradecredit.flows.imports.import_invoices import InvoiceRow
from tradecredit.plumbing.access import Actor

if TYPE_CHECKING:
    from tradecredit.flows.row_results import ImportResult
    from tradecredit.plumbing.access.models import Company

SYSTEM = Actor.system("test")
ISSUED = date(2026, 1, 1)
DUE = ISSUED + timedelta(days=30)


def invoice_row(number: str = "INV-1", amount: str = "100.00", **fields: object) -> InvoiceRow:
    values = {"customer_code": "C001", "invoice_date": ISSUED, "due_date": DUE, **fields}
    return InvoiceRow(number=number, amount=Decimal(amount), **values)


def payment_row(number: str = "PAY-1", amount: str = "100.00", **fields: object) -> PaymentRow:
    values = {"customer_code": "C001", "payment_date": DUE, **fields}
    return PaymentRow(number=number, amount=Decimal(amount), **values)


def credit_row(number: str = "CN-1", amount: str = "10.00", **fields: object) -> CreditNoteRow:
    values = {"customer_code": "C001", "credit_date": DUE, **fields}
    return CreditNoteRow(number=number, amount=Decimal(amount), **values)


def invoices(company: Company, *rows: InvoiceRow) -> ImportResult:
    return import_invoices.import_invoices(rows=rows, company=company, actor=SYSTEM)


def payments(company: Company, *rows: PaymentRow, match: bool = True) -> ImportResult:
    return record_payments.record_payments(rows=rows, company=company, actor=SYSTEM, match=match)


def credits_(company: Company, *rows: CreditNoteRow) -> ImportResult:
    return import_credit_notes.import_credit_notes(rows=rows, company=company, actor=SYSTEM)
