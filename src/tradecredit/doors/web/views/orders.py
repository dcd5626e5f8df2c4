"""The order check, its verdict and the queue of held orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.analytics.dashboards import work
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.orders import parts, releases, reviews, stopped
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.decisions import wording
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, inbox, tones, verdicts
from tradecredit.doors.web.forms import OrderCheckForm
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.doors.web.views import holds
from tradecredit.flows import permissions
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.limits import set_limit
from tradecredit.flows.orders import check_order_credit, explain_decision
from tradecredit.flows.orders import recheck_held_orders as rechecking
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.flows.orders.decision_views import DecisionView


@require_http_methods(["GET", "POST"])
@acting.page
def order_check(request: HttpRequest) -> HttpResponse:
    """Show the form of an order check, and run the check."""
    company = acting.company_of(request)
    form = OrderCheckForm(request.POST or None, initial=_proposed(request))
    if request.method == "POST" and form.is_valid():
        try:
            acting.require(request, "check_order")
            return redirect(acting.once(request, lambda: _check(request, form.cleaned_data)))
        except UnableToError as refusal:
            form.add_error(None, refusal.words.in_language(language()))
    code = form["customer"].value()
    context = {
        "form": form,
        "customer": dossier.customer_by_code(code) if code else None,
        "may_check": permissions.may(acting.actor_of(request), company.pk, "check_order"),
    }
    return render(request, "web/order_check.html", context)


def _proposed(request: HttpRequest) -> dict[str, Any]:
    moment = clock.now()
    asked = {name: request.GET[name] for name in OrderCheckForm.base_fields if request.GET.get(name)}
    base = acting.company_of(request).base_currency
    return {"reference": f"TEST-{moment:%m%d-%H%M%S}", "currency": base} | asked


def _check(request: HttpRequest, fields: dict[str, Any]) -> str:
    asked = CheckRequest(
        company=acting.company_of(request),
        customer_code=fields["customer"],
        reference=fields["reference"],
        amount=money.Money.of(fields["amount"], fields["currency"]),
        terms_days=fields["terms_days"],
    )
    view = check_order_credit.check_order_credit(
        requests=[asked], actor=acting.actor_of(request), commit=request.POST.get("mode") != "trial"
    )[0]
    return reverse("web:decision", args=[view.id])


@require_GET
@acting.page
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Show one verdict with everything that explains it."""
    actor = acting.actor_of(request)
    explanation = explain_decision.explain_decision(decision_id=decision_id, actor=actor)
    view = explanation.view
    if view.company_id != acting.company_of(request).pk:
        raise Http404
    asked = _open_request(view) if view.is_committed else None
    shown = verdicts.shown(explanation) | {
        "task_id": asked.id if asked else None,
        "may_decide": bool(asked and _may_decide(request, asked)),
    }
    context = {
        "decision": shown,
        "tone": tones.of("outcome", shown["outcome"]),
        "waterfall": verdicts.picture(explanation),
        "reject_reasons": inbox.REJECT_REASONS,
        "request_record": asked,
        **_hold_tools(request, view),
    }
    return render(request, "web/decision.html", context)


def _hold_tools(request: HttpRequest, view: DecisionView) -> dict[str, Any]:
    """Return what belongs to a held document: its remainders, its releases, the word on it afterwards."""
    is_judged = view.is_committed and not view.lets_through
    may = permissions.may(acting.actor_of(request), view.company_id, "respond")
    apart = parts.remainders_of([view.order_id]) if view.order_id else ()
    return {
        "remainders": list(order_queries.orders_by_id(apart).values()),
        "releases": [
            {"record": one, "tolerance_text": wording.share_text(f"{one.tolerance:f}")}
            for one in (releases.of_order(view.order_id) if view.order_id else ())
        ],
        "may_review": is_judged and may,
        "review": reviews.latest(view.id) if is_judged else None,
        **holds.reason_codes(request),
    }


def _open_request(view: DecisionView) -> RequestRecord | None:
    if view.facts.request.control_point is ControlPoint.DELIVERY:
        stop = stopped.by_decision(view.id)
        kind, subject = "delivery_release", None if stop is None else stop.id
    else:
        kind, subject = "order_release", view.order_id
    if subject is None:
        return None
    return approvals.open_of_subjects(kind=kind, subject_ids=[subject]).get(subject)


def _may_decide(request: HttpRequest, asked: RequestRecord) -> bool:
    actor = acting.actor_of(request)
    mine = {role.value for role in actor.roles_in(asked.company_id)}
    voted = any(vote.actor_id == actor.user_id for vote in asked.votes)
    return bool(mine & set(asked.roles)) and asked.requested_by_id != actor.user_id and not voted


@require_POST
@acting.page
def recheck(request: HttpRequest, reference: str) -> HttpResponse:
    """Check the held orders of the order's customer again: what passes now is released."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = acting.next_of(request, default=reverse("web:held_orders"))
    row = next(
        (one for one in work.held_orders(acting.place_of(request)) if one["reference"] == reference), None
    )
    if row is None:
        raise Http404
    customer = dossier.customer_by_code(row["customer_code"])
    if customer is None:
        raise Http404

    def effect() -> str:
        released = rechecking.recheck_held_orders(company=company, customer_ids=[customer.id], actor=actor)
        return reverse("web:decision", args=[released[0].id]) if released else back

    done = Words(zh="已重新检查。", en="Checked again.")
    return acting.act(request, action="check_order", effect=effect, back=back, done=done)


@require_POST
@acting.page
def decide(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Approve or reject a request; the last vote needed carries it out."""
    asked = approvals.by_id(task_id)
    if asked is None or asked.company_id != acting.company_of(request).pk:
        raise Http404
    back = acting.next_of(request, default=reverse("web:tasks"))
    approves = request.POST.get("answer") == "approve"
    reason = request.POST.get("reason", "").strip()
    if approves and not reason:
        reason = inbox.APPROVE_REASON.in_language(language())
    done = Words(zh="已同意。", en="Approved.") if approves else Words(zh="已驳回。", en="Rejected.")

    def effect() -> str:
        _decide(request, asked, approves=approves, reason=reason)
        return back

    return acting.act(request, action="decide", effect=effect, back=back, done=done)


def _decide(request: HttpRequest, asked: RequestRecord, *, approves: bool, reason: str) -> None:
    company, actor = acting.company_of(request), acting.actor_of(request)
    if decide_approval.carries_out(asked.kind):
        days = request.POST.get("days", "").strip()
        decide_approval.decide_approval(
            request_id=asked.id,
            approves=approves,
            reason=reason,
            reason_code=request.POST.get("reason_code", ""),
            days=int(days) if days.isdecimal() and int(days) else None,
            actor=actor,
        )
    elif approves:
        set_limit.approve_limit(company=company, proposal_id=asked.subject_id, actor=actor, reason=reason)
    else:
        set_limit.reject_limit(company=company, proposal_id=asked.subject_id, actor=actor, reason=reason)
