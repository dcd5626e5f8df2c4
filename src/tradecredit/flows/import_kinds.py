"""The kinds of files and the flow that each kind is handed to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import operations as dossier
from tradecredit.apps.dossier.queries import STATEMENT_ITEMS
from tradecredit.flows import (
    import_contacts,
    import_credit_notes,
    import_customers,
    import_invoices,
    import_statements,
    record_facts,
    record_payments,
)
from tradecredit.flows.row_results import RowResult, RowStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.flows.incoming import IncomingRow
    from tradecredit.flows.row_results import ImportResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

SETTLEMENT_PREFIX: Final = "SET-"
_NUMBER_TITLES: Final = {
    "customers": "customer code",
    "invoices": "invoice number",
    "credit-notes": "credit note number",
    "payments": "payment number",
    "orders": "order number",
    "deliveries": "delivery number",
}
_TITLES: Final = {"code": "customer code", "name": "customer name", "order_reference": "order number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one kind for one company, recorded together."""

    kind: str
    rows: Sequence[IncomingRow]
    company: Company
    actor: Actor
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the rows; ``settlements`` counts the payments that settled dates stand for."""

    results: Sequence[RowResult]
    settlements: Mapping[str, int] = field(default_factory=dict)


def record(batch: Batch, *, rows: Sequence[IncomingRow]) -> Outcome:
    """Record the rows by the flow of their kind, in the caller's transaction."""
    named = replace(batch, rows=rows)
    return _FLOWS[batch.kind](named)


def title_of(kind: str, name: str) -> str:
    """Return the canonical heading of a flow's field, for messages: ``number`` of invoices is ``invoice number``."""
    if name == "number":
        return _NUMBER_TITLES.get(kind, name)
    return _TITLES.get(name, name).replace("_", " ")


def _day(row: IncomingRow, name: str) -> date:
    day = row.day(name)
    if day is None:
        raise AssertionError(f"row {row.row} came without {name}, which its layout requires")
    return day


def _amount(row: IncomingRow, name: str = "amount") -> Decimal:
    amount = row.amount(name)
    if amount is None:
        raise AssertionError(f"row {row.row} came without {name}, which its layout requires")
    return amount


