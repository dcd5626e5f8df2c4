"""Write the books of receivables: documents, corrections, settlement, disputes; many rows a statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.apps.receivables.models import (
    Dispute,
    Instalment,
    Invoice,
    InvoiceCorrection,
    InvoiceKind,
    InvoiceNature,
    InvoiceSource,
)
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.receivables.queries import LineRecord

_NATURES: Mapping[str, str] = {
    InvoiceKind.INVOICE.value: InvoiceNature.SALE.value,
    InvoiceKind.CREDIT_NOTE.value: InvoiceNature.CREDIT.value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """An instalment to record."""

    due_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """What a part of an invoice bills: an order, a delivery, or a usage of consignment stock."""

    kind: str
    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """An invoice or a credit note to record."""

    customer_id: UUID
    kind: str
    number: str
    invoice_date: date
    currency: str
    amount: Decimal
    lines: tuple[NewLine, ...]
    content_hash: str
    order_number: str = ""
    contract_number: str = ""
    salesperson: str = ""
    refers_to: str = ""
    source: str = ""
    is_demo: bool = False
    sources: tuple[NewSource, ...] = ()
    # Empty: a sale, or a credit note.
    nature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A change of what is settled of a line; ``settled_on`` is written when the line is settled wholly by it."""

    line_id: UUID
    change: Decimal
    settled_on: date


def record_documents(*, company_id: UUID, documents: Sequence[NewDocument]) -> dict[str, UUID]:
    """Write the documents with their lines, a statement a table; return the identifiers by number."""
    db.transaction_required()
    if not documents:
        return {}
    columns = [_columns(document) for document in documents]
    found = portions.insert_returning(
        Invoice,
        {name: [one[name] for one in columns] for name in columns[0]},
        same={"company_id": company_id, "recorded_at": clock.now()},
    )
    lines = [
        (document, invoice_id, position, line)
        for invoice_id, document in zip(found, documents, strict=True)
        for position, line in enumerate(document.lines, start=1)
    ]
    portions.insert(
        Instalment,
        {
            "customer_id": [document.customer_id for document, *_ in lines],
            "invoice_id": [invoice_id for _, invoice_id, *_ in lines],
            "line": [position for *_, position, _ in lines],
            "due_date": [line.due_date for *_, line in lines],
            "currency": [document.currency for document, *_ in lines],
            "amount": [line.amount for *_, line in lines],
        },
        same={"company_id": company_id},
    )
    _record_sources(company_id, documents, found)
    return {document.number: invoice_id for document, invoice_id in zip(documents, found, strict=True)}


def _record_sources(company_id: UUID, documents: Sequence[NewDocument], found: Sequence[UUID]) -> None:
    sources = [
        (invoice_id, source)
        for invoice_id, document in zip(found, documents, strict=True)
        for source in document.sources
    ]
    portions.insert(
        InvoiceSource,
        {
            "invoice_id": [invoice_id for invoice_id, _ in sources],
            "kind": [source.kind for _, source in sources],
            "number": [source.number for _, source in sources],
            "amount": [source.amount for _, source in sources],
        },
        same={"company_id": company_id},
    )


def correct_document(*, company_id: UUID, invoice_id: UUID, document: NewDocument, recorded_by: str) -> None:
    """Write the document anew, line by line, and keep what it said before as a correction."""
    db.transaction_required()
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice_id, company_id=company_id)
    lines = list(Instalment.objects.filter(invoice_id=invoice_id).order_by("line"))
    before = _snapshot(invoice, lines)
    for column, value in _columns(document).items():
        setattr(invoice, column, value)
    invoice.save()
    for row, new in zip(lines, document.lines, strict=True):
        row.due_date, row.amount, row.currency = new.due_date, new.amount, document.currency
        row.save(update_fields=["due_date", "amount", "currency"])
    InvoiceCorrection.objects.create(
        company_id=company_id,
        invoice=invoice,
        before=before,
        after=_snapshot(invoice, lines),
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )


