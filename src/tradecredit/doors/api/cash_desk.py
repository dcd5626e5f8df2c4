"""The cash desk: waiting lines of the bank with their suggestions, and a person's word on them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router
from pydantic import Field, StringConstraints

from tradecredit.analytics.receivables import cash_desk
from tradecredit.apps.cash_application.bank_operations import Outcome
from tradecredit.core.cash_application.matcher import values
from tradecredit.core.cash_application.matcher.values import AdviceLine
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, CompanyRowIn, Number
from tradecredit.doors.api.cash import WantedIn
from tradecredit.flows import ports
from tradecredit.flows.cash import decide_match, match_again, match_payments, undo_match
from tradecredit.flows.cash.apply_cash import Wanted
from tradecredit.flows.imports import read_advice
from tradecredit.flows.imports.incoming import TabularFiles

router = Router(tags=["cash"])
_FILE_LENGTH_MAX: Final = 8_000_000
Reason = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class AcceptIn(CompanyRowIn, extra="forbid"):
    """Which suggestion is right; 1 is the likeliest."""

    rank: Annotated[int, Field(ge=1, le=9)] = 1


class ApplyLineIn(CompanyRowIn, extra="forbid"):
    """Whose money a line is and what it pays."""

    customer: Number
    allocations: Annotated[list[WantedIn], Field(min_length=1, max_length=1000)]


class AdviceLineIn(CompanyRowIn, extra="forbid"):
    """One line of a remittance advice."""

    invoice_number: Number
    amount: Amount


class AdviceIn(CompanyRowIn, extra="forbid"):
    """What the payer lists: so much for this invoice, so much for that; or its file (CSV, XLSX, XLS) in base64."""

    customer: Number
    lines: Annotated[list[AdviceLineIn], Field(max_length=5000)] = []
    file_base64: Annotated[str, StringConstraints(max_length=_FILE_LENGTH_MAX)] = ""


class WhyIn(CompanyRowIn, extra="forbid"):
    """Why something is undone."""

    reason: Reason


class NothingIn(CompanyRowIn, extra="forbid"):
    """Only the company, where there are several."""


@router.get("/bank-lines", summary="Receipts that wait, with suggestions, evidence and probability")
def get_bank_lines(request: HttpRequest, company: str | None = None) -> list[dict[str, Any]]:
    """Return at most 200, those with the likeliest suggestion first."""
    chosen = acting.company_of(request, company)
    with acting.reading(request):
        lines = cash_desk.waiting(company_id=chosen.pk)
        ways = cash_desk.suggestions(company_id=chosen.pk, line_ids=[line["id"] for line in lines])
        return [_line(line, ways[line["id"]]) for line in lines]


@router.get("/payments/{number}/suggestions", summary="What the rest of a payment may settle")
def get_suggestions(request: HttpRequest, number: str, company: str | None = None) -> dict[str, Any]:
    """Return the ways with evidence and probability, the likeliest first; apply one with `…/apply`."""
    chosen = acting.company_of(request, company)
    with acting.reading(request):
        acting.require_role(request, chosen, *batches.READERS)
        found = match_payments.suggest(company=chosen, number=number)
        if found is None:
            raise Http404
        ways = cash_desk.shown(company_id=chosen.pk, customer_code=found.customer_code, ways=found.ways)
        return {
            "payment": number,
            "customer": found.customer_code,
            "unapplied": found.unapplied.text(),
            "currency": found.unapplied.currency,
            "message": found.words.in_language(translation.get_language() or "en"),
            "suggestions": [way_json(way, found.unapplied.currency) for way in ways],
        }


@router.post("/bank-lines/match", summary="Match everything that waits once more")
def post_match(request: HttpRequest, body: NothingIn) -> HttpResponse:
    """Book what is certain now; what a person undid is only suggested."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        counts = match_again.match_again(company=company, actor=acting.actor_of(request))
        return {name: counts[name] for name in ("matched", "suggested", "unidentified")}

    return acting.once(request, status=200, effect=effect)


@router.post("/bank-lines/{line_id}/accept", summary="Accept a suggestion")
def post_accept(request: HttpRequest, line_id: UUID, body: AcceptIn) -> HttpResponse:
    """Book it as it stands, or refuse when what it would settle has changed."""
    return _decided(request, body, lambda who: decide_match.accept(line_id=line_id, rank=body.rank, **who))


