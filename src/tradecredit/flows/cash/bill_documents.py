"""Move exposure as documents are recorded: into billed, out of the orders they bill, and the difference of corrections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.exposure import order_books
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure.models import Stage
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.flows.orders import follow_documents
from tradecredit.flows.orders.follow_documents import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.exposure.operations import NewEntry
    from tradecredit.apps.receivables.operations import NewDocument
    from tradecredit.apps.receivables.queries import DocumentRecord
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """An amount of a document that bills one order, delivery or usage."""

    document: NewDocument
    document_id: UUID
    kind: str
    number: str
    amount: Decimal


def post(
    *,
    company: Company,
    new: Sequence[tuple[NewDocument, UUID]],
    corrected: Sequence[tuple[NewDocument, DocumentRecord]],
    accounts: Mapping[tuple[UUID, str], UUID],
) -> None:
    """Post what recorded and corrected documents move; they stand in the books already.

    A correction downwards gives the difference back to the order, since the order follows its documents.
    """
    entries = [
        *(entry for document, identifier in new for entry in _of_new(document, identifier, accounts)),
        *(entry for document, before in corrected for entry in _of_correction(document, before, accounts)),
    ]
    parts = [
        *(part for document, identifier in new for part in _parts_of_new(document, identifier)),
        *(part for document, before in corrected for part in _parts_of_correction(document, before)),
    ]
    changes = [
        *_changes(company, parts, accounts),
        *_of_credit_notes(company, new, accounts),
    ]
    moved = follow_documents.entries_for(company_id=company.pk, changes=changes) if changes else []
    exposure.post(entries=[*moved, *entries])


def _of_new(
    document: NewDocument, identifier: UUID, accounts: Mapping[tuple[UUID, str], UUID]
) -> list[NewEntry]:
    account_id = accounts[document.customer_id, document.currency]
    return [
        _entry(document, line=position, amount=line.amount, account_id=account_id, cause_id=identifier)
        for position, line in enumerate(document.lines, start=1)
    ]


def _of_correction(
    document: NewDocument, before: DocumentRecord, accounts: Mapping[tuple[UUID, str], UUID]
) -> list[NewEntry]:
    account_id = accounts[document.customer_id, document.currency]
    pairs = zip(before.lines, document.lines, strict=True)
    return [
        _entry(
            document, line=position, amount=after.amount - old.amount, account_id=account_id, cause_id=before.id
        )
        for position, (old, after) in enumerate(pairs, start=1)
    ]  # fmt: skip


def _parts_of_new(document: NewDocument, identifier: UUID) -> list[_Part]:
    if document.kind != InvoiceKind.INVOICE:
        return []
    named = [(source.kind, source.number, source.amount) for source in document.sources]
    if not named and document.order_number:
        named = [("order", document.order_number, document.amount)]
    return [
        _Part(document=document, document_id=identifier, kind=kind, number=number, amount=amount)
        for kind, number, amount in named
    ]


def _parts_of_correction(document: NewDocument, before: DocumentRecord) -> list[_Part]:
    if document.kind != InvoiceKind.INVOICE or not document.order_number:
        return []
    change = document.amount - before.amount
    number = document.order_number
    return [_Part(document=document, document_id=before.id, kind="order", number=number, amount=change)]


def _changes(
    company: Company, parts: Sequence[_Part], accounts: Mapping[tuple[UUID, str], UUID]
) -> list[Change]:
    if not parts:
        return []
    roots = order_books.roots_of(company_id=company.pk, sources={(part.kind, part.number) for part in parts})
    deliveries = order_books.deliveries_of_usages(
        company_id=company.pk, numbers=[part.number for part in parts if part.kind == "usage"]
    )
    return [
        Change(
            reference=roots[part.kind, part.number],
            account_id=accounts[part.document.customer_id, part.document.currency],
            cause=str(part.document.kind),
            cause_id=part.document_id,
            day=part.document.invoice_date,
            billed=part.amount,
            of_delivery=_delivery_of(part, deliveries),
        )
        for part in parts
        if (part.kind, part.number) in roots
    ]


def _delivery_of(part: _Part, deliveries: Mapping[str, str]) -> str:
    match part.kind:
        case "delivery":
            return part.number
        case "usage":
            return deliveries.get(part.number, "")
        case _:
            return ""


def _of_credit_notes(
    company: Company,
    new: Sequence[tuple[NewDocument, UUID]],
    accounts: Mapping[tuple[UUID, str], UUID],
) -> list[Change]:
    """Let the orders be looked at whose invoices a credit note corrects: goods that came back may be credited now."""
    credits_ = [
        (document, identifier)
        for document, identifier in new
        if document.kind == InvoiceKind.CREDIT_NOTE and document.refers_to
    ]
    if not credits_:
        return []
    named = receivables_queries.sources_of_invoices(
        company_id=company.pk, numbers={document.refers_to for document, _ in credits_}
    )
    roots = order_books.roots_of(
        company_id=company.pk, sources={pair for pairs in named.values() for pair in pairs}
    )
    return [
        Change(
            reference=roots[pair],
            account_id=accounts[document.customer_id, document.currency],
            cause=str(document.kind),
            cause_id=identifier,
            day=document.invoice_date,
        )
        for document, identifier in credits_
        for pair in named.get(document.refers_to, ())
        if pair in roots
    ]


def _entry(
    document: NewDocument, *, line: int, amount: Decimal, account_id: UUID, cause_id: UUID
) -> NewEntry:
    is_invoice = document.kind == InvoiceKind.INVOICE
    return exposure.NewEntry(
        account_id=account_id,
        stage=Stage.BILLED if is_invoice else Stage.UNAPPLIED,
        amount=amount if is_invoice else -amount,
        obligation=f"invoice:{document.number}#{line}" if is_invoice else f"credit_note:{document.number}",
        cause=str(document.kind),
        cause_id=cause_id,
        effective_date=document.invoice_date,
    )
