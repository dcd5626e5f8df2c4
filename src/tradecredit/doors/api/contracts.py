"""Contracts: written, cleared by legal, signed, followed to the last payment; and the reading of terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.analytics.receivables import contract_books
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import contract_queries
from tradecredit.core.receivables import terms_text
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, BatchOut, CompanyRowIn, Currency, Number, Text
from tradecredit.flows.contracts import follow_schedule, save_contract, sign_contract, watch_contracts
from tradecredit.flows.contracts.save_contract import ContractRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.apps.receivables.contract_queries import ContractRecord

router = Router(tags=["contracts"])
KEEPERS = (*batches.WRITERS, Role.SALES, Role.SALES_MANAGER, Role.SALES_DIRECTOR, Role.LEGAL, Role.CFO)


class PartIn(Schema, extra="forbid"):
    """A share of the contract: what makes it due, and so many days after that."""

    kind: Literal["prepayment", "instalment", "milestone", "retention"]
    percent: Annotated[str, StringConstraints(pattern=r"^\d{1,3}(\.\d{1,4})?$")]
    days: Annotated[int, Field(ge=0, le=3650)] = 0
    month_end: bool = False
    label: Annotated[str, StringConstraints(max_length=200)] = ""
    due_date: date | None = None


class ContractIn(CompanyRowIn, extra="forbid"):
    """A contract; give the parts of its terms, or terms in days for the whole amount."""

    number: Number
    customer: Number
    amount: Amount
    currency: Currency = ""
    valid_from: date
    valid_to: date | None = None
    title: Annotated[str, StringConstraints(max_length=200)] = ""
    salesperson: Annotated[str, StringConstraints(max_length=100)] = ""
    buyer_class: Literal["other", "large", "public"] = "other"
    is_small_seller: bool = False
    interest_daily_rate: Annotated[str, StringConstraints(pattern=r"^0(\.\d{1,8})?$")] | None = None
    parts: Annotated[list[PartIn], Field(max_length=60)] = []
    terms_days: Annotated[int, Field(ge=0, le=3650)] | None = None


class ReviewIn(CompanyRowIn, extra="forbid"):
    """What legal says."""

    cleared: bool
    text: Text = ""


class StepIn(CompanyRowIn, extra="forbid"):
    """A step on a day; today without one."""

    on: date | None = None
    reason: Text = ""


class ReachIn(CompanyRowIn, extra="forbid"):
    """The day on which what makes a part due has happened."""

    on: date


class BillIn(CompanyRowIn, extra="forbid"):
    """The invoice of a part: its number (made from the contract's without one) and day."""

    invoice_number: Annotated[str, StringConstraints(max_length=64)] = ""
    on: date | None = None


class TermsIn(Schema, extra="forbid"):
    """The text of a contract's payment terms."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


@router.post("", response=BatchOut, summary="Write contracts as drafts, one or many")
def post_contracts(
    request: HttpRequest, body: ContractIn | Annotated[list[ContractIn], Field(max_length=batches.ROWS_MAX)]
) -> HttpResponse:
    """Record each row or say why not; a draft is written anew, a signed contract is refused."""
    return batches.posted(request, body, row=_row, record=save_contract.save_contracts)


@router.post("/read-terms", summary="Read payment terms out of a text, for a person to confirm")
def post_read_terms(request: HttpRequest, body: TermsIn) -> dict[str, Any]:
    """Return the parts that were found, each with the words it was read from; nothing is stored."""
    acting.actor_of(request)
    found = terms_text.read(body.text)
    return {
        "percent": f"{found.percent:f}",
        "is_whole": found.is_whole,
        "parts": [
            {
                "kind": one.part.kind,
                "percent": f"{one.part.percent:f}",
                "days": one.part.days,
                "month_end": one.part.is_from_month_end,
                "label": one.part.label,
                "quote": one.quote,
            }
            for one in found.found
        ],
    }


@router.get("", summary="Contracts with what is billed, paid, open and overdue")
def get_contracts(
    request: HttpRequest, company: str | None = None, customer: str | None = None, status: str | None = None
) -> dict[str, Any]:
    """Return the contracts that the caller may see, the most overdue first."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        rows = contract_books.progress(
            company_id=found.pk, as_of=clock.today(found), customer_code=customer, status=status
        )
        return {"contracts": [_listed(row) for row in rows]}


