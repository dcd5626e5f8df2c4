"""Goods that left and what became of them, the exposure timeline, and the inbox of documents that wait."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from tradecredit.analytics.exposure import order_books, timeline
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.worklist import inbox
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, BatchOut, CompanyRowIn, Currency, Number
from tradecredit.flows.imports import import_deliveries, import_goods_events, retry_waiting
from tradecredit.flows.imports.import_deliveries import DeliveryRow
from tradecredit.flows.imports.import_goods_events import GoodsEventRow

router = Router(tags=["exposure"])


class DeliveryIn(CompanyRowIn, extra="forbid"):
    """Goods that have left, as another system reports them; a consignment goes to the customer's stock."""

    number: Number
    order_number: Number
    delivery_date: date
    amount: Amount
    currency: Currency = ""
    kind: Literal["sale", "consignment"] = "sale"


class GoodsEventIn(CompanyRowIn, extra="forbid"):
    """What became of a delivery: used from stock, returned, or returned to be replaced."""

    kind: Literal["usage", "return", "replaced"]
    number: Number
    delivery_number: Number
    date: date
    amount: Amount


class DismissIn(CompanyRowIn, extra="forbid"):
    """Why a waiting document is not wanted."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


@router.post(
    "/deliveries", response=BatchOut, summary="Record goods that have left, one or many, without a check"
)
def post_deliveries(
    request: HttpRequest, body: DeliveryIn | Annotated[list[DeliveryIn], Field(max_length=batches.ROWS_MAX)]
) -> HttpResponse:
    """Record each row; to ask before goods leave, use /orders/{reference}/deliver."""
    return batches.posted(
        request,
        body,
        row=lambda row, place: DeliveryRow(
            number=row.number,
            order_number=row.order_number,
            delivery_date=row.delivery_date,
            amount=Decimal(row.amount),
            currency=row.currency,
            kind=row.kind,
            row=place,
        ),
        record=import_deliveries.import_deliveries,
    )


@router.post("/goods-events", response=BatchOut, summary="Record usages of consignment stock and returns")
def post_goods_events(
    request: HttpRequest,
    body: GoodsEventIn | Annotated[list[GoodsEventIn], Field(max_length=batches.ROWS_MAX)],
) -> HttpResponse:
    """Record each row; none of it is ever blocked, since none of it takes credit."""
    return batches.posted(
        request,
        body,
        row=lambda row, place: GoodsEventRow(
            kind=row.kind,
            number=row.number,
            delivery_number=row.delivery_number,
            event_date=row.date,
            amount=Decimal(row.amount),
            row=place,
        ),
        record=import_goods_events.import_goods_events,
    )


@router.get(
    "/exposures/{customer}/timeline", summary="Exposure move by move: document, day, stage, amount, why"
)
def get_timeline(
    request: HttpRequest, customer: str, company: str | None = None, document: str = ""
) -> dict[str, Any]:
    """Return the movements, the latest first; ``document`` keeps those of one document and what hangs on it."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        record = dossier.customer_by_code(customer)
        if record is None or found.pk not in record.company_ids:
            raise Http404
        moves = timeline.timeline(
            company_id=found.pk, customer_id=record.id, zone=found.time_zone, document=document
        )
        return {
            "customer": record.code,
            "document": document or None,
            "moves": [
                {
                    "day": one.day,
                    "recorded_at": one.recorded_at,
                    "document": one.document,
                    "stage": one.stage,
                    "amount": one.amount.text(),
                    "currency": one.amount.currency,
                    "cause": one.cause,
                    "why": one.why.as_dict(),
                    "cause_id": None if one.cause_id is None else str(one.cause_id),
                }
                for one in moves
            ],
        }


@router.get(
    "/inbox", summary="Documents that could not be recorded, and parts of invoices whose source is missing"
)
def get_inbox(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return what waits, longest first, with the reason and what it waits for."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        acting.require_role(request, found, *batches.READERS)
        return {
            "waiting": [
                {
                    "id": str(one.id),
                    "kind": one.kind,
                    "number": one.number,
                    "content": one.content,
                    "field": one.field or None,
                    "reason": one.words.as_dict(),
                    "waits_for": one.waits_for or None,
                    "attempts": one.attempts,
                    "first_refused_at": one.first_refused_at,
                    "latest_refused_at": one.latest_refused_at,
                }
                for one in inbox.waiting(company_id=found.pk)
            ],
            "orphans": [
                {
                    "invoice": one.invoice,
                    "kind": one.kind,
                    "number": one.number,
                    "amount": f"{one.amount:.2f}",
                    "currency": one.currency,
                }
                for one in order_books.orphans(company_id=found.pk)
            ],
        }


@router.post("/inbox/retry", summary="Try every waiting document again")
def post_retry(request: HttpRequest, body: CompanyRowIn) -> HttpResponse:
    """Return how many were recorded."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        done = retry_waiting.retry_waiting(company=company, actor=acting.actor_of(request))
        return {"recorded": done, "waiting": inbox.count_waiting(company_id=company.pk)}

    return acting.once(request, status=200, effect=effect)


@router.post("/inbox/{row_id}/dismiss", summary="Say no to a waiting document")
def post_dismiss(request: HttpRequest, row_id: UUID, body: DismissIn) -> HttpResponse:
    """It stays on record as dismissed, with who and why."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        retry_waiting.dismiss(
            company=company, row_id=row_id, reason=body.reason, actor=acting.actor_of(request)
        )
        return {"id": str(row_id), "status": "dismissed"}

    return acting.once(request, status=200, effect=effect)
