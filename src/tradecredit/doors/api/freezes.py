"""Freezes: what is frozen and why; set by hand, and lifted by hand where people set them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import StringConstraints

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.monitoring import queries
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import CompanyRowIn
from tradecredit.doors.api.credit_checks import language
from tradecredit.flows.watch import freeze_by_hand
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.monitoring.queries import ActiveFreeze

router = Router(tags=["freezes"])
FREEZERS = (Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER, Role.CFO)
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class FreezeIn(CompanyRowIn, extra="forbid"):
    """What is frozen and why; ``ends_on`` is the first day on which it no longer holds."""

    customer: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    scope: Literal["orders", "shipments", "limit"]
    reason: Reason
    ends_on: date | None = None


class LiftIn(CompanyRowIn, extra="forbid"):
    """Why a freeze is lifted."""

    reason: Reason


@router.get("", summary="What is frozen today")
def get_freezes(
    request: HttpRequest, company: str | None = None, customer: str | None = None
) -> dict[str, Any]:
    """Return every freeze that is on, whatever its cause."""
    with acting.reading(request):
        found = acting.company_of(request, company)
        day = clock.today(found)
        customers = dossier.customers_by_id(queries.frozen_customers(company_id=found.pk, as_of=day))
        shown = {key: one.code for key, one in customers.items() if customer in (None, one.code)}
        freezes = queries.active_freezes(company_id=found.pk, customer_ids=list(shown), as_of=day)
        return {"freezes": [_freeze(each, shown[key]) for key, ones in freezes.items() for each in ones]}


@router.post("", response={201: Any}, summary="Freeze orders, shipments or the line of a customer by hand")
def post_freeze(request: HttpRequest, body: FreezeIn) -> HttpResponse:
    """Freeze from today on; it reduces risk, so nobody is waited for."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *FREEZERS)

    def effect() -> dict[str, Any]:
        customer = dossier.customer_by_code(body.customer)
        if customer is None or company.pk not in customer.company_ids:
            raise Http404
        done = freeze_by_hand.freeze(
            company=company,
            customer_id=customer.id,
            scope=body.scope,
            reason=body.reason,
            ends_on=body.ends_on,
            actor=acting.actor_of(request),
        )
        return _freeze(done, body.customer)

    return acting.once(request, status=201, effect=effect)


@router.post("/{uuid:freeze_id}/lift", response={201: Any}, summary="Lift a freeze set by hand")
def post_lift(request: HttpRequest, freeze_id: UUID, body: LiftIn) -> HttpResponse:
    """Lift it, or ask a second person where policy wants four eyes; ``lifted`` tells which."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *FREEZERS)

    def effect() -> dict[str, Any]:
        lifted = freeze_by_hand.lift(
            company=company, freeze_id=freeze_id, reason=body.reason, actor=acting.actor_of(request)
        )
        return {"id": str(freeze_id), "lifted": lifted}

    return acting.once(request, status=201, effect=effect)


def _freeze(one: ActiveFreeze, customer: str) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "customer": customer,
        "scope": one.scope,
        "cause": one.cause,
        "text": one.words.in_language(language()),
        "frozen_on": one.frozen_on.isoformat(),
        "ends_on": None if one.ends_on is None else one.ends_on.isoformat(),
    }