@router.get("/{number}", summary="One contract with its schedule and every step")
def get_contract(request: HttpRequest, number: str, company: str | None = None) -> dict[str, Any]:
    """Return the contract, its parts with what became of them, and its life."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        contract = contract_queries.by_number(company_id=found.pk, numbers=[number]).get(number)
        # A contract is seen by whoever sees its customer.
        if contract is None or dossier.customer_by_code(contract.customer_code) is None:
            raise Http404
        parts = contract_books.track(contract_id=contract.id, as_of=clock.today(found))
        return {
            **_contract(contract),
            "schedule": [_plain(part) for part in parts],
            "steps": [
                {
                    "kind": one.kind,
                    "day": one.day,
                    "zh": one.text_zh,
                    "en": one.text_en,
                    "by": one.recorded_by,
                }
                for one in contract_queries.steps_of(contract.id)
            ],
        }


@router.post("/{number}/review/ask", response={201: Any}, summary="Hand a draft to legal")
def post_ask_review(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Ask legal to look."""
    return _move(request, body, lambda who: _contract(sign_contract.ask_legal(number=number, **who)))


@router.post("/{number}/review", response={201: Any}, summary="Clear a contract for signing, or return it")
def post_review(request: HttpRequest, number: str, body: ReviewIn) -> HttpResponse:
    """Record what legal says; nobody clears their own contract."""

    def move(who: dict[str, Any]) -> dict[str, Any]:
        return _contract(sign_contract.review(number=number, is_cleared=body.cleared, text=body.text, **who))

    return _move(request, body, move)


@router.post("/{number}/sign", response={201: Any}, summary="Sign a contract: its schedule is made")
def post_sign(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """Sign; refused while legal has to look and has not cleared it."""
    return _move(request, body, lambda who: _contract(sign_contract.sign(number=number, day=body.on, **who)))


@router.post("/{number}/end", response={201: Any}, summary="End a contract")
def post_end(request: HttpRequest, number: str, body: StepIn) -> HttpResponse:
    """End it; its receivables stay as they are."""

    def move(who: dict[str, Any]) -> dict[str, Any]:
        watch_contracts.end_contract(number=number, reason=body.reason, **who)
        return {"number": number, "status": "ended"}

    return _move(request, body, move)


@router.post(
    "/{number}/parts/{sequence}/reach", response={201: Any}, summary="What makes a part due has happened"
)
def post_reach(request: HttpRequest, number: str, sequence: int, body: ReachIn) -> HttpResponse:
    """Record the day; the due day follows from the terms."""

    def move(who: dict[str, Any]) -> dict[str, Any]:
        line = follow_schedule.reach(number=number, sequence=sequence, day=body.on, **who)
        return {"sequence": sequence, "due_date": line.due_date}

    return _move(request, body, move)


@router.post("/{number}/parts/{sequence}/bill", response={201: Any}, summary="Bill a part that is due")
def post_bill(request: HttpRequest, number: str, sequence: int, body: BillIn) -> HttpResponse:
    """Record the invoice of a part."""

    def move(who: dict[str, Any]) -> dict[str, Any]:
        invoice = follow_schedule.bill(
            number=number, sequence=sequence, invoice_number=body.invoice_number, day=body.on, **who
        )
        return {"sequence": sequence, "invoice_number": invoice}

    return _move(request, body, move)


def _move(request: HttpRequest, body: CompanyRowIn, move: Callable[[dict[str, Any]], Any]) -> HttpResponse:
    def effect() -> Any:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *KEEPERS)
        return move({"company": company, "actor": acting.actor_of(request)})

    return acting.once(request, status=201, effect=effect)


def _row(row: ContractIn, place: int) -> ContractRow:
    return ContractRow(
        number=row.number,
        customer_code=row.customer,
        amount=Decimal(row.amount),
        currency=row.currency,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        title=row.title,
        salesperson=row.salesperson,
        buyer_class=row.buyer_class,
        is_small_seller=row.is_small_seller,
        interest_daily_rate=None if row.interest_daily_rate is None else Decimal(row.interest_daily_rate),
        parts=[part.model_dump(mode="json") for part in row.parts],
        terms_days=row.terms_days,
        row=place,
    )


def _contract(one: ContractRecord) -> dict[str, Any]:
    return {
        "number": one.number,
        "customer": one.customer_code,
        "title": one.title,
        "amount": one.amount.text(),
        "currency": one.amount.currency,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "status": one.status,
        "grade": one.grade,
        "template": one.template,
        "clauses": list(one.clauses),
        "acceleration_days": one.acceleration_days,
        "review_reasons": list(one.review_reasons),
        "reviewed_by": one.reviewed_by,
        "signed_on": one.signed_on,
        "accelerated_on": one.accelerated_on,
        "parts": list(one.terms),
    }


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    return _plain({key: value for key, value in row.items() if key != "id"})


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its amounts as text, to the minor unit."""
    return {key: f"{value:.2f}" if isinstance(value, Decimal) else value for key, value in row.items()}
