"""The hold queue over all companies, parts of held orders, and what people let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.analytics.dashboards import finder, holds
from tradecredit.analytics.order_checks import releases
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, roles
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.flows.approvals import act_on_holds
from tradecredit.flows.orders import order_policy, review_hold, split_order
from tradecredit.flows.orders.record_release import Terms
from tradecredit.flows.orders.split_order import Part
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from tradecredit.analytics.dashboards.holds import Hold

_FIELDS: Final = ("company", "customer", "kind", "reason", "role", "currency", "sort")
_SORTS: Final = {
    "age": Words(zh="拦截最久", en="Held longest"),
    "over": Words(zh="超额最多", en="Most over the line"),
    "amount": Words(zh="金额最大", en="Largest amount"),
    "customer": Words(zh="客户", en="Customer"),
}
_AGREED: Final = Words(zh="同意", en="Agreed")


@require_GET
@acting.page
def held_orders(request: HttpRequest) -> HttpResponse:
    """Show what is held in every company of the person, with all reasons, and act on many."""
    today = {company.pk: clock.today(company) for company in request.companies}  # type: ignore[attr-defined] # set by the scope middleware
    asked = {name: request.GET.get(name, "") for name in _FIELDS}
    asked["sort"] = asked["sort"] if asked["sort"] in holds.SORTS else "age"
    days = request.GET.get("least_days", "")
    filters = holds.Filters(
        **asked, least_days=int(days) if days.isdecimal() else 0, is_mine=request.GET.get("mine") == "yes"
    )
    everything = holds.queue(actor=acting.actor_of(request), today=today, filters=holds.Filters())
    found = holds.queue(actor=acting.actor_of(request), today=today, filters=filters)
    here = acting.company_of(request)
    context = {
        "rows": [_row(one, here.pk) for one in found],
        "totals": holds.totals(found),
        "filters": filters,
        "companies": sorted({one.company_code for one in everything}),
        "reasons": sorted(holds.reasons_of(everything).items()),
        "deciders": [
            (role, roles.name_of(role)) for role in sorted({r for one in everything for r in one.roles})
        ],
        "currencies": sorted({one.currency for one in everything}),
        "sorts": _SORTS.items(),
        "may_decide": permissions.may(acting.actor_of(request), here.pk, "decide"),
        "may_check": permissions.may(acting.actor_of(request), here.pk, "check_order"),
        **reason_codes(request),
    }
    return render(request, "web/held_orders.html", context)


def reason_codes(request: HttpRequest) -> dict[str, Any]:
    """Return the policy's codes for releasing and rejecting, for the forms."""
    place = acting.place_of(request)
    key = (place.company_id, place.as_of)
    try:
        policy = order_policy.in_force({key})[key].control.releases
    except UnableToError:
        return {"release_codes": (), "reject_codes": ()}
    return {"release_codes": policy.release_reasons, "reject_codes": policy.reject_reasons}


def _row(one: Hold, here: UUID) -> dict[str, Any]:
    waits = [roles.name_of(role) for role in one.waits_for]
    return {
        "hold": one,
        "is_here": one.company_id == here,
        "url": reverse("web:decision", args=[one.decision_id]) if one.decision_id else "",
        "waits_for": Words(zh="、".join(name.zh for name in waits), en=", ".join(name.en for name in waits)),
    }


@require_POST
@acting.page
def act(request: HttpRequest) -> HttpResponse:
    """Look again at, release or reject what was chosen; say for each refusal why."""
    back = acting.next_of(request, default=reverse("web:held_orders"))
    action = request.POST.get("action", "recheck")
    chosen = [UUID(one) for one in request.POST.getlist("hold")]

    def effect() -> str:
        code = request.POST.get("release_code" if action == "release" else "reject_code", "")
        reason = request.POST.get("reason", "").strip()
        if action == "release" and not reason:
            reason = _AGREED.in_language(language())
        answers = act_on_holds.act_on_holds(
            ids=chosen,
            action=action if action in {"release", "reject"} else "recheck",  # type: ignore[arg-type] # one of the three
            terms=Terms(reason=reason, reason_code=code),
            actor=acting.actor_of(request),
        )
        for answer in answers:
            if answer.refusal is not None:
                messages.error(request, answer.refusal.words.in_language(language()))
        done = sum(answer.refusal is None for answer in answers)
        words = Words(zh=f"已处理 {done} / {len(answers)} 张。", en=f"{done} of {len(answers)} done.")
        messages.success(request, words.in_language(language()))
        return back

    return acting.act(
        request, action="check_order" if action == "recheck" else "decide", effect=effect, back=back
    )


@require_POST
@acting.page
def split(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a part of a held order go: the amount typed, or what fits now."""
    company = acting.company_of(request)
    back = acting.next_of(request, default=reverse("web:held_orders"))
    typed = request.POST.get("amount", "").strip()
    amount = finder.amount_of(typed) if typed else None
    if typed and amount is None:
        words = Words(zh="请填写大于 0 的金额。", en="Type an amount above 0.")
        messages.error(request, words.in_language(language()))
        return HttpResponseRedirect(back)
    currency = request.POST.get("currency", company.base_currency)

    def effect() -> str:
        halves = split_order.split_order(
            company=company,
            reference=reference,
            part=Part(amount=None if amount is None else Money.of(amount, currency)),
            actor=acting.actor_of(request),
        )
        return reverse("web:decision", args=[halves.part.id])

    done = Words(zh="已拆分：其余部分继续等待。", en="Split: the rest goes on waiting.")
    return acting.act(request, action="check_order", effect=effect, back=back, done=done)


@require_POST
@acting.page
def review(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Record whether a hold or a release was right."""
    back = reverse("web:decision", args=[decision_id])

    def effect() -> str:
        review_hold.review_hold(
            decision_id=decision_id,
            was_right=request.POST.get("right") == "yes",
            note=request.POST.get("note", ""),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已记录复盘。", en="Recorded.")
    return acting.act(request, action="respond", effect=effect, back=back, done=done)


@require_GET
@acting.page
def overrides(request: HttpRequest) -> HttpResponse:
    """Show what people let through, and how often holds and releases turned out wrong."""
    place = acting.place_of(request)
    context = {
        "rows": releases.overrides(as_of=place.as_of, company_id=place.company_id, most=200),
        "errors": releases.hold_errors(as_of=place.as_of, company_id=place.company_id),
        "as_of": place.as_of,
    }
    return render(request, "web/overrides.html", context)
