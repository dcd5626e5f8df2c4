"""What is frozen, and freezing and lifting by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.monitoring import queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows import permissions
from tradecredit.flows.watch import freeze_by_hand, sync_freezes

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
@acting.page
def freezes(request: HttpRequest) -> HttpResponse:
    """Show every freeze that is on with its cause, and freeze by hand."""
    if request.method == "POST":
        done = Words(zh="已冻结。", en="Frozen.")
        back = reverse("web:freezes")
        return acting.act(request, action="respond", effect=lambda: _freeze(request), back=back, done=done)
    place = acting.place_of(request)
    wanted = request.GET.get("customer", "").strip()
    frozen = dossier.customers_by_id(queries.frozen_customers(company_id=place.company_id, as_of=place.as_of))
    customers = {key: one for key, one in frozen.items() if wanted in ("", one.code)}
    found = queries.active_freezes(
        company_id=place.company_id, customer_ids=list(customers), as_of=place.as_of
    )
    context = {
        "rows": [
            {
                "freeze": one,
                "customer": customers[key],
                "scope": sync_freezes.SCOPES.get(one.scope, one.scope),
            }
            for key, ones in found.items()
            for one in ones
        ],
        "scopes": sync_freezes.SCOPES.items(),
        "customer": wanted,
        "may": permissions.may(acting.actor_of(request), place.company_id, "respond"),
        "by_hand": freeze_by_hand.CAUSE,
    }
    return render(request, "web/freezes.html", context)


def _freeze(request: HttpRequest) -> str:
    company = acting.company_of(request)
    customer = dossier.customer_by_code(request.POST.get("customer", "").strip())
    if customer is None or company.pk not in customer.company_ids:
        raise Http404
    ends = request.POST.get("ends_on", "")
    freeze_by_hand.freeze(
        company=company,
        customer_id=customer.id,
        scope=request.POST.get("scope", ""),
        reason=request.POST.get("reason", ""),
        ends_on=date.fromisoformat(ends) if ends else None,
        actor=acting.actor_of(request),
    )
    return reverse("web:freezes")


@require_POST
@acting.page
def lift(request: HttpRequest, freeze_id: UUID) -> HttpResponse:
    """Lift a freeze set by hand, or ask a second person."""
    back = reverse("web:freezes")

    def effect() -> str:
        freeze_by_hand.lift(
            company=acting.company_of(request),
            freeze_id=freeze_id,
            reason=request.POST.get("reason", ""),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(
        zh="已提交：按政策可能需要第二人同意后解除。",
        en="Sent: policy may want a second person's word first.",
    )
    return acting.act(request, action="respond", effect=effect, back=back, done=done)
