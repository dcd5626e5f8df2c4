"""Applications with a form: admission, payment terms, legal action, exceptions; asked for on a phone or a PC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.analytics.dossier import known_values
from tradecredit.core.approvals import forms, kinds, routing
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, request_forms
from tradecredit.flows import permissions
from tradecredit.flows.applications import make_application
from tradecredit.flows.applications.make_application import Application
from tradecredit.flows.processes import request_forms as filling

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


_ACTION: Final = "propose_limit"
_MADE: Final = Words(zh="已提交，可在“我发起”中查看进度。", en="Asked: follow it under “Asked by me”.")


@require_http_methods(["GET", "POST"])
@acting.page
def applications(request: HttpRequest) -> HttpResponse:
    """Choose what to ask for, fill in its form and ask."""
    said = request.POST if request.method == "POST" else request.GET
    kind = said.get("kind", "")
    if kind not in routing.APPLICATIONS:
        kind = ""
    problem = None
    if request.method == "POST" and kind:
        try:
            return HttpResponseRedirect(_made(request, kind))
        except UnableToError as refusal:
            problem = refusal.words
    return render(request, "web/applications.html", _context(request, kind, problem))


def _made(request: HttpRequest, kind: str) -> str:
    acting.require(request, _ACTION)

    def effect() -> str:
        company = acting.company_of(request)
        made = make_application.make_application(
            company=company,
            application=Application(
                kind=kind,
                customer_code=request.POST.get("customer", ""),
                amount=request_forms.amount(request.POST.get("amount", ""), currency=company.base_currency),
                reason=request.POST.get("reason", ""),
                answers=request_forms.given(request.POST),
            ),
            actor=acting.actor_of(request),
        )
        return f"{reverse('web:tasks')}?box=mine#request-{made.id}"

    return acting.once(request, effect)


def _context(request: HttpRequest, kind: str, problem: Words | None) -> dict[str, Any]:
    company, place = acting.company_of(request), acting.place_of(request)
    said = request.POST if request.method == "POST" else request.GET
    form = filling.in_force(company, kind=kind, day=place.as_of) if kind else None
    fields = forms.fields_of(form)
    code = said.get("customer", "").strip()
    values = known_values.by_name(code, company_id=company.pk, as_of=place.as_of) if code and fields else {}
    return {
        "kinds": [(one, kinds.KINDS[one]) for one in routing.APPLICATIONS],
        "kind": kind,
        "kind_words": kinds.KINDS.get(kind),
        "fields": request_forms.with_values(fields, {**values, **request_forms.given(said)}),
        "posted": said,
        "customer": code,
        "currency": company.base_currency,
        "problem": problem,
        "may": permissions.may(acting.actor_of(request), company.pk, _ACTION),
    }


@require_POST
@acting.page
def fill(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Fill in the form of a request."""
    back = acting.next_of(request, default=reverse("web:tasks"))

    def effect() -> str:
        filling.fill(
            request_id=request_id, given=request_forms.given(request.POST), actor=acting.actor_of(request)
        )
        return back

    done = Words(zh="表单已保存。", en="The form is kept.")
    return acting.act(request, action="complete_task", effect=effect, back=back, done=done)
