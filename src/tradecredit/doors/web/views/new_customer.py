"""A new customer, taken on where it is met: photograph the licence, confirm, ask for admission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tradecredit.analytics.dashboards import lists
from tradecredit.core.approvals import forms
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, request_forms
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions, ports
from tradecredit.flows.applications import take_on_customer
from tradecredit.flows.applications.take_on_customer import Admission, NewCustomer, TakenOn
from tradecredit.flows.customers import read_licence
from tradecredit.flows.processes import request_forms as filling

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tradecredit.core.dossier.licence_codes import Licence

_ACTION: Final = "take_on_customer"
_FIELDS: Final = ("name", "uscc", "code", "customer_type", "industry", "region", "email")
_READ: Final = Words(
    zh="已从二维码读出，请对照执照核对后提交。",
    en="Read from the code: compare it with the licence, then go on.",
)


@require_http_methods(["GET", "POST"])
@acting.page
def new_customer(request: HttpRequest) -> HttpResponse:
    """Read a photographed licence into the form, or take the customer on."""
    posted: dict[str, str] = {
        name: request.POST.get(name, "") for name in (*_FIELDS, "amount", "reason", "asks")
    }
    answers = request_forms.given(request.POST)
    problem, licence = None, None
    if request.method == "POST":
        try:
            acting.require(request, _ACTION)
            if sent := request.FILES.get("photo"):
                licence = read_licence.read_licence(photo=sent.read(), photos=ports.find(ports.Photos))
                posted |= {name: value for name in ("name", "uscc") if (value := getattr(licence, name))}
            else:
                return HttpResponseRedirect(_taken_on(request, posted, answers))
        except UnableToError as refusal:
            problem = refusal.words
    context = _context(request, posted, answers, problem=problem, licence=licence)
    return render(request, "web/new_customer.html", context, status=200 if problem is None else 409)


def _taken_on(request: HttpRequest, posted: dict[str, str], answers: dict[str, str]) -> str:
    company = acting.company_of(request)

    def effect() -> str:
        done = take_on_customer.take_on_customer(
            new=NewCustomer(**{name: posted[name] for name in _FIELDS}),
            admission=_admission(posted, answers, currency=company.base_currency) if posted["asks"] else None,
            company=company,
            actor=acting.actor_of(request),
            bureaus=ports.find(ports.Bureaus),
        )
        messages.success(request, _said(done).in_language(language()))
        return f"{reverse('web:customer', args=[done.code])}?tab=rating"

    return acting.once(request, effect)


def _said(done: TakenOn) -> Words:
    if done.is_rated:
        said = Words(zh="客户已建档并评级。", en="The customer is recorded and rated.")
    elif done.asked:
        said = Words(
            zh="客户已建档，工商信息正在查询，查到后自动评级。",
            en="The customer is recorded; the register is being asked, and its answer rates it.",
        )
    else:
        said = Words(
            zh="客户已建档。核验工商信息（或由有权人豁免）后自动评级。",
            en="The customer is recorded; it is rated once the register was asked, or that was waived.",
        )
    if done.request_id is None:
        return said
    return Words(zh=f"{said.zh}准入申请已提交。", en=f"{said.en} Its admission is asked for.")


def _admission(posted: dict[str, str], answers: dict[str, str], *, currency: str) -> Admission:
    money = request_forms.amount(posted["amount"], currency=currency)
    return Admission(amount=money, reason=posted["reason"], answers=answers)


def _context(
    request: HttpRequest,
    posted: dict[str, str],
    answers: dict[str, str],
    *,
    problem: Words | None,
    licence: Licence | None,
) -> dict[str, Any]:
    company, place = acting.company_of(request), acting.place_of(request)
    fields = forms.fields_of(filling.in_force(company, kind="admission", day=place.as_of))
    return {
        "posted": posted,
        "problem": problem,
        "read": _READ if licence is not None else None,
        "fields": request_forms.with_values(fields, answers),
        "choices": lists.choices(place),
        "currency": company.base_currency,
        "may": permissions.may(acting.actor_of(request), company.pk, _ACTION),
    }
