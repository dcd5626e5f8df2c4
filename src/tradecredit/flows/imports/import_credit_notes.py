"""Record credit notes, one or many; one that names an invoice is set off against it at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables.models import InvoiceKind, InvoiceNature
from tradecredit.flows import row_results
from tradecredit.flows.cash import account_holders, record_documents
from tradecredit.flows.imports import record_papers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.flows.row_results import ImportResult, NamedCustomer
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
    # A red-letter invoice (红字发票) is a credit note that the tax authority knows as an invoice with a minus.
    is_red_letter: bool = False
    row: int = 0


def import_credit_notes(*, rows: Sequence[CreditNoteRow], company: Company, actor: Actor) -> ImportResult:
    """Record the credit notes in one transaction; a refused row does not stop the good ones.

    Idempotent by company and number. What is not set off stands as credit on account, in a column of its own.
    """
    return record_papers.record_papers(
        rows=rows,
        kind=InvoiceKind.CREDIT_NOTE,
        name="credit-notes",
        paper=_paper,
        document=_document,
        company=company,
        actor=actor,
    )


def _paper(row: CreditNoteRow) -> account_holders.Paper:
    return account_holders.Paper(
        customer_code=row.customer_code, day=row.credit_date, invoice=row.invoice_number
    )


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
        nature=InvoiceNature.RED_LETTER if row.is_red_letter else "",
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
