"""Invoices, credit notes and disputes in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, BatchOut, CompanyRowIn, Currency, Number, Text
from tradecredit.flows.cash import open_dispute
from tradecredit.flows.imports import import_credit_notes, import_invoices
from tradecredit.flows.imports.import_credit_notes import CreditNoteRow
from tradecredit.flows.imports.import_invoices import InstalmentRow, InvoiceRow, SourceRow
from tradecredit.plumbing.access import Role

router = Router(tags=["receivables"])
_COLLECTORS = (*batches.WRITERS, Role.COLLECTOR, Role.SALES, Role.SALES_MANAGER)


class InstalmentIn(Schema, extra="forbid"):
    """One part of an invoice with its own due day."""

    due_date: date
    amount: Amount


class SourceIn(Schema, extra="forbid"):
    """A part of an invoice that bills one order, delivery or usage of consignment stock."""

    kind: Literal["order", "delivery", "usage"]
    number: Number
    amount: Amount


class InvoiceIn(CompanyRowIn, extra="forbid"):
    """An invoice; give a due day, terms in days, or instalments."""

    number: Number
    customer: Number
    invoice_date: date
    amount: Amount
    currency: Currency = ""
    due_date: date | None = None
    terms_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    instalments: list[InstalmentIn] = []
    order_number: Text = ""
    sources: Annotated[list[SourceIn], Field(max_length=1000)] = []
    contract_number: Text = ""
    salesperson: Text = ""
    nature: Literal["", "sale", "opening", "fee", "interest"] = ""


class CreditNoteIn(CompanyRowIn, extra="forbid"):
    """A credit note; the amount is positive."""

    number: Number
    customer: Number
    date: date
    amount: Amount
    currency: Currency = ""
    invoice_number: Text = ""
    is_red_letter: bool = False


class DisputeIn(CompanyRowIn, extra="forbid"):
    """What the customer contests; without an amount all that is open."""

    reason_code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    line: int = 1
    amount: Amount | None = None
    text: Text = ""


class CloseDisputeIn(CompanyRowIn, extra="forbid"):
    """How the dispute ended."""

    resolution: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    line: int = 1


@router.post("/invoices", response=BatchOut, summary="Record invoices, one or many")
def post_invoices(
    request: HttpRequest, body: InvoiceIn | Annotated[list[InvoiceIn], Field(max_length=batches.ROWS_MAX)]
) -> HttpResponse:
    """Record each row or say why not; the same row again is unchanged."""
    return batches.posted(
        request,
        body,
        row=_invoice,
        record=import_invoices.import_invoices,
    )


@router.post("/credit-notes", response=BatchOut, summary="Record credit notes, one or many")
def post_credit_notes(
    request: HttpRequest,
    body: CreditNoteIn | Annotated[list[CreditNoteIn], Field(max_length=batches.ROWS_MAX)],
) -> HttpResponse:
    """Record each row; a credit note that names an invoice is set off against it."""
    return batches.posted(
        request,
        body,
        row=lambda row, place: CreditNoteRow(
            number=row.number,
            customer_code=row.customer,
            credit_date=row.date,
            amount=Decimal(row.amount),
            currency=row.currency,
            invoice_number=row.invoice_number,
            is_red_letter=row.is_red_letter,
            source="api",
            row=place,
        ),
        record=import_credit_notes.import_credit_notes,
    )


@router.post("/invoices/{number}/disputes", summary="Record that a customer contests an instalment")
def post_dispute(request: HttpRequest, number: str, body: DisputeIn) -> HttpResponse:
    """Open a dispute."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_COLLECTORS)
        dispute_id = open_dispute.open_dispute(
            company=company,
            invoice_number=number,
            line=body.line,
            amount=None if body.amount is None else Decimal(body.amount),
            reason_code=body.reason_code,
            text=body.text,
            actor=acting.actor_of(request),
        )
        return {"id": str(dispute_id)}

    return acting.once(request, status=201, effect=effect)


@router.post("/invoices/{number}/disputes/close", summary="Close the open dispute of an instalment")
def post_close_dispute(request: HttpRequest, number: str, body: CloseDisputeIn) -> HttpResponse:
    """Close the dispute."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_COLLECTORS)
        dispute_id = open_dispute.close_dispute(
            company=company,
            invoice_number=number,
            line=body.line,
            resolution=body.resolution,
            actor=acting.actor_of(request),
        )
        return {"id": str(dispute_id)}

    return acting.once(request, status=201, effect=effect)


def _invoice(row: InvoiceIn, place: int) -> InvoiceRow:
    return InvoiceRow(
        number=row.number,
        customer_code=row.customer,
        invoice_date=row.invoice_date,
        amount=Decimal(row.amount),
        currency=row.currency,
        due_date=row.due_date,
        terms_days=row.terms_days,
        instalments=tuple(
            InstalmentRow(due_date=part.due_date, amount=Decimal(part.amount)) for part in row.instalments
        ),
        order_number=row.order_number,
        sources=tuple(
            SourceRow(kind=one.kind, number=one.number, amount=Decimal(one.amount)) for one in row.sources
        ),
        contract_number=row.contract_number,
        salesperson=row.salesperson,
        nature=row.nature,
        source="api",
        row=place,
    )
