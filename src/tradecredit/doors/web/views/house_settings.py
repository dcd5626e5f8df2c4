"""What is set below the policy for every company, this company or a class of customers: seen, asked for, decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.apps.decisions import setting_queries
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, who_is_checked
from tradecredit.doors.web.control_forms import WideSettingForm
from tradecredit.doors.web.views import control
from tradecredit.flows import permissions
from tradecredit.flows.policy import keep_settings
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

_CURRENCIES = ("USD", "EUR")


@require_GET
@acting.page
def house_settings(request: HttpRequest) -> HttpResponse:
    """Show what holds and what waits above the single customer, with the form to ask for more."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    day = clock.today(company)
    wide = [one for one in setting_queries.records(company_id=company.pk) if not one.is_of_customer]
    context: dict[str, Any] = {
        "standing": [who_is_checked.asked(one) for one in wide if one.is_to_hold(day)],
        "waiting": [
            {
                **who_is_checked.asked(one),
                "is_own": one.requested_by_id == actor.user_id,
            }
            for one in wide
            if one.is_waiting
        ],
        "form": WideSettingForm(auto_id="setting_%s", currencies=(company.base_currency, *_CURRENCIES)),
        "may_ask": permissions.may(actor, company.pk, "keep_control"),
        "may_decide": actor.has_role(company.pk, *keep_settings.DECIDERS),
    }
    return render(request, "web/house_settings.html", context)


@require_POST
@acting.page
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a setting of the house, the company or a class; somebody else decides it."""
    company = acting.company_of(request)
    form = WideSettingForm(request.POST, currencies=(company.base_currency, *_CURRENCIES))

    def effect() -> str:
        control.refuse_unreadable(form)
        draft = keep_settings.SettingDraft(
            level=form.cleaned_data["level"],
            name=form.cleaned_data["name"],
            value=form.cleaned_data["value"].strip() or None,
            validity=Validity(clock.today(company), form.cleaned_data["until"]),
            reason=form.cleaned_data["reason"],
            class_name=form.cleaned_data["class_name"].strip(),
        )
        keep_settings.propose_setting(company=company, draft=draft, actor=acting.actor_of(request))
        return _page()

    done = Words(zh="已提交，由另一人批准后生效。", en="Sent: it holds once somebody else approves it.")
    return acting.act(request, action="keep_control", effect=effect, back=_page(), done=done)


@require_POST
@acting.page
def decide(request: HttpRequest, setting_id: UUID) -> HttpResponse:
    """Approve or reject what somebody else asked for."""

    def effect() -> str:
        keep_settings.decide_setting(
            company=acting.company_of(request),
            setting_id=setting_id,
            approves=request.POST.get("verdict") == "approve",
            actor=acting.actor_of(request),
        )
        return _page()

    done = Words(zh="已决定。", en="Decided.")
    return acting.act(request, action="decide", effect=effect, back=_page(), done=done)


def _page() -> str:
    return reverse("web:house_settings")
