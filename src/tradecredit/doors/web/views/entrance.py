"""Coming in: the demo's entrances, the company, the sandbox clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import advance_clock as clocks
from tradecredit.flows import ports
from tradecredit.plumbing.access import demo_links

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_DAYS_MAX = 90


@require_GET
def enter_demo(request: HttpRequest, token: str) -> HttpResponse:
    """Sign a demo user in by the signed link that the installation printed."""
    user = demo_links.user_of(token)
    if user is None:
        raise Http404
    chosen = request.session.get("company")
    login(request, user, backend=_BACKEND)
    if chosen:
        request.session["company"] = chosen
    response = HttpResponseRedirect(reverse("web:dashboard"))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
    return response


@require_POST
@acting.page
def switch_company(request: HttpRequest) -> HttpResponse:
    """Show another company of the actor."""
    code = request.POST.get("company", "")
    for company in request.companies:  # type: ignore[attr-defined] # set by the scope middleware
        if company.code == code:
            request.session["company"] = str(company.pk)
    return HttpResponseRedirect(acting.next_of(request, default=reverse("web:dashboard")))


@require_POST
@acting.page
def advance_clock(request: HttpRequest) -> HttpResponse:
    """Play the next days of a sandbox company."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    text = request.POST.get("days", "35")
    days = min(int(text), _DAYS_MAX) if text.isdecimal() else 0
    acting.require(request, "advance_clock")
    # Each day is a transaction of its own: what was played stays played.
    if acting.is_first_press(request):
        report = clocks.advance_clock(
            company=company, days=days, actor=actor, mailer=ports.find(ports.SandboxMailer)
        )
        messages.success(request, _played(report).in_language(language()))
    return HttpResponseRedirect(reverse("web:dashboard"))


def _played(report: clocks.ClockReport) -> Words:
    counts = report.counts
    letters, alerts = counts.get("letters", 0), counts.get("alerts", 0)
    return Words(
        zh=f"已快进 {len(report.days)} 天到 {report.today}：新增函件 {letters} 封，预警 {alerts} 条。",
        en=f"Played {len(report.days)} days to {report.today}: {letters} letters and {alerts} alerts.",
    )
