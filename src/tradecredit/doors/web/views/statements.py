"""Statements of account inside the house: sent, looked at, answered; and the proofs that came along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import confirmation_links as links
from tradecredit.apps.receivables import confirmation_queries as queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.web import acting
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.flows.statements import send_statement

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from tradecredit.apps.receivables.confirmation_queries import StatementRecord

VIEWS: Final = (
    ("", Words(zh="全部", en="All")),
    ("sent", Words(zh="待答复", en="Waiting")),
    ("confirmed", Words(zh="确认无误", en="Confirmed")),
    ("disagreed", Words(zh="有异议", en="Contested")),
    ("withdrawn", Words(zh="已撤回", en="Withdrawn")),
)


@require_http_methods(["GET", "POST"])
@acting.page
def statements(request: HttpRequest) -> HttpResponse:
    """Show the statements, and make one for a customer."""
    company = acting.company_of(request)
    problem = None
    if request.method == "POST":
        try:
            acting.require(request, "send_statements")
            return redirect(acting.once(request, lambda: _send(request)))
        except UnableToError as refusal:
            problem = refusal.words
    status = request.GET.get("status", "")
    rows = queries.statements(company_id=company.pk, status=status or None)
    # Whoever sees only some customers sees only their statements.
    seen = dossier.customers_by_id({row.customer_id for row in rows})
    context = {
        "rows": [row for row in rows if row.customer_id in seen],
        "views": VIEWS,
        "status": status,
        "problem": problem,
        "customer": request.POST.get("customer", request.GET.get("customer", "")),
        "may": permissions.may(acting.actor_of(request), company.pk, "send_statements"),
    }
    return render(request, "web/statements.html", context)


def _send(request: HttpRequest) -> str:
    sent = send_statement.send_statement(
        company=acting.company_of(request),
        customer_code=request.POST.get("customer", "").strip()[:64],
        recipient=request.POST.get("recipient", ""),
        language="en" if request.POST.get("language") == "en" else "zh-hans",
        actor=acting.actor_of(request),
        link=_link(request),
    )
    return reverse("web:account_statement", args=[sent.number])


def _link(request: HttpRequest) -> str:
    """Return the address of the page of answers, with the token's place in it."""
    page = request.build_absolute_uri(reverse("statement_answer", args=["token"]))
    return page.removesuffix("token") + links.PLACE


@require_GET
@acting.page
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """Show one statement: its lines, the link to hand on, and the answer line by line."""
    found = _found(request, number)
    company = acting.company_of(request)
    may = permissions.may(acting.actor_of(request), company.pk, "send_statements")
    link = ""
    if may and found.is_waiting:
        link = links.filled(_link(request), statement_id=found.id, expires_at=found.expires_at)
    context = {
        "statement": found,
        "lines": queries.lines_of(found.id),
        "proofs": queries.proofs_of(found.id),
        "link": link,
        "may": may,
    }
    return render(request, "web/account_statement.html", context)


@require_POST
@acting.page
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Make another link, or take a statement back."""
    back = reverse("web:account_statement", args=[number])

    def effect() -> str:
        company, actor = acting.company_of(request), acting.actor_of(request)
        if request.POST.get("step") == "withdraw":
            send_statement.withdraw(company=company, number=number, actor=actor)
            said = Words(zh="对账单已撤回。", en="The statement is withdrawn.")
        else:
            send_statement.renew_link(company=company, number=number, actor=actor, link=_link(request))
            said = Words(zh="已换发链接，旧链接失效。", en="There is another link; the one before ended.")
        messages.success(request, said.in_language(language()))
        return back

    return acting.act(request, action="send_statements", effect=effect, back=back)


@require_GET
@acting.page
def proof(request: HttpRequest, number: str, proof_id: UUID) -> HttpResponse:
    """Hand out a proof as a download, never to be shown inside the page."""
    found = queries.proof_content(statement_id=_found(request, number).id, proof_id=proof_id)
    if found is None:
        raise Http404
    kept, content = found
    response = HttpResponse(content, content_type="application/octet-stream")
    ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[kept.media_type]
    response["Content-Disposition"] = f'attachment; filename="{number}-{kept.id.hex[-6:]}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _found(request: HttpRequest, number: str) -> StatementRecord:
    found = queries.by_number(company_id=acting.company_of(request).pk, number=number)
    if found is None or dossier.customer_by_code(found.customer_code) is None:
        raise Http404
    return found
