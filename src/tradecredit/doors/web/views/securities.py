"""Bills and covers of a company, the insurers' deadlines, and the inbox of documents that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.analytics.exposure import insured_items, order_books
from tradecredit.apps.limits import cover_queries
from tradecredit.apps.receivables import bill_queries
from tradecredit.apps.worklist import inbox
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.doors.web.views import bills
from tradecredit.flows import permissions
from tradecredit.flows.imports import retry_waiting

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

_TRIED = Words(zh="已重新登记能登记的单据。", en="What could be recorded is recorded now.")
_DISMISSED = Words(zh="已标记为不需要。", en="Dismissed.")


@require_GET
@acting.page
def securities(request: HttpRequest) -> HttpResponse:
    """Show what bills we hold or have passed on, what covers customers, and whom insurers must hear of."""
    acting.require(request, "see_bank")
    place = acting.place_of(request)
    context = {
        "bills": bill_queries.bills(company_id=place.company_id),
        "covers": [
            {"cover": one, "counts": one.counts_on(place.as_of)}
            for one in cover_queries.all_covers(company_id=place.company_id)
        ],
        "deadlines": [
            {"item": one, "days_left": one.days_left(place.as_of)}
            for one in insured_items.insured_items(company_id=place.company_id, as_of=place.as_of)
        ],
        "as_of": place.as_of,
        **bills.context(may_move=permissions.may(acting.actor_of(request), place.company_id, "import")),
    }
    return render(request, "web/securities.html", context)


@require_GET
@acting.page
def waiting(request: HttpRequest) -> HttpResponse:
    """Show documents that could not be recorded, with the reason and what they wait for."""
    acting.require(request, "see_bank")
    company = acting.company_of(request)
    context = {
        "rows": inbox.waiting(company_id=company.pk),
        "orphans": order_books.orphans(company_id=company.pk),
        "may_act": permissions.may(acting.actor_of(request), company.pk, "import"),
    }
    return render(request, "web/inbox.html", context)


@require_POST
@acting.page
def retry(request: HttpRequest) -> HttpResponse:
    """Try everything again that waits."""
    back = reverse("web:inbox")

    def effect() -> str:
        retry_waiting.retry_waiting(company=acting.company_of(request), actor=acting.actor_of(request))
        return back

    return acting.act(request, action="import", effect=effect, back=back, done=_TRIED)


@require_POST
@acting.page
def dismiss(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """Say no to one waiting document."""
    back = reverse("web:inbox")

    def effect() -> str:
        retry_waiting.dismiss(
            company=acting.company_of(request),
            row_id=row_id,
            reason=request.POST.get("reason", "")[:500],
            actor=acting.actor_of(request),
        )
        return back

    return acting.act(request, action="import", effect=effect, back=back, done=_DISMISSED)