@router.post("/bank-lines/{line_id}/apply", summary="Apply a line to chosen invoices")
def post_apply(request: HttpRequest, line_id: UUID, body: ApplyLineIn) -> HttpResponse:
    """Apply in the order given; what is left stays on account."""
    wanted = [
        Wanted(
            invoice_number=one.invoice_number,
            line=one.line,
            amount=None if one.amount is None else Decimal(one.amount),
        )
        for one in body.allocations
    ]
    return _decided(
        request,
        body,
        lambda who: decide_match.apply_by_hand(
            line_id=line_id, customer_code=body.customer, wanted=wanted, **who
        ),
    )


@router.post("/bank-lines/{line_id}/advice", summary="Apply a line as the remittance advice lists it")
def post_advice(request: HttpRequest, line_id: UUID, body: AdviceIn) -> HttpResponse:
    """Apply each listed amount as far as it is open; what is left stays on account."""
    return _decided(
        request,
        body,
        lambda who: decide_match.follow_advice(
            line_id=line_id, customer_code=body.customer, advice=_advice(body), **who
        ),
    )


@router.post("/bank-lines/{line_id}/on-account", summary="Leave a line on account")
def post_on_account(request: HttpRequest, line_id: UUID, body: NothingIn) -> HttpResponse:
    """Take it off the list unapplied."""
    return _decided(request, body, lambda who: decide_match.leave_on_account(line_id=line_id, **who))


@router.post("/bank-lines/{line_id}/undo", summary="Undo what was applied of a line")
def post_undo(request: HttpRequest, line_id: UUID, body: WhyIn) -> HttpResponse:
    """Reverse it; the line waits again and nothing books it by itself."""
    return _decided(request, body, lambda who: undo_match.undo(line_id=line_id, reason=body.reason, **who))


@router.post("/bank-lines/{line_id}/deny-payer", summary="Say that the customer did not pay this")
def post_deny(request: HttpRequest, line_id: UUID, body: WhyIn) -> HttpResponse:
    """Take the line away from the customer; its payment goes back."""
    return _decided(
        request, body, lambda who: undo_match.deny_payer(line_id=line_id, reason=body.reason, **who)
    )


def _advice(body: AdviceIn) -> Sequence[AdviceLine]:
    """Return what is listed, or what the file lists; raises UnableToReadAdviceError, UnableToReadFileError."""
    if body.lines:
        return [
            AdviceLine(number=one.invoice_number, amount=values.units(Decimal(one.amount)))
            for one in body.lines
        ]
    try:
        data = base64.b64decode(body.file_base64, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return read_advice.read_advice(data=data, files=ports.find(TabularFiles))


def _decided(
    request: HttpRequest, body: CompanyRowIn, decide: Callable[[dict[str, Any]], Outcome]
) -> HttpResponse:
    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        outcome = decide({"company": company, "actor": acting.actor_of(request)})
        language = translation.get_language() or "en"
        return {"status": str(outcome.status), "message": outcome.words.in_language(language)}

    return acting.once(request, status=200, effect=effect)


def _line(line: dict[str, Any], ways: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": line["id"],
        "booking_date": line["booking_date"],
        "amount": money.plain(line["amount"], line["currency"]),
        "currency": line["currency"],
        "payer": line["counterparty"],
        "payer_account": line["counterparty_account"],
        "text": line["text"],
        "status": line["status"],
        "customer": line["customer_code"],
        "payment": line["payment_number"],
        "message": _said(line["reason_zh"], line["reason_en"]),
        "suggestions": [way_json(way, line["currency"]) for way in ways],
    }


def way_json(way: dict[str, Any], currency: str) -> dict[str, Any]:
    """Return a way as it is shown: its evidence in words, its probability, and what it would settle."""
    return {
        "rank": way["rank"],
        "customer": way["customer_code"],
        "probability": str(way["probability"]),
        "evidence": way["evidence"],
        "message": _said(way["explanation_zh"], way["explanation_en"]),
        "difference": money.plain(way["gap_amount"], currency),
        "difference_reason": way["gap_reason"],
        "allocations": [
            {
                "invoice_number": item["number"],
                "line": item["line"],
                "amount": money.plain(item["taken"], currency),
                "open": money.plain(item["open"], currency),
            }
            for item in way["items"]
        ],
    }


def _said(zh: str, en: str) -> str:
    return Words(zh=zh, en=en).in_language(translation.get_language() or "en")
