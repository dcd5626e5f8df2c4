"""Rows of documents, handed to the flow of their kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.flows.cash import record_payments
from tradecredit.flows.contracts import save_contract
from tradecredit.flows.imports import (
    import_batch,
    import_credit_notes,
    import_deliveries,
    import_invoices,
    import_orders,
)
from tradecredit.flows.imports.import_batch import Outcome
from tradecredit.flows.row_results import RowStatus

if TYPE_CHECKING:
    from tradecredit.flows.imports.import_batch import Batch
    from tradecredit.flows.row_results import ImportResult, RowResult

SETTLEMENT_PREFIX: Final = "SET-"
_BUYERS: Final = {
    "大型企业": "large",
    "大型": "large",
    "机关": "public",
    "事业单位": "public",
    "机关、事业单位": "public",
    "其他": "other",
}
_NATURES: Final = {
    "销售": "sale",
    "invoice": "sale",
    "期初": "opening",
    "期初余额": "opening",
    "opening balance": "opening",
    "费用": "fee",
    "利息": "interest",
    "逾期利息": "interest",
}


def invoices(batch: Batch) -> Outcome:
    """Record rows of invoices, and the settlements that their settled dates stand for."""
    rows = [
        import_invoices.InvoiceRow(
            number=row.text("invoice_number"),
            customer_code=row.text("customer_code"),
            invoice_date=import_batch.day_of(row, "invoice_date"),
            amount=import_batch.amount_of(row),
            currency=row.text("currency"),
            due_date=row.day("due_date"),
            terms_days=row.count("terms_days"),
            instalments=_instalments(row.text("instalments")),
            order_number=row.text("order_number"),
            contract_number=row.text("contract_number"),
            salesperson=row.text("salesperson"),
            nature=_nature(row.text("nature")),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    done = import_invoices.import_invoices(rows=rows, company=batch.company, actor=batch.actor)
    return _settle(batch, done)


def _nature(text: str) -> str:
    named = text.strip().lower()
    return _NATURES.get(named, named)


def _instalments(text: str) -> tuple[import_invoices.InstalmentRow, ...]:
    """Read ``2026-01-31:100.00;2026-02-28:50.00``, as other systems' schedules are handed on; empty without one."""
    parts = [part.partition(":") for part in text.split(";") if part]
    return tuple(
        import_invoices.InstalmentRow(due_date=date.fromisoformat(day), amount=Decimal(amount))
        for day, _, amount in parts
    )


def _settle(batch: Batch, done: ImportResult) -> Outcome:
    """Record, for every invoice that names the day it was settled, one payment of the whole amount on that day."""
    recorded = {result.row: result for result in done.rows if result.status is not RowStatus.REFUSED}
    settled = [row for row in batch.rows if row.day("settled_date") and row.row in recorded]
    if not settled:
        return import_batch.outcome_of(done)
    payments = record_payments.record_payments(
        rows=[
            record_payments.PaymentRow(
                number=f"{SETTLEMENT_PREFIX}{row.text('invoice_number')}",
                customer_code=row.text("customer_code"),
                payment_date=import_batch.day_of(row, "settled_date"),
                amount=import_batch.amount_of(row),
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


def credit_notes(batch: Batch) -> Outcome:
    """Record rows of credit notes."""
    rows = [
        import_credit_notes.CreditNoteRow(
            number=row.text("credit_note_number"),
            customer_code=row.text("customer_code"),
            credit_date=import_batch.day_of(row, "date"),
            # Red invoices come with a minus in most ledgers, and without one in others: they mean the same.
            amount=abs(import_batch.amount_of(row)),
            currency=row.text("currency"),
            invoice_number=row.text("invoice_number"),
            is_red_letter=import_batch.amount_of(row) < 0,
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_credit_notes.import_credit_notes(rows=rows, company=batch.company, actor=batch.actor)
    )


def contracts(batch: Batch) -> Outcome:
    """Record rows of contracts as drafts; their terms are days after delivery for the whole amount."""
    rows = [
        save_contract.ContractRow(
            number=row.text("contract_number"),
            customer_code=row.text("customer_code"),
            amount=import_batch.amount_of(row),
            currency=row.text("currency"),
            valid_from=import_batch.day_of(row, "valid_from"),
            valid_to=row.day("valid_to"),
            title=row.text("title"),
            salesperson=row.text("salesperson"),
            buyer_class=_BUYERS.get(
                row.text("buyer_class").strip().lower(), row.text("buyer_class").strip().lower()
            )
            or "other",
            terms_days=row.count("terms_days"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        save_contract.save_contracts(rows=rows, company=batch.company, actor=batch.actor)
    )


def payments(batch: Batch) -> Outcome:
    """Record rows of payments."""
    rows = [
        record_payments.PaymentRow(
            number=row.text("payment_number"),
            customer_code=row.text("customer_code"),
            payment_date=import_batch.day_of(row, "payment_date"),
            amount=import_batch.amount_of(row),
            currency=row.text("currency"),
            invoice_number=row.text("invoice_number"),
            order_number=row.text("order_number"),
            payer=row.text("payer"),
            text=row.text("text"),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        record_payments.record_payments(rows=rows, company=batch.company, actor=batch.actor)
    )


def orders(batch: Batch) -> Outcome:
    """Record rows of opening orders."""
    rows = [
        import_orders.OrderRow(
            number=row.text("order_number"),
            customer_code=row.text("customer_code"),
            order_date=import_batch.day_of(row, "order_date"),
            amount=import_batch.amount_of(row),
            currency=row.text("currency"),
            requested_date=row.day("requested_date"),
            terms_days=row.count("terms_days"),
            status=row.text("status"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_orders.import_orders(rows=rows, company=batch.company, actor=batch.actor)
    )


def deliveries(batch: Batch) -> Outcome:
    """Record rows of deliveries."""
    rows = [
        import_deliveries.DeliveryRow(
            number=row.text("delivery_number"),
            order_number=row.text("order_number"),
            delivery_date=import_batch.day_of(row, "delivery_date"),
            kind=row.text("delivery_type"),
            amount=import_batch.amount_of(row),
            currency=row.text("currency"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_deliveries.import_deliveries(rows=rows, company=batch.company, actor=batch.actor)
    )