def _customers(batch: Batch) -> Outcome:
    def spoken(row: IncomingRow, name: str) -> str | None:
        return row.text(name) or None

    rows = [
        import_customers.CustomerRow(
            draft=dossier.CustomerDraft(
                code=row.text("customer_code"),
                name=row.text("customer_name"),
                uscc=spoken(row, "uscc"),
                customer_type=spoken(row, "customer_type"),
                industry=spoken(row, "industry"),
                region=spoken(row, "region"),
                salesperson=spoken(row, "salesperson"),
                customer_since=row.day("customer_since"),
                currency=spoken(row, "currency"),
            ),
            parent_code=spoken(row, "parent_code"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return _outcome(
        import_customers.import_customers(
            rows=rows, company=batch.company, actor=batch.actor, source=batch.source
        )
    )


def _contacts(batch: Batch) -> Outcome:
    rows = [
        import_contacts.ContactRow(
            customer_code=row.text("customer_code"),
            name=row.text("contact_name"),
            role=row.text("role") or None,
            phone=row.text("phone") or None,
            email=row.text("email") or None,
            row=row.row,
        )
        for row in batch.rows
    ]
    return _outcome(import_contacts.import_contacts(rows=rows, company=batch.company, actor=batch.actor))


def _invoices(batch: Batch) -> Outcome:
    rows = [
        import_invoices.InvoiceRow(
            number=row.text("invoice_number"),
            customer_code=row.text("customer_code"),
            invoice_date=_day(row, "invoice_date"),
            amount=_amount(row),
            currency=row.text("currency"),
            due_date=row.day("due_date"),
            terms_days=row.count("terms_days"),
            order_number=row.text("order_number"),
            contract_number=row.text("contract_number"),
            salesperson=row.text("salesperson"),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    done = import_invoices.import_invoices(rows=rows, company=batch.company, actor=batch.actor)
    return _settle(batch, done)


def _settle(batch: Batch, done: ImportResult) -> Outcome:
    """Record, for every invoice that names the day it was settled, one payment of the whole amount on that day."""
    recorded = {result.row: result for result in done.rows if result.status is not RowStatus.REFUSED}
    settled = [row for row in batch.rows if row.day("settled_date") and row.row in recorded]
    if not settled:
        return _outcome(done)
    payments = record_payments.record_payments(
        rows=[
            record_payments.PaymentRow(
                number=f"{SETTLEMENT_PREFIX}{row.text('invoice_number')}",
                customer_code=row.text("customer_code"),
                payment_date=_day(row, "settled_date"),
                amount=_amount(row),
                currency=row.text("currency"),
                invoice_number=row.text("invoice_number"),
                source=batch.source,
                row=row.row,
            )
            for row in settled
        ],
        company=batch.company,
        actor=batch.actor,
    )
    by_row = {payment.row: payment for payment in payments.rows}
    results = [_with_settlement(result, by_row.get(result.row)) for result in done.rows]
    return Outcome(results=results, settlements=Counter(payment.status.value for payment in payments.rows))


def _with_settlement(invoice: RowResult, payment: RowResult | None) -> RowResult:
    if payment is None or invoice.status is RowStatus.REFUSED:
        return invoice
    if payment.status is RowStatus.REFUSED:
        # The invoice stands as it was recorded; the day of its settlement does not, and that is said.
        return replace(invoice, field="settled date", value=payment.value, words=payment.words)
    if payment.status is RowStatus.CREATED and invoice.status is RowStatus.UNCHANGED:
        return replace(invoice, status=RowStatus.UPDATED)
    return invoice


def _credit_notes(batch: Batch) -> Outcome:
    rows = [
        import_credit_notes.CreditNoteRow(
            number=row.text("credit_note_number"),
            customer_code=row.text("customer_code"),
            credit_date=_day(row, "date"),
            # Red invoices come with a minus in most ledgers, and without one in others: they mean the same.
            amount=abs(_amount(row)),
            currency=row.text("currency"),
            invoice_number=row.text("invoice_number"),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    return _outcome(
        import_credit_notes.import_credit_notes(rows=rows, company=batch.company, actor=batch.actor)
    )


def _payments(batch: Batch) -> Outcome:
    rows = [
        record_payments.PaymentRow(
            number=row.text("payment_number"),
            customer_code=row.text("customer_code"),
            payment_date=_day(row, "payment_date"),
            amount=_amount(row),
            currency=row.text("currency"),
            invoice_number=row.text("invoice_number"),
            payer=row.text("payer"),
            text=row.text("text"),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    return _outcome(record_payments.record_payments(rows=rows, company=batch.company, actor=batch.actor))


def _statements(batch: Batch) -> Outcome:
    rows = [
        import_statements.StatementRow(
            customer_code=row.text("customer_code"),
            period_end=_day(row, "period_end"),
            items={name: _amount(row, name) for name in STATEMENT_ITEMS if row.amount(name) is not None},
            currency=row.text("currency"),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    return _outcome(import_statements.import_statements(rows=rows, company=batch.company, actor=batch.actor))


def _facts(batch: Batch) -> Outcome:
    rows = [
        record_facts.FactRow(
            customer_code=row.text("customer_code"),
            fact=row.text("fact"),
            value=row.text("value"),
            valid_from=row.day("valid_from"),
            valid_to=row.day("valid_to"),
            source=row.text("source") or batch.source,
            evidence=row.text("evidence"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return _outcome(record_facts.record_facts(rows=rows, company=batch.company, actor=batch.actor))


def _outcome(done: ImportResult) -> Outcome:
    return Outcome(results=done.rows)


_FLOWS: Final[dict[str, Callable[[Batch], Outcome]]] = {
    "customers": _customers,
    "contacts": _contacts,
    "invoices": _invoices,
    "credit-notes": _credit_notes,
    "payments": _payments,
    "financial-statements": _statements,
    "facts": _facts,
}
