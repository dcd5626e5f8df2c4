"""Payments in, applied and undone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, BatchOut, CompanyRowIn, Currency, Number, Text
from tradecredit.flows.cash import apply_cash, record_payments, unapply_cash
from tradecredit.flows.cash.apply_cash import Wanted
from tradecredit.flows.cash.record_payments import PaymentRow

router = Router(tags=["cash"])


class PaymentIn(CompanyRowIn, extra="forbid"):
    """A payment, with the invoice it names; with an order it is a prepayment that covers that order only."""

    number: Number
    customer: Number
    payment_date: date
    amount: Amount
    currency: Currency = ""
    invoice_number: Text = ""
    order_number: Text = ""
    payer: Text = ""
    text: Text = ""


class WantedIn(Schema, extra="forbid"):
    """An invoice to apply cash to; without an amount as much as fits."""

    invoice_number: Number
    line: int | None = None
    amount: Amount | None = None


class ApplyIn(CompanyRowIn, extra="forbid"):
    """What a payment is to be applied to, in this order."""

    allocations: Annotated[list[WantedIn], Field(min_length=1, max_length=1000)]


class UnapplyIn(CompanyRowIn, extra="forbid"):
    """Why the allocations of a payment are undone."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


@router.post(
    "/payments", response=BatchOut, summary="Record payments, one or many, and apply what is certain"
)
def post_payments(
    request: HttpRequest, body: PaymentIn | Annotated[list[PaymentIn], Field(max_length=batches.ROWS_MAX)]
) -> HttpResponse:
    """Record each row; what is not certain to belong to an invoice stays unapplied."""
    return batches.posted(
        request,
        body,
        row=lambda row, place: PaymentRow(
            number=row.number,
            customer_code=row.customer,
            payment_date=row.payment_date,
            amount=Decimal(row.amount),
            currency=row.currency,
            invoice_number=row.invoice_number,
            order_number=row.order_number,
            payer=row.payer,
            text=row.text,
            source="api",
            row=place,
        ),
        record=record_payments.record_payments,
    )


@router.post("/payments/{number}/apply", summary="Apply a payment to chosen invoices")
def post_apply(request: HttpRequest, number: str, body: ApplyIn) -> HttpResponse:
    """Apply in the order given, or refuse as a whole."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        applied = apply_cash.apply_cash(
            company=company,
            payment_number=number,
            wanted=[
                Wanted(
                    invoice_number=item.invoice_number,
                    line=item.line,
                    amount=None if item.amount is None else Decimal(item.amount),
                )
                for item in body.allocations
            ],
            actor=acting.actor_of(request),
        )
        return {
            "allocations": [str(identifier) for identifier in applied.allocation_ids],
            "unapplied": applied.unapplied.text(),
            "currency": applied.unapplied.currency,
        }

    return acting.once(request, status=201, effect=effect)


@router.post("/payments/{number}/unapply", summary="Undo all allocations of a payment")
def post_unapply(request: HttpRequest, number: str, body: UnapplyIn) -> HttpResponse:
    """Write a reverse row for each allocation that holds."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        reversals = unapply_cash.unapply_cash(
            company=company, payment_number=number, reason=body.reason, actor=acting.actor_of(request)
        )
        return {"reversals": [str(identifier) for identifier in reversals]}

    return acting.once(request, status=201, effect=effect)