def bring_forward(*, company_id: UUID, contract_number: str, day: date, recorded_by: str) -> int:
    """Let the open lines of a contract's invoices that are not yet due fall due on the day.

    What each invoice said before is kept as a correction. Returns how many lines moved.
    """
    db.transaction_required()
    moved = 0
    invoices = Invoice.objects.select_for_update(of=("self",)).filter(
        company_id=company_id, contract_number=contract_number, kind=InvoiceKind.INVOICE
    )
    for invoice in invoices.order_by("pk"):
        lines = list(Instalment.objects.filter(invoice=invoice).order_by("line"))
        early = [line for line in lines if line.due_date > day and line.settled_amount < line.amount]
        if not early:
            continue
        before = _snapshot(invoice, lines)
        for line in early:
            line.due_date = max(day, invoice.invoice_date)
            line.save(update_fields=["due_date"])
        InvoiceCorrection.objects.create(
            company_id=company_id, invoice=invoice, before=before, after=_snapshot(invoice, lines),
            recorded_at=clock.now(), recorded_by=recorded_by,
        )  # fmt: skip
        moved += len(early)
    return moved


def settle(*, changes: Sequence[Settlement]) -> None:
    """Move the settled amounts of lines, each line at most once; the database refuses more than the amount."""
    db.transaction_required()
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE receivables_instalment AS line SET settled_amount = line.settled_amount + d.change,"
            " settled_on = CASE WHEN line.settled_amount + d.change = line.amount THEN d.settled_on END"
            " FROM unnest(%s::uuid[], %s::numeric[], %s::date[]) AS d(id, change, settled_on)"
            " WHERE line.id = d.id",
            [
                portions.array([change.line_id for change in changes], quoted=False),
                portions.array([change.change for change in changes], quoted=False),
                portions.array([change.settled_on for change in changes], quoted=False),
            ],
        )
        if cursor.rowcount != len(changes):
            raise RuntimeError("a line to settle is missing, or was named twice")


def open_dispute(
    *, company_id: UUID, line: LineRecord, amount: Decimal, reason_code: str, text: str, opened_on: date,
    recorded_by: str,
) -> UUID:  # fmt: skip
    """Record a dispute of a line and mark its contested amount."""
    db.transaction_required()
    row = Dispute.objects.create(
        company_id=company_id,
        customer_id=line.customer_id,
        instalment_id=line.id,
        amount=amount,
        currency=line.currency,
        reason_code=reason_code,
        text=text,
        opened_on=opened_on,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    Instalment.objects.filter(pk=line.id).update(disputed_amount=amount)
    identifier: UUID = row.pk
    return identifier


def close_dispute(*, dispute_id: UUID, instalment_id: UUID, closed_on: date, resolution: str) -> None:
    """Close a dispute and free its line."""
    db.transaction_required()
    Dispute.objects.filter(pk=dispute_id).update(
        closed_on=closed_on, closed_at=clock.now(), resolution=resolution
    )
    Instalment.objects.filter(pk=instalment_id).update(disputed_amount=0)


def _columns(document: NewDocument) -> dict[str, Any]:
    return {
        "customer_id": document.customer_id,
        "kind": document.kind,
        "nature": document.nature or _NATURES[document.kind],
        "number": document.number,
        "invoice_date": document.invoice_date,
        "currency": document.currency,
        "amount": document.amount,
        "order_number": document.order_number,
        "contract_number": document.contract_number,
        "salesperson": document.salesperson,
        "refers_to": document.refers_to,
        "source": document.source,
        "content_hash": document.content_hash,
        "is_demo": document.is_demo,
    }


def _snapshot(invoice: Invoice, lines: Sequence[Instalment]) -> str:
    """Return what the document says as text; reports as known before the correction read it back."""
    return canonical.dumps(
        {
            "invoice_date": invoice.invoice_date,
            "currency": invoice.currency,
            "amount": invoice.amount,
            "order_number": invoice.order_number,
            "lines": [
                {"id": line.pk, "line": line.line, "due_date": line.due_date, "amount": line.amount}
                for line in lines
            ],
        }
    )
