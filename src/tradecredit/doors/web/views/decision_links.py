"""The page under a link to decide: the facts, two buttons, and for large amounts the password besides.

Opening it changes nothing, so that machines which open every link of a mail decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import authenticate
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tradecredit.analytics.approvals import inbox as requests_waiting
from tradecredit.analytics.dashboards import lists
from tradecredit.analytics.dashboards.books import Place
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting, inbox, task_cards
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows.approvals import decision_links
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tradecredit.flows.approvals.decision_links import Opened


@never_cache
@require_http_methods(["GET", "POST"])
@acting.page
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is about to the person it was made for, and take one answer."""
    problem = None
    if request.method == "POST":
        try:
            _decide(request, token)
            return redirect("web:decision_done")
        except UnableToError as refusal:
            problem = refusal.words
    opened = decision_links.open_link(token=token, actor=acting.actor_of(request))
    context = {
        "card": _card(opened),
        "company": opened.company,
        "wants_password": opened.wants_password,
        "reject_reasons": inbox.REJECT_REASONS,
        "problem": problem,
    }
    answer = render(request, "web/decision_link.html", context, status=422 if problem else 200)
    # The address is half of the key: it goes to no other site.
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@acting.page
def done(request: HttpRequest) -> HttpResponse:
    """Say that the answer is kept."""
    return render(request, "web/decision_done.html")


def _decide(request: HttpRequest, token: str) -> None:
    approves = request.POST.get("answer") == "approve"
    reason = request.POST.get("reason", "").strip()
    password = request.POST.get("password", "")
    decision_links.decide(
        token=token,
        approves=approves,
        reason=reason or (inbox.APPROVE_REASON.in_language(language()) if approves else ""),
        actor=acting.actor_of(request),
        is_password_given=bool(password) and _is_theirs(request, password),
    )


def _is_theirs(request: HttpRequest, password: str) -> bool:
    """Tell whether it is the person's password; wrong ones count as they do when signing in, and lock."""
    name = request.user.get_username()
    # The limit on attempts finds the name where the sign-in form has it.
    return authenticate(request, username=name, login=name, password=password) is not None


def _card(opened: Opened) -> dict[str, Any]:
    place = Place(company_id=opened.company.pk, as_of=clock.today(opened.company))
    code = opened.request.customer_code
    known = lists.standings(place, codes=[code]) if code else {}
    (asked,) = requests_waiting.with_all([opened.request])
    names = requests_waiting.names_of([asked])
    return task_cards.card(asked, known.get(code, []), names=names, is_open=True, is_mine=False)
