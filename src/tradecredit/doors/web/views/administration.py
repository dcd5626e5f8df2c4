"""Settings, the API page and the removal of the demo's data."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.analytics.dashboards import installation
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, roles
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions, set_up_company
from tradecredit.flows.simulation import erase

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_GET
@acting.page
def settings(request: HttpRequest) -> HttpResponse:
    """Show the company, its people and, in a sandbox, the removal of the demo's data."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    people = installation.people(company_id=company.pk)
    for person in people:
        person["role_name"] = roles.name_of(person["role"])
    context = {
        "company": company,
        "people": people,
        "may_erase": company.is_sandbox and permissions.may(actor, company.pk, "erase_demo"),
        "confirmation": erase.CONFIRMATION if language() == "zh" else erase.CONFIRMATION_EN,
        "policy": installation.policy(company_id=company.pk),
    }
    return render(request, "web/settings.html", context)


@require_POST
@acting.page
def erase_demo(request: HttpRequest) -> HttpResponse:
    """Remove the demo's data after a typed confirmation."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = reverse("web:settings")

    def effect() -> str:
        erased = erase.erase_demo(
            actor=actor, company_id=company.pk, confirmation=request.POST.get("confirmation", "")
        )
        done = Words(
            zh=f"已清除演示客户 {erased.customers} 户、发票 {erased.invoices} 张，您自己的数据都在。",
            en=f"Removed {erased.customers} demo customers and {erased.invoices} invoices; your own data are kept.",
        )
        messages.success(request, done.in_language(language()))
        return reverse("web:dashboard")

    return acting.act(request, action="erase_demo", effect=effect, back=back)


@require_http_methods(["GET", "POST"])
@acting.page
def api(request: HttpRequest) -> HttpResponse:
    """Show how to call the API, and make a token, shown once."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    token = ""
    if request.method == "POST":
        try:
            acting.require(request, "create_token")
            token = set_up_company.create_token(
                email=actor.email, role=None, days=30, name=request.POST.get("name", "")[:100]
            )
        except UnableToError as refusal:
            messages.error(request, refusal.words.in_language(language()))
            return HttpResponseRedirect(reverse("web:api"))
    context = {
        "token": token,
        "base": request.build_absolute_uri("/api/v1"),
        "company": company,
        "may_create": permissions.may(actor, company.pk, "create_token"),
        "key": uuid4(),
    }
    return render(request, "web/api.html", context)
