"""Bills of exchange: received, passed on, collected, dishonoured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import bill_queries
from tradecredit.core.receivables.bills import BillStatus
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, BatchOut, CompanyRowIn, Currency, Number, Text
from tradecredit.flows.cash import move_bill, receive_bills
from tradecredit.flows.cash.receive_bills import BillRow

if TYPE_CHECKING:
    from tradecredit.apps.receivables.bill_queries import BillRecord, BillStep

router = Router(tags=["bills"])
# With recourse, and without.
_PASSED_ON: Final = {
    "endorse": (BillStatus.ENDORSED, BillStatus.SOLD),
    "discount": (BillStatus.DISCOUNTED, BillStatus.SOLD),
}


class BillIn(CompanyRowIn, extra="forbid"):
    """A bill; an acceptor without a class counts as the weakest of its kind."""

    number: Number
    customer: Number
    kind: Text
    acceptor: Text
    acceptor_class: Text = ""
    drawer: Text = ""
    amount: Amount
    currency: Currency = ""
    issue_date: date
    due_date: date
    received_on: date
    invoice_number: Text = ""
    order_number: Text = ""
    sub_range: Text = ""


class SplitIn(CompanyRowIn, extra="forbid"):
    """The amounts of the parts; what is left over is the last part."""

    amounts: Annotated[list[Amount], Field(min_length=1, max_length=100)]
    on: date | None = None


class StepIn(CompanyRowIn, extra="forbid"):
    """One step: to whom, on which day, why; ``with_recourse`` when it may come back to us."""

    to: Text = ""
    on: date | None = None
    reason: Text = ""
    with_recourse: bool = True


@router.post("/bills", response=BatchOut, summary="Record bills received in payment, one or many")
def post_bills(
    request: HttpRequest, body: BillIn | Annotated[list[BillIn], Field(max_length=batches.ROWS_MAX)]
) -> HttpResponse:
    """Record each row; a bill settles the invoice that it names and counts as a bill from then on."""
    return batches.posted(
        request,
        body,
        row=_row,
        record=receive_bills.receive_bills,
    )


@router.get("/bills", summary="Bills of a company or of one customer")
def get_bills(
    request: HttpRequest, company: str | None = None, customer: str | None = None, status: str | None = None
) -> dict[str, Any]:
    """Return the bills, soonest due first."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        customer_id = None
        if customer is None:
            acting.require_role(request, found, *batches.READERS)
        else:
            record = dossier.customer_by_code(customer)
            if record is None:
                raise Http404
            customer_id = record.id
        bills = bill_queries.bills(
            company_id=found.pk, customer_id=customer_id, statuses=None if status is None else [status]
        )
        return {"bills": [_bill(one) for one in bills]}


@router.get("/bills/{number}", summary="One bill with every step of its life")
def get_bill(request: HttpRequest, number: str, company: str | None = None) -> dict[str, Any]:
    """Return the bill and its steps in order."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        bill = bill_queries.bills_by_number(company_id=found.pk, numbers=[number]).get(number)
        # A bill is seen by whoever sees its customer.
        if bill is None or dossier.customer_by_code(bill.customer_code) is None:
            raise Http404
        return {**_bill(bill), "steps": [_step(one) for one in bill_queries.steps_of([bill.id])]}


@router.post("/bills/{number}/endorse", summary="Endorse a bill to somebody")
def post_endorse(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Pass the bill on; with recourse it goes on counting until recourse lapses."""
    return _move(request, number, body, _PASSED_ON["endorse"][0 if body.with_recourse else 1])


@router.post("/bills/{number}/discount", summary="Discount a bill at a bank")
def post_discount(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Sell the bill before it is due; with recourse it goes on counting until recourse lapses."""
    return _move(request, number, body, _PASSED_ON["discount"][0 if body.with_recourse else 1])


@router.post("/bills/{number}/pledge", summary="Pledge a bill")
def post_pledge(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Pledge a held bill; it goes on counting."""
    return _move(request, number, body, BillStatus.PLEDGED)


@router.post("/bills/{number}/take-back", summary="Take a pledged bill back")
def post_take_back(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Hold a pledged bill again."""
    return _move(request, number, body, BillStatus.HELD)


@router.post("/bills/{number}/collect", summary="Record that a bill was paid")
def post_collect(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Record the payment; the bill counts no more."""
    return _move(request, number, body, BillStatus.COLLECTED)


@router.post("/bills/{number}/dishonour", summary="Record that a bill was not paid")
def post_dishonour(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Reopen what the bill had settled, with its original due days."""
    return _move(request, number, body, BillStatus.DISHONOURED)


@router.post("/bills/{number}/split", summary="Split a package of units of 0.01 into parts")
def post_split(request: HttpRequest, number: str, body: SplitIn) -> HttpResponse:
    """Make bills of ranges of the package's units; each is passed on, collected or dishonoured by itself."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        parts = move_bill.split_bill(
            company=company,
            number=number,
            amounts=[Decimal(one) for one in body.amounts],
            actor=acting.actor_of(request),
            day=body.on,
        )
        return {"bills": [_bill(one) for one in parts]}

    return acting.once(request, status=201, effect=effect)


def _move(request: HttpRequest, number: str, body: StepIn, status: BillStatus) -> HttpResponse:
    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        return _bill(
            move_bill.move_bill(
                company=company,
                number=number,
                status=status,
                actor=acting.actor_of(request),
                counterparty=body.to,
                reason=body.reason,
                day=body.on,
            )
        )

    return acting.once(request, status=200, effect=effect)


def _row(row: BillIn, place: int) -> BillRow:
    return BillRow(
        number=row.number,
        customer_code=row.customer,
        kind=row.kind,
        acceptor=row.acceptor,
        acceptor_class=row.acceptor_class,
        drawer=row.drawer,
        amount=Decimal(row.amount),
        currency=row.currency,
        issue_date=row.issue_date,
        due_date=row.due_date,
        received_on=row.received_on,
        invoice_number=row.invoice_number,
        order_number=row.order_number,
        sub_range=row.sub_range,
        source="api",
        row=place,
    )


def _bill(bill: BillRecord) -> dict[str, Any]:
    return {
        "number": bill.number,
        "customer": bill.customer_code,
        "kind": bill.kind,
        "acceptor": bill.acceptor,
        "acceptor_class": bill.acceptor_class,
        "drawer": bill.drawer,
        "amount": bill.amount.text(),
        "currency": bill.amount.currency,
        "issue_date": bill.issue_date,
        "received_on": bill.received_on,
        "due_date": bill.due_date,
        "status": bill.status,
        "passed_to": bill.passed_to,
        "invoice_number": bill.invoice_number or None,
        "order_number": bill.order_number or None,
        "sub_range": None if bill.held is None else f"{bill.held.first}-{bill.held.latest}",
    }


def _step(step: BillStep) -> dict[str, Any]:
    return {
        "status": step.status,
        "on": step.day,
        "to": step.counterparty or None,
        "reason": step.reason or None,
        "recorded_at": step.recorded_at,
        "recorded_by": step.recorded_by,
    }
