"""One invoice: its instalments, what was set against them, disputes; and the reductions that people decide."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.analytics.approvals import inbox as requests_waiting
from tradecredit.analytics.dashboards import finder
from tradecredit.analytics.receivables import document_file, policies
from tradecredit.apps.receivables import adjustment_queries, periods
from tradecredit.core.approvals import routing
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables.adjustments import AdjustmentKind
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.flows.approvals import decide_adjustment
from tradecredit.flows.cash import adjust_receivable, charge_interest, close_period, open_dispute
from tradecredit.flows.cash.adjust_receivable import Wanted

if TYPE_CHECKING:
    from decimal import Decimal

    from django.http import HttpRequest


@require_GET
@acting.page
def document(request: HttpRequest, number: str) -> HttpResponse:
    """Show an invoice with everything that was set against it."""
    place, actor = acting.place_of(request), acting.actor_of(request)
    found = document_file.of(company_id=place.company_id, number=number, as_of=place.as_of)
    if found is None:
        raise Http404
    policy = policies.in_force(company_id=place.company_id, as_of=place.as_of)
    context = {
        "file": found,
        "as_of": place.as_of,
        "kinds": [(kind.value, adjust_receivable.NAMES[kind]) for kind in AdjustmentKind],
        "reasons": policy.adjustments.reasons.items(),
        "adjustments": adjustment_queries.adjustments(company_id=place.company_id, invoice_number=number),
        "may_dispute": permissions.may(actor, place.company_id, "dispute"),
        "may_adjust": permissions.may(actor, place.company_id, "adjust"),
    }
    return render(request, "web/document.html", context)


@require_POST
@acting.page
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Dispute an instalment or end its dispute; ask for a reduction, or record a recovery."""
    back = reverse("web:document", args=[number])
    step = request.POST.get("step", "")
    action = "dispute" if step in {"dispute", "settle_dispute"} else "adjust"

    def effect() -> str:
        messages.success(request, _act(request, number, step).in_language(language()))
        return back

    return acting.act(request, action=action, effect=effect, back=back)


def _act(request: HttpRequest, number: str, step: str) -> Words:
    company, actor = acting.company_of(request), acting.actor_of(request)
    line = request.POST.get("line", "1")
    place: dict[str, Any] = {"invoice_number": number, "line": int(line) if line.isdecimal() else 1}
    amount = finder.amount_of(request.POST.get("amount", "")) if request.POST.get("amount") else None
    match step:
        case "dispute":
            open_dispute.open_dispute(
                company=company, amount=amount, reason_code=request.POST.get("reason", "other")[:32],
                text=request.POST.get("text", ""), actor=actor, **place,
            )  # fmt: skip
            return Words(zh="争议已登记。", en="The dispute is recorded.")
        case "settle_dispute":
            open_dispute.close_dispute(
                company=company,
                resolution=request.POST.get("text", "")[:200] or "settled",
                actor=actor,
                **place,
            )
            return Words(zh="争议已结束。", en="The dispute is closed.")
        case _:
            return _ask(request, place, amount)


def _ask(request: HttpRequest, place: dict[str, Any], amount: Decimal | None) -> Words:
    kind = request.POST.get("kind", "")
    if kind not in set(AdjustmentKind):
        raise Http404
    wanted = Wanted(
        kind=AdjustmentKind(kind),
        amount=amount,
        reason_code=request.POST.get("reason", ""),
        text=request.POST.get("text", ""),
        counter_document=request.POST.get("counter", "")[:64],
        **place,
    )
    who: dict[str, Any] = {
        "company": acting.company_of(request),
        "wanted": wanted,
        "actor": acting.actor_of(request),
    }
    if wanted.kind == AdjustmentKind.RECOVERY:
        adjust_receivable.recover(**who)
        return Words(
            zh="坏账收回已登记，请核销收到的款项。", en="The recovery is recorded: apply the money received."
        )
    adjust_receivable.ask(**who)
    return Words(zh="已提交，等待他人审批。", en="Asked; a second person decides.")


@require_GET
@acting.page
def adjustments(request: HttpRequest) -> HttpResponse:
    """Show what is asked for and decided, interest that could be charged, and up to when the books are closed."""
    place, actor = acting.place_of(request), acting.actor_of(request)
    acting.require(request, "see_bank")
    company = acting.company_of(request)
    policy = policies.in_force(company_id=place.company_id, as_of=place.as_of)
    rows = adjustment_queries.adjustments(company_id=place.company_id, most=200)
    asked = requests_waiting.waiting(company_id=place.company_id, actor=actor, day=place.as_of)
    waiting = {one.subject_id for one in asked if one.kind in routing.ADJUSTMENTS}
    context = {
        "rows": [
            {
                "one": row,
                "kind": adjust_receivable.NAMES[AdjustmentKind(row.kind)],
                "reason": policy.adjustments.reasons.get(row.reason_code),
                "may_decide": row.id in waiting and row.requested_by_id != actor.user_id,
            }
            for row in rows
        ],
        "charges": charge_interest.preview(company=company)[:200],
        "closed_until": periods.closed_until(company_id=place.company_id),
        "closings": periods.closings(company_id=place.company_id, most=12),
        "may_close": permissions.may(actor, place.company_id, "close_period"),
        "may_charge": permissions.may(actor, place.company_id, "charge_interest"),
        "as_of": place.as_of,
    }
    return render(request, "web/adjustments.html", context)


@require_POST
@acting.page
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """Approve or reject what somebody else asked for."""
    back = reverse("web:adjustments")

    def effect() -> str:
        decide_adjustment.decide_adjustment(
            company=acting.company_of(request),
            number=number,
            approves=request.POST.get("verdict") == "approve",
            reason=request.POST.get("reason", ""),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已处理。", en="Decided.")
    return acting.act(request, action="decide_adjustment", effect=effect, back=back, done=done)


@require_POST
@acting.page
def charge(request: HttpRequest) -> HttpResponse:
    """Charge the interest of today as receivables of their own."""
    back = reverse("web:adjustments")

    def effect() -> str:
        charged = charge_interest.charge_interest(
            company=acting.company_of(request), actor=acting.actor_of(request)
        )
        said = Words(zh=f"已计息 {len(charged)} 笔。", en=f"Interest on {len(charged)} items was charged.")
        messages.success(request, said.in_language(language()))
        return back

    return acting.act(request, action="charge_interest", effect=effect, back=back)


@require_POST
@acting.page
def close(request: HttpRequest) -> HttpResponse:
    """Close the receivables up to a day, or open closed time again."""
    back = reverse("web:adjustments")
    reopens = request.POST.get("step") == "reopen"

    def effect() -> str:
        who: dict[str, Any] = {
            "company": acting.company_of(request),
            "until": _day(request),
            "reason": request.POST.get("reason", ""),
            "actor": acting.actor_of(request),
        }
        if reopens:
            close_period.reopen_period(**who)
        else:
            close_period.close_period(**who)
        return back

    action = "reopen_period" if reopens else "close_period"
    done = Words(zh="已完成。", en="Done.")
    return acting.act(request, action=action, effect=effect, back=back, done=done)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("until", ""))
    except ValueError as error:
        raise close_period.UnableToClosePeriodError(Words(zh="请填写日期。", en="Say which day.")) from error
