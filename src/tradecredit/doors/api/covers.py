"""Covers: guarantees, insured limits, collateral, deposits, and the insurers' deadlines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from tradecredit.analytics.exposure import insured_items
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import cover_queries
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, BatchOut, CompanyRowIn, Currency, Number, Text
from tradecredit.flows.limits import keep_covers
from tradecredit.flows.limits.keep_covers import CoverRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.limits.cover_queries import CoverRecord

router = Router(tags=["covers"])
_ACTIVATORS = (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER, Role.CFO, Role.ADMIN)
Share = Annotated[str, StringConstraints(pattern=r"^(0(\.\d{1,4})?|1(\.0{1,4})?)$")]


class CoverIn(CompanyRowIn, extra="forbid"):
    """A cover; ``haircut`` is cut off its amount, ``documents`` must be there before it counts."""

    number: Number
    customer: Number
    kind: Text
    provider: Text
    amount: Amount
    currency: Currency = ""
    haircut: Share = "0"
    valid_from: date
    valid_to: date | None = None
    notify_days: Annotated[int, Field(ge=0, le=730)] | None = None
    documents: Annotated[list[Text], Field(max_length=50)] = []
    note: Text = ""


class ActivateIn(CompanyRowIn, extra="forbid"):
    """The documents that are there."""

    documents: Annotated[list[Text], Field(max_length=50)] = []


class WithdrawIn(CompanyRowIn, extra="forbid"):
    """Why the cover counts no more."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


@router.post(
    "/covers", response=BatchOut, summary="Record covers, one or many; none counts before it is activated"
)
def post_covers(
    request: HttpRequest, body: CoverIn | Annotated[list[CoverIn], Field(max_length=batches.ROWS_MAX)]
) -> HttpResponse:
    """Record each row or say why not; the same row again is unchanged."""
    return batches.posted(
        request,
        body,
        row=_row,
        record=keep_covers.record_covers,
    )


@router.post("/covers/{number}/activate", summary="Let a cover count, once its documents are there")
def post_activate(request: HttpRequest, number: str, body: ActivateIn) -> HttpResponse:
    """A second person does it; missing documents are named."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_ACTIVATORS)
        cover = keep_covers.activate_cover(
            company=company, number=number, documents=body.documents, actor=acting.actor_of(request)
        )
        return _cover(cover)

    return acting.once(request, status=200, effect=effect)


@router.post("/covers/{number}/withdraw", summary="Let a cover count no more")
def post_withdraw(request: HttpRequest, number: str, body: WithdrawIn) -> HttpResponse:
    """It stops counting from today on."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_ACTIVATORS)
        cover = keep_covers.withdraw_cover(
            company=company, number=number, reason=body.reason, actor=acting.actor_of(request)
        )
        return _cover(cover)

    return acting.once(request, status=200, effect=effect)


@router.get("/covers", summary="Covers; of a customer with a day: those that count on it")
def get_covers(
    request: HttpRequest,
    company: str | None = None,
    customer: str | None = None,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Return all covers, or with ``as_of`` a customer's that count on the day."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        if customer is None:
            acting.require_role(request, found, *batches.READERS)
        record = None if customer is None else dossier.customer_by_code(customer)
        if customer is not None and record is None:
            raise Http404
        if record is not None and as_of is not None:
            covers = cover_queries.covers_of(company_id=found.pk, customer_id=record.id, as_of=as_of)
        else:
            covers = cover_queries.all_covers(
                company_id=found.pk, customer_id=None if record is None else record.id
            )
        return {"covers": [_cover(one) for one in covers]}


@router.get("/covers/deadlines", summary="Overdue items and until when their insurers must hear of them")
def get_deadlines(
    request: HttpRequest, company: str | None = None, as_of: date | None = None
) -> dict[str, Any]:
    """Return the items, the earliest deadline first; ``days_left`` below zero has passed."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        acting.require_role(request, found, *batches.READERS)
        day = as_of or clock.today(found)
        items = insured_items.insured_items(company_id=found.pk, as_of=day)
        return {
            "as_of": day,
            "items": [
                {
                    "customer": one.customer_code,
                    "invoice": one.invoice,
                    "due_date": one.due_date,
                    "open": one.open.text(),
                    "currency": one.open.currency,
                    "cover": one.cover,
                    "insurer": one.insurer,
                    "notify_by": one.notify_by,
                    "days_left": one.days_left(day),
                }
                for one in items
            ],
        }


def _row(row: CoverIn, place: int) -> CoverRow:
    return CoverRow(
        number=row.number,
        customer_code=row.customer,
        kind=row.kind,
        provider=row.provider,
        amount=Decimal(row.amount),
        currency=row.currency,
        haircut=Decimal(row.haircut),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        notify_days=row.notify_days,
        documents=tuple(row.documents),
        note=row.note,
        row=place,
    )


def _cover(cover: CoverRecord) -> dict[str, Any]:
    return {
        "number": cover.number,
        "customer": cover.customer_code,
        "kind": cover.kind,
        "provider": cover.provider,
        "amount": cover.amount.text(),
        "currency": cover.amount.currency,
        "haircut": f"{cover.haircut_share:f}",
        "effective": cover.effective.text(),
        "valid_from": cover.valid_from,
        "valid_to": cover.valid_to,
        "notify_days": cover.notify_days,
        "documents_required": cover.documents_required,
        "documents_missing": cover.documents_missing,
        "status": cover.status,
        "activated_on": cover.activated_on,
    }
