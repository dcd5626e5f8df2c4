"""Statements of account: sent with a link, answered by the customer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import Field

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import confirmation_links as links
from tradecredit.apps.receivables import confirmation_queries as queries
from tradecredit.core.kernel import money
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import CompanyRowIn, Number, Text
from tradecredit.flows.statements import send_statement
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.receivables.confirmation_queries import StatementLine, StatementRecord

router = Router(tags=["statements of account"])
SENDERS = (*batches.WRITERS, Role.COLLECTOR, Role.SALES, Role.SALES_MANAGER, Role.CFO)


class StatementIn(CompanyRowIn, extra="forbid"):
    """Whose account, as of which day; the link is valid for so many days."""

    customer: Number
    as_of: date | None = None
    recipient: Text = ""
    language: Literal["zh-hans", "en"] = "zh-hans"
    days_valid: Annotated[int, Field(ge=1, le=180)] = send_statement.DAYS_VALID


@router.post("", response={201: Any}, summary="Freeze an account and make a link for the customer's answer")
def post_statement(request: HttpRequest, body: StatementIn) -> HttpResponse:
    """Make the statement; a recipient with a mail address gets the link by mail, and GET shows it, too."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *SENDERS)
        sent = send_statement.send_statement(
            company=company,
            customer_code=body.customer,
            as_of=body.as_of,
            recipient=body.recipient,
            language=body.language,
            days_valid=body.days_valid,
            actor=acting.actor_of(request),
            link=_link(request),
        )
        return {"number": sent.number}

    return acting.once(request, status=201, effect=effect)


@router.get("", summary="Statements of account and their answers")
def get_statements(
    request: HttpRequest, company: str | None = None, status: str | None = None, customer: str | None = None
) -> dict[str, Any]:
    """Return the statements, the latest first."""
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
        rows = queries.statements(company_id=found.pk, status=status, customer_id=customer_id)
        return {"statements": [_statement(row) for row in rows]}


@router.get("/{number}", summary="One statement with its lines and the answer")
def get_statement(request: HttpRequest, number: str, company: str | None = None) -> dict[str, Any]:
    """Return the statement line by line, with what the customer says of each."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        statement = queries.by_number(company_id=found.pk, number=number)
        if statement is None or dossier.customer_by_code(statement.customer_code) is None:
            raise Http404
        link = None
        if statement.is_waiting and acting.actor_of(request).has_role(found.pk, *SENDERS):
            link = links.filled(_link(request), statement_id=statement.id, expires_at=statement.expires_at)
        return {
            **_statement(statement),
            "link": link,
            "lines": [_line(one) for one in queries.lines_of(statement.id)],
            "proofs": [
                {"name": one.name, "media_type": one.media_type, "size": one.size, "sha256": one.digest}
                for one in queries.proofs_of(statement.id)
            ],
        }


@router.post("/{number}/renew", response={201: Any}, summary="Make another link; the one before ends")
def post_renew(request: HttpRequest, number: str, body: CompanyRowIn) -> HttpResponse:
    """Make another link to a statement that is not answered."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *SENDERS)
        sent = send_statement.renew_link(
            company=company, number=number, actor=acting.actor_of(request), link=_link(request)
        )
        return {"number": sent.number}

    return acting.once(request, status=201, effect=effect)


@router.post("/{number}/withdraw", response={201: Any}, summary="Take a statement back")
def post_withdraw(request: HttpRequest, number: str, body: CompanyRowIn) -> HttpResponse:
    """Withdraw a statement that is not answered."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *SENDERS)
        send_statement.withdraw(company=company, number=number, actor=acting.actor_of(request))
        return {"number": number, "status": "withdrawn"}

    return acting.once(request, status=201, effect=effect)


def _link(request: HttpRequest) -> str:
    """Return the address of the page of answers, with the token's place in it."""
    page = request.build_absolute_uri(reverse("statement_answer", args=["token"]))
    return page.removesuffix("token") + links.PLACE


def _statement(one: StatementRecord) -> dict[str, Any]:
    return {
        "number": one.number,
        "customer": one.customer_code,
        "as_of": one.as_of,
        "status": one.status,
        "totals": list(one.totals),
        "recipient": one.recipient,
        "expires_at": one.expires_at,
        "seen_at": one.seen_at,
        "answered_at": one.answered_at,
        "answered_by": one.answered_by,
        "answer": one.answer_text,
        "promised_date": one.promised_date,
        "recorded_by": one.recorded_by,
    }


def _line(one: StatementLine) -> dict[str, Any]:
    agreed = None if one.answered_amount is None else money.plain(one.answered_amount, one.currency)
    return {
        "position": one.position,
        "document": one.document,
        "date": one.document_date,
        "due_date": one.due_date,
        "currency": one.currency,
        "amount": money.plain(one.amount, one.currency),
        "open": money.plain(one.open_amount, one.currency),
        "answer": one.answer or None,
        "answered_amount": agreed,
        "text": one.answer_text,
    }
