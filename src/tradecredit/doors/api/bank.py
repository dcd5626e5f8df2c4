"""Bank statements in by file, and a person's word on the lines that wait."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.cash_application import bank_queries
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import CompanyRowIn, Number
from tradecredit.flows import ports
from tradecredit.flows.cash import bank_import_json, import_bank_statement, settle_bank_line
from tradecredit.flows.cash.import_bank_statement import ReadStatements
from tradecredit.plumbing.access.models import Company

router = Router(tags=["cash"])
_FILES_MAX = 20
_FILE_LENGTH_MAX = 48_000_000

Short = Annotated[str, StringConstraints(max_length=200)]
Profile = Annotated[str, StringConstraints(max_length=100_000)]


class BankFileIn(CompanyRowIn, extra="forbid"):
    """A file: its text, or its bytes in base64; ``profile`` names a column profile or is one in YAML."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content: Annotated[str, StringConstraints(max_length=_FILE_LENGTH_MAX)] = ""
    content_base64: Annotated[str, StringConstraints(max_length=_FILE_LENGTH_MAX)] = ""
    account: Short = ""
    profile: Profile = ""
    accept_differences: bool = False


class CheckOut(Schema):
    """One statement: what it adds up to and whether that is what it says."""

    file: str
    format: str
    profile: str | None
    id: UUID | None
    account: str
    number: str
    lines: int
    duplicates: int
    credit: str
    debit: str
    is_balanced: bool | None
    difference: str | None
    notes: list[str]


class RefusedOut(Schema):
    """A file that was refused whole, with the place and the reason."""

    file: str
    message: str


class BankImportOut(Schema):
    """What became of the lines of all files."""

    statements: int
    lines: int
    matched: int
    suggested: int
    unidentified: int
    held: int
    returned: int
    refund: int
    outgoing: int
    duplicates: int
    refused: list[RefusedOut]
    checks: list[CheckOut]


class SettleIn(CompanyRowIn, extra="forbid"):
    """A person's word on a line: the customer that paid, the payment that went back, a reason to dismiss, or to book it."""

    customer: Number | None = None
    payment: Number | None = None
    dismiss: Annotated[str, StringConstraints(max_length=300)] | None = None


class AcceptIn(CompanyRowIn, extra="forbid"):
    """Take a statement with its difference."""


@router.post("/bank-statements", response=BankImportOut, summary="Import bank statements, one file or many")
def post_bank_statements(
    request: HttpRequest, body: BankFileIn | Annotated[list[BankFileIn], Field(max_length=_FILES_MAX)]
) -> HttpResponse:
    """Take each file whole or refuse it whole; the same statement again adds nothing."""
    ready: list[tuple[Company, ReadStatements, bool]] = []
    refused: list[tuple[str, Words]] = []
    for row in batches.as_list(body):
        company = acting.company_of(request, row.company)
        acting.require_role(request, company, *batches.WRITERS)
        try:
            # Read before any transaction begins: a slow file keeps nobody waiting.
            found = import_bank_statement.read(
                company=company, file=_file(row), files=ports.find(ports.BankFiles)
            )
        except UnableToError as refusal:
            refused.append((row.name, refusal.words))
        else:
            ready.append((company, found, row.accept_differences))
    return acting.once(request, status=200, effect=lambda: _recorded(request, ready, refused))


def _recorded(
    request: HttpRequest,
    ready: list[tuple[Company, ReadStatements, bool]],
    refused: list[tuple[str, Words]],
) -> dict[str, Any]:
    done, unclear = [], list(refused)
    for company, found, accept_differences in ready:
        try:
            report = import_bank_statement.record(
                company=company,
                found=found,
                actor=acting.actor_of(request),
                accept_differences=accept_differences,
            )
            done.append(report)
        except UnableToError as refusal:
            unclear.append((found.source.name, refusal.words))
    language = translation.get_language() or "en"
    return bank_import_json.document(done=done, refused=unclear, language=language)


@router.post("/bank-lines/{line_id}/settle", summary="Say what a waiting line of the bank is")
def post_settle(request: HttpRequest, line_id: UUID, body: SettleIn) -> HttpResponse:
    """Name its customer, name the payment it takes back, dismiss it with a reason, or book it as it stands."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        who: dict[str, Any] = {"company": company, "line_id": line_id, "actor": acting.actor_of(request)}
        if body.customer is not None:
            outcome = settle_bank_line.name_customer(customer_code=body.customer, **who)
        elif body.payment is not None:
            outcome = settle_bank_line.name_payment(payment_number=body.payment, **who)
        elif body.dismiss is not None:
            outcome = settle_bank_line.dismiss(reason=body.dismiss, **who)
        else:
            outcome = settle_bank_line.book_line(**who)
        language = translation.get_language() or "en"
        return {"status": str(outcome.status), "message": outcome.words.in_language(language)}

    return acting.once(request, status=200, effect=effect)


@router.post("/bank-statements/{statement_id}/accept", summary="Take a statement that does not add up")
def post_accept(request: HttpRequest, statement_id: UUID, body: AcceptIn) -> HttpResponse:
    """Book the lines that were held because opening and movements are not the closing balance."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        booked = settle_bank_line.accept_statement(
            company=company, statement_id=statement_id, actor=acting.actor_of(request)
        )
        return {"lines": booked}

    return acting.once(request, status=200, effect=effect)


@router.get("/bank-accounts", summary="Our bank accounts and how far their statements reach")
def get_bank_accounts(request: HttpRequest, company: str | None = None) -> list[dict[str, Any]]:
    """Return each account with the latest day that is booked: dunning must not run ahead of it."""
    chosen = acting.company_of(request, company)
    with acting.reading(request):
        return [
            {
                "account": one.account,
                "currency": one.currency,
                "first_booked": one.first_booked,
                "booked_until": one.booked_until,
            }
            for one in bank_queries.freshness(company_id=chosen.pk)
        ]


def _file(row: BankFileIn) -> BankFile:
    data = row.content.encode()
    if row.content_base64:
        try:
            data = base64.b64decode(row.content_base64, validate=True)
        except (binascii.Error, ValueError):
            data = b""
    return BankFile(name=row.name, data=data, profile=row.profile, account=row.account)
