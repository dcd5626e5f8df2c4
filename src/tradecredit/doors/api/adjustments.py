"""Write-offs, deductions, set-offs and recoveries; interest on late payment; closing of periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from tradecredit.apps.receivables import adjustment_queries, periods
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables.adjustments import AdjustmentKind
from tradecredit.doors.api import acting, batches
from tradecredit.doors.api.batches import Amount, CompanyRowIn, Number, Text
from tradecredit.flows.approvals import decide_adjustment
from tradecredit.flows.cash import adjust_receivable, charge_interest, close_period
from tradecredit.flows.cash.adjust_receivable import Wanted
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.receivables.adjustment_queries import AdjustmentRecord
    from tradecredit.apps.receivables.periods import Closing
    from tradecredit.flows.cash.charge_interest import Charge

router = Router(tags=["receivables"])
ASKERS = (*batches.WRITERS, Role.COLLECTOR, Role.SALES_MANAGER, Role.SALES_DIRECTOR, Role.LEGAL, Role.CFO)
DECIDERS = (Role.SALES_DIRECTOR, Role.FINANCE_MANAGER, Role.CFO, Role.MANAGEMENT, Role.LEGAL)
CLOSERS = (Role.FINANCE_MANAGER, Role.CFO)


class AdjustmentIn(CompanyRowIn, extra="forbid"):
    """What is to be reduced (or recovered) and why; without an amount all that is open."""

    kind: Literal["write_off", "deduction", "set_off", "recovery"]
    invoice_number: Number
    line: int = 1
    amount: Amount | None = None
    reason_code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    text: Text = ""
    counter_document: Annotated[str, StringConstraints(max_length=64)] = ""
    on: date | None = None


class DecideIn(CompanyRowIn, extra="forbid"):
    """The decision of a second person; ``on`` is the day of the entry."""

    approve: bool
    reason: Text = ""
    on: date | None = None


class InterestIn(CompanyRowIn, extra="forbid"):
    """Interest up to a day, for one customer or for all."""

    until: date | None = None
    customer: Text = ""


class PeriodIn(CompanyRowIn, extra="forbid"):
    """The last closed day, and why (a reopening needs a reason)."""

    until: date
    reason: Text = ""


@router.post(
    "/adjustments",
    response={201: Any},
    summary="Ask for a write-off, deduction or set-off; record a recovery",
)
def post_adjustment(request: HttpRequest, body: AdjustmentIn) -> HttpResponse:
    """Ask; nothing moves until a second person approves. A recovery is recorded at once."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *ASKERS)
        wanted = Wanted(
            kind=AdjustmentKind(body.kind),
            invoice_number=body.invoice_number,
            line=body.line,
            amount=None if body.amount is None else Decimal(body.amount),
            reason_code=body.reason_code,
            text=body.text,
            counter_document=body.counter_document,
        )
        who: dict[str, Any] = {"company": company, "wanted": wanted, "actor": acting.actor_of(request)}
        if wanted.kind == AdjustmentKind.RECOVERY:
            return _adjustment(adjust_receivable.recover(day=body.on, **who))
        return _adjustment(adjust_receivable.ask(**who))

    return acting.once(request, status=201, effect=effect)


@router.get("/adjustments", summary="Adjustments asked for and decided")
def get_adjustments(
    request: HttpRequest, company: str | None = None, status: str | None = None, invoice: str | None = None
) -> dict[str, Any]:
    """Return them, the latest first."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        acting.require_role(request, found, *batches.READERS, *ASKERS)
        rows = adjustment_queries.adjustments(company_id=found.pk, status=status, invoice_number=invoice)
        return {"adjustments": [_adjustment(row) for row in rows]}


@router.post("/adjustments/{number}/decide", response={201: Any}, summary="Approve or reject an adjustment")
def post_decide(request: HttpRequest, number: str, body: DecideIn) -> HttpResponse:
    """Decide what somebody else asked for, within one's authority."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *DECIDERS)
        done = decide_adjustment.decide_adjustment(
            company=company,
            number=number,
            approves=body.approve,
            reason=body.reason,
            day=body.on,
            actor=acting.actor_of(request),
        )
        return _adjustment(done)

    return acting.once(request, status=201, effect=effect)


@router.post("/receivables/interest", response={201: Any}, summary="Charge interest on late payment")
def post_interest(request: HttpRequest, body: InterestIn) -> HttpResponse:
    """Record the interest up to the day as receivables of their own; no day is charged twice."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *batches.WRITERS)
        charged = charge_interest.charge_interest(
            company=company,
            until=body.until,
            customer_code=body.customer or None,
            actor=acting.actor_of(request),
        )
        return {"charged": [_charge(one) for one in charged]}

    return acting.once(request, status=201, effect=effect)


@router.get("/receivables/interest", summary="What interest would be charged up to a day")
def get_interest(
    request: HttpRequest, company: str | None = None, until: date | None = None, customer: str | None = None
) -> dict[str, Any]:
    """Return the charges without recording them."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        acting.require_role(request, found, *batches.READERS)
        charges = charge_interest.preview(company=found, until=until, customer_code=customer)
        return {"charges": [_charge(one) for one in charges]}


@router.get("/periods", summary="Up to which day the receivables are closed")
def get_periods(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Return the last closed day and every closing."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        acting.require_role(request, found, *batches.READERS)
        closings = periods.closings(company_id=found.pk)
        return {
            "closed_until": periods.closed_until(company_id=found.pk),
            "closings": [_closing(one) for one in closings],
        }


@router.post("/periods/close", response={201: Any}, summary="Close the receivables up to a day")
def post_close(request: HttpRequest, body: PeriodIn) -> HttpResponse:
    """Close; from then on the database refuses entries of that time."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *CLOSERS)
        figures = close_period.close_period(
            company=company, until=body.until, reason=body.reason, actor=acting.actor_of(request)
        )
        return {"closed_until": body.until, "figures": figures}

    return acting.once(request, status=201, effect=effect)


@router.post("/periods/reopen", response={201: Any}, summary="Open closed time again")
def post_reopen(request: HttpRequest, body: PeriodIn) -> HttpResponse:
    """Reopen, with a reason: afterwards the books are closed up to the day only."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, Role.CFO)
        close_period.reopen_period(
            company=company, until=body.until, reason=body.reason, actor=acting.actor_of(request)
        )
        return {"closed_until": body.until}

    return acting.once(request, status=201, effect=effect)


def _adjustment(one: AdjustmentRecord) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "customer": one.customer_code,
        "invoice_number": one.invoice_number,
        "line": one.line,
        "amount": Money(one.amount, one.currency).text(),
        "currency": one.currency,
        "reason_code": one.reason_code,
        "text": one.text,
        "status": one.status,
        "requested_by": one.requested_by,
        "decided_by": one.decided_by,
        "decision_reason": one.decision_reason,
        "posted_on": one.posted_on,
    }


def _charge(one: Charge) -> dict[str, Any]:
    return {
        "number": one.number,
        "invoice_number": one.item.instalment.invoice_number,
        "line": one.item.line,
        "daily_rate": f"{one.rate.normalize():f}",
        "amount": one.amount.text(),
        "currency": one.amount.currency,
    }


def _closing(one: Closing) -> dict[str, Any]:
    return {
        "closed_until": one.closed_until,
        "is_reopening": one.is_reopening,
        "reason": one.reason,
        "figures": dict(one.figures),
        "recorded_at": one.recorded_at,
        "recorded_by": one.recorded_by,
    }
