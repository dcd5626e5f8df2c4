"""Groups, regions and portfolios: what they count, their limits, and who belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.analytics.exposure import customer_levels
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting
from tradecredit.doors.web.inbox import APPROVE_REASON
from tradecredit.doors.web.level_forms import LevelLimitForm
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.doors.web.who_is_checked import LEVEL_KINDS
from tradecredit.flows import permissions
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.levels import node_limits, save_node
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
@acting.page
def levels(request: HttpRequest) -> HttpResponse:
    """Show the levels with limit, exposure and headroom, and take a request for a limit."""
    company, actor, place = acting.company_of(request), acting.actor_of(request), acting.place_of(request)
    files = customer_levels.of_company(company_id=place.company_id, as_of=place.as_of)
    form = LevelLimitForm(
        request.POST or None,
        initial={"code": request.GET.get("code", "")},
        levels=[(one.standing.record.code, one.standing.record.name) for one in files],
    )
    if request.method == "POST" and form.is_valid():
        try:
            acting.require(request, "propose_limit")
            return redirect(acting.once(request, lambda: _propose(request, form.cleaned_data)))
        except UnableToError as refusal:
            form.add_error(None, refusal.words.in_language(language()))
    waiting = [
        {
            "node": one.standing.record,
            "limit": limit,
            "may_decide": limit.requested_by_id != actor.user_id
            and permissions.may(actor, company.pk, "decide"),
        }
        for one in files
        for limit in one.limits
        if limit.status == "open"
    ]
    context = {
        "form": form,
        "named": [one for one in files if one.members],
        "standings": [one.standing for one in files],
        "waiting": waiting,
        "kinds": LEVEL_KINDS,
        "as_of": place.as_of,
        "may_propose": permissions.may(actor, company.pk, "propose_limit"),
    }
    return render(request, "web/levels.html", context)


def _propose(request: HttpRequest, fields: dict[str, Any]) -> str:
    company = acting.company_of(request)
    day = clock.today(company)
    node = save_node.named(fields["code"], as_of=day)
    node_limits.propose_limit(
        company=company,
        code=node.code,
        limit=Amount(Money.of(fields["amount"], node.currency)),
        validity=Validity(day),
        reason=fields["reason"],
        actor=acting.actor_of(request),
    )
    return reverse("web:levels")


@require_POST
@acting.page
def decide_level_limit(request: HttpRequest, limit_id: UUID) -> HttpResponse:
    """Approve or reject a limit that somebody else asked for; the same question stands in Tasks."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = reverse("web:levels")
    approves = request.POST.get("verdict") == "approve"

    def effect() -> str:
        reason = request.POST.get("reason", "").strip()
        decide_approval.decide_approval(
            request_id=node_limits.open_request(company=company, limit_id=limit_id, actor=actor).id,
            approves=approves,
            reason=reason or (APPROVE_REASON.in_language(language()) if approves else ""),
            actor=actor,
        )
        return back

    done = Words(zh="已决定。", en="Decided.")
    return acting.act(request, action="decide", effect=effect, back=back, done=done)
