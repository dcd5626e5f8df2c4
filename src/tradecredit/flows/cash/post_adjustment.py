"""Post a decided adjustment: its document, its allocation, the exposure and a dispute that it ends, together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.apps.receivables.models import AdjustmentKind, InvoiceKind, InvoiceNature
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import answered, book_allocations, record_documents
from tradecredit.flows.cash.book_allocations import Planned
from tradecredit.flows.cash.record_documents import Incoming
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.receivables.adjustment_queries import AdjustmentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_NATURES: Final = {
    AdjustmentKind.WRITE_OFF: InvoiceNature.WRITE_OFF,
    AdjustmentKind.DEDUCTION: InvoiceNature.DEDUCTION,
    AdjustmentKind.SET_OFF: InvoiceNature.SET_OFF,
    AdjustmentKind.RECOVERY: InvoiceNature.RECOVERY,
}
_METHOD: Final = "credit_note"


def post(*, company: Company, asked: AdjustmentRecord, line: LineRecord, day: date, actor: Actor) -> None:
    """Record the document of an adjustment; a reduction settles its instalment at once.

    The caller holds the customer's credit account. It is not before the invoice itself.
    """
    db.transaction_required()
    is_recovery = asked.kind == AdjustmentKind.RECOVERY
    kind = InvoiceKind.INVOICE if is_recovery else InvoiceKind.CREDIT_NOTE
    document = receivables.NewDocument(
        customer_id=line.customer_id,
        kind=kind,
        nature=_NATURES[AdjustmentKind(asked.kind)],
        number=asked.number,
        invoice_date=max(day, line.invoice_date),
        currency=line.currency,
        amount=asked.amount,
        lines=(receivables.NewLine(due_date=max(day, line.invoice_date), amount=asked.amount),),
        # A reduction names no invoice here: goods that came back are credited by credit notes only.
        refers_to=f"{line.number}#{line.line}" if is_recovery else "",
        source="adjustment",
        is_demo=receivables_queries.is_demo(invoice_id=line.invoice_id),
        content_hash=record_documents.digest({"adjustment": asked.number}),
    )
    (result,) = record_documents.record(
        company=company, kind=kind, incoming=[Incoming(row=1, document=document)], actor=actor
    )
    if result.status is not RowStatus.CREATED:
        raise RuntimeError(f"the document {asked.number} is there already")
    if not is_recovery:
        _settle(company, asked, line, actor)


def _settle(company: Company, asked: AdjustmentRecord, line: LineRecord, actor: Actor) -> None:
    documents = receivables_queries.documents(
        company_id=company.pk, kind=InvoiceKind.CREDIT_NOTE, numbers=[asked.number]
    )
    credit = documents[asked.number].lines[0]
    planned = Planned(
        source=book_allocations.credit_source(credit),
        line=line,
        amount=asked.amount,
        method=_METHOD,
        words=Words(
            zh=f"{asked.number}（{asked.reason_code}）冲减",
            en=f"reduced by {asked.number} ({asked.reason_code})",
        ),
    )
    book_allocations.book(company=company, actor=actor, planned=[planned])
    _end_dispute(company, asked, line, actor)


def _end_dispute(company: Company, asked: AdjustmentRecord, line: LineRecord, actor: Actor) -> None:
    """What is reduced is contested no more: the dispute ends, or what is left of it stays."""
    dispute = receivables_queries.open_dispute_of(instalment_id=line.id)
    if dispute is not None and asked.amount >= dispute.amount:
        receivables.close_dispute(
            dispute_id=dispute.id,
            instalment_id=line.id,
            closed_on=max(asked.posted_on or dispute.opened_on, dispute.opened_on),
            resolution=f"{asked.kind} {asked.number}",
        )
        answered.dispute_ended(
            company_id=company.pk,
            dispute_id=dispute.id,
            resolution=f"{asked.kind} {asked.number}",
            actor=actor,
        )
