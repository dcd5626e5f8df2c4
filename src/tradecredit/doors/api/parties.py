"""Who is what to a customer: payer, owner of a shared account, bill-to, guarantor."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from tradecredit.apps.dossier import parties
from tradecredit.apps.dossier import queries as dossier
from tradecredit.doors.api import acting
from tradecredit.flows.levels import keep_parties
from tradecredit.plumbing.access import Role

router = Router(tags=["customers"])
_KEEPERS = (
    Role.CREDIT_SPECIALIST,
    Role.CREDIT_MANAGER,
    Role.RISK_DIRECTOR,
    Role.FINANCE_MANAGER,
    Role.CFO,
    Role.ADMIN,
    Role.INTEGRATION,
)
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class PartyIn(Schema, extra="forbid"):
    """A party in a role; a null party ends the role."""

    company: Code | None = None
    role: Literal["payer", "account", "bill_to", "guarantor"]
    party: Code | None
    since: date | None = None
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


@router.get("/customers/{code}/parties", summary="Who pays, gets invoices or answers for a customer")
def listed(request: HttpRequest, code: str, company: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    """Return the parties of a customer with their time, latest first, and for whom it is one itself."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        customer = dossier.customer_by_code(code)
        if customer is None or found.pk not in customer.company_ids:
            raise Http404
        known = parties.of_customer(customer_id=customer.id, company_id=found.pk)
    return {
        "customer": code,
        "parties": [
            {
                "customer": one.customer_code,
                "role": one.role,
                "party": one.party_code,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": None if one.valid_to is None else one.valid_to.isoformat(),
            }
            for one in known
        ],
    }


@router.post("/customers/{code}/parties", summary="Let another customer have a role for this one")
def keep(request: HttpRequest, code: str, body: PartyIn) -> HttpResponse:
    """Return the parties as they stand."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        keep_parties.keep_party(
            company=found,
            customer_code=code,
            role=body.role,
            party_code=body.party,
            reason=body.reason,
            actor=acting.actor_of(request),
            since=body.since,
        )
        return listed(request, code, found.code)

    return acting.once(request, status=200, effect=effect)
