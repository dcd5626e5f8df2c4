"""Record credit notes, one or many; one that names an invoice is set off against it at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.cash import account_holders, record_documents
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteRow:
    """A credit note as it came; ``amount`` is positive."""

    number: str
    customer_code: str
    credit_date: date
    amount: Decimal
    currency: str = ""
    invoice_number: str = ""
    source: str = ""
    row: int = 0


def import_credit_notes(*, rows: Sequence[CreditNoteRow], company: Company, actor: Actor) -> ImportResult:
    """Record the credit notes in one transaction; a refused row does not stop the good ones.

    Idempotent by company and number. What is not set off stands as credit on account, in a column of its own.
    """
    with db.unit_of_work(actor):
        papers = [
            account_holders.Paper(
                customer_code=row.customer_code, day=row.credit_date, invoice=row.invoice_number
            )
            for row in rows
        ]
        customers = account_holders.customers_of(company=company, papers=papers)
        refused: list[RowResult] = []
        incoming: list[record_documents.Incoming] = []
        for place, row in enumerate(rows, start=1):
            try:
                document = _document(row, customers[place - 1])
            except RefusedRowError as refusal:
                refused.append(refusal.result(row=row.row or place, number=row.number))
            else:
                incoming.append(record_documents.Incoming(row=row.row or place, document=document))

        recorded = record_documents.record(
            company=company, kind=InvoiceKind.CREDIT_NOTE, incoming=incoming, actor=actor
        )
        done = row_results.in_order([*refused, *recorded])
        keep_refused.keep(company=company, kind="credit-notes", rows=rows, result=done, actor=actor)
    return done


def _document(row: CreditNoteRow, customers: dict[str, NamedCustomer]) -> receivables.NewDocument:
    customer = row_results.known_customer(row.customer_code, customers)
    row_results.check_number(row.number)
    amount = row_results.positive_amount(row.amount, row.currency or customer.currency)
    return receivables.NewDocument(
        customer_id=customer.id,
        kind=InvoiceKind.CREDIT_NOTE.value,
        number=row.number,
        invoice_date=row.credit_date,
        currency=amount.currency,
        amount=amount.amount,
        lines=(receivables.NewLine(due_date=row.credit_date, amount=amount.amount),),
        refers_to=row.invoice_number,
        source=row.source,
        is_demo=customer.is_demo,
        content_hash=record_documents.digest(
            {
                "customer": row.customer_code,
                "date": row.credit_date,
                "amount": amount.text(),
                "currency": amount.currency,
                "invoice": row.invoice_number,
            }
        ),
    )
