"""Ratings, credit lines and letters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tradecredit.analytics.collections import letter_papers
from tradecredit.analytics.dashboards import finder, lists, portfolio, risk_lists
from tradecredit.apps.collections import agreements
from tradecredit.apps.collections import queries as collections
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, roles
from tradecredit.doors.web.forms import ProposeLimitForm, TemporaryLineForm
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.flows.collections import keep_letters
from tradecredit.flows.limits import limit_advice, limit_requests
from tradecredit.flows.limits import propose_limit as proposing
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

_LINES_SHOWN: Final = 15


@require_GET
@acting.page
def ratings(request: HttpRequest) -> HttpResponse:
    """Show the rating in force of every customer."""
    place = acting.place_of(request)
    grade = request.GET.get("grade", "")
    context = {
        "rows": risk_lists.latest_ratings(place, grade=grade),
        "grades": portfolio.grades(place),
        "grade": grade,
        "as_of": place.as_of,
    }
    return render(request, "web/ratings.html", context)


@require_http_methods(["GET", "POST"])
@acting.page
def limits(request: HttpRequest) -> HttpResponse:
    """Show proposed lines and the lines in force, and take a proposal."""
    company, actor, place = acting.company_of(request), acting.actor_of(request), acting.place_of(request)
    form = ProposeLimitForm(request.POST or None, initial={"customer": request.GET.get("customer", "")})
    if request.method == "POST" and form.is_valid():
        try:
            acting.require(request, "propose_limit")
            return redirect(acting.once(request, lambda: _propose(request, form.cleaned_data)))
        except UnableToError as refusal:
            form.add_error(None, refusal.words.in_language(language()))
    rows = risk_lists.proposals(place)
    mine = {role.value for role in actor.roles_in(place.company_id)}
    for row in rows:
        asked = set(row["roles"] or ())
        row["may_decide"] = bool(asked & mine) and row["requested_by_id"] != actor.user_id
    context = {
        "form": form,
        "proposals": rows,
        "listing": lists.customers(place, filters={"state": "granted"}, size=_LINES_SHOWN),
        "as_of": place.as_of,
        "may_propose": permissions.may(actor, company.pk, "propose_limit"),
    }
    return render(request, "web/limits.html", context)


def _propose(request: HttpRequest, fields: dict[str, Any]) -> str:
    company = acting.company_of(request)
    customer = _customer(fields["customer"])
    asked = None if fields["amount"] is None else Amount(Money.of(fields["amount"], company.base_currency))
    proposing.propose_limit(
        company=company,
        customer_id=customer.id,
        actor=acting.actor_of(request),
        asked=asked,
        days=fields["days"],
        reason=fields["reason"],
    )
    return reverse("web:limits")


def _customer(code: str) -> dossier.CustomerRecord:
    customer = dossier.customer_by_code(code)
    if customer is None:
        raise Http404
    return customer


@require_http_methods(["GET", "POST"])
@acting.page
def temporary_line(request: HttpRequest) -> HttpResponse:
    """Ask for a temporary line, filled in from the verdict that suggested it."""
    sent = request.POST if request.method == "POST" else request.GET
    customer = _customer(sent.get("customer", ""))
    asked = {name: request.GET[name] for name in ("amount", "days") if request.GET.get(name)}
    form = TemporaryLineForm(request.POST or None, initial={"days": "15"} | asked)
    reference = sent.get("reference", "")
    currency = sent.get("currency") or acting.company_of(request).base_currency
    if request.method == "POST" and form.is_valid():
        try:
            acting.require(request, "propose_limit")
            target = acting.once(
                request, lambda: _request_line(request, customer.id, form.cleaned_data, currency, reference)
            )
            return redirect(target)
        except UnableToError as refusal:
            form.add_error(None, refusal.words.in_language(language()))
    context = {
        "form": form,
        "customer": customer,
        "reference": reference,
        "currency": currency,
        "route": _route(request, customer.id, form["amount"].value(), currency),
    }
    return render(request, "web/temporary_line.html", context)


def _route(request: HttpRequest, customer_id: UUID, amount: Any, currency: str) -> dict[str, Any] | None:
    """Return who would be asked for the amount, and why; None while no amount or no policy says so."""
    asked = finder.amount_of(str(amount or ""))
    if not asked:
        return None
    place = acting.place_of(request)
    found = limit_advice.advise(
        company_id=place.company_id, customer_ids=[customer_id], currency=currency, as_of=place.as_of
    )
    if customer_id not in found:
        return None
    advice = found[customer_id]
    route = limit_requests.route(
        line_kind="temporary",
        limit=Amount(Money.of(asked, currency)),
        currency=currency,
        grade=advice.grade,
        authority=advice.policy.authority,
    )
    return {"roles": [roles.name_of(role) for role in route.roles], "why": route.why}


def _request_line(
    request: HttpRequest, customer_id: UUID, fields: dict[str, Any], currency: str, reference: str
) -> str:
    company = acting.company_of(request)
    proposing.request_temporary_line(
        company=company,
        customer_id=customer_id,
        amount=Money.of(fields["amount"], currency),
        until=clock.today(company) + timedelta(days=fields["days"]),
        actor=acting.actor_of(request),
        reference=reference,
        reason=fields["reason"],
    )
    return reverse("web:limits")


@require_GET
@acting.page
def letters(request: HttpRequest) -> HttpResponse:
    """Show the latest reminders and letters."""
    company = acting.company_of(request)
    return render(
        request, "web/letters.html", {"letters": collections.letters(company_id=company.pk, limit=200)}
    )


@require_GET
@acting.page
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Show one letter as it was written."""
    found = collections.letters(company_id=acting.company_of(request).pk, ids=[letter_id])
    if not found:
        raise Http404
    context = {
        "letter": found[0],
        "proofs": agreements.proofs(company_id=acting.company_of(request).pk, letter_id=letter_id),
        "kinds": keep_letters.KINDS,
        "ways": keep_letters.WAYS,
        "may": permissions.may(acting.actor_of(request), acting.company_of(request).pk, "collect"),
    }
    return render(request, "web/letter.html", context)


@require_GET
@acting.page
def letter_pdf(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Answer the letter as a page of paper."""
    company = acting.company_of(request)
    found = collections.letters(company_id=company.pk, ids=[letter_id])
    if not found:
        raise Http404
    sender = company.name if found[0].language.startswith("zh") else company.name_en or company.name
    response = HttpResponse(letter_papers.as_pdf(found[0], sender=sender), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found[0].number}.pdf"'
    return response
