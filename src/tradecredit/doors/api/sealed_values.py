"""Values that need a consent: read for a purpose, erased; verification waived; stages of a customer's life."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.dossier import seals
from tradecredit.doors.api import acting, known_customer
from tradecredit.flows.customers import move_lifecycle, sealed_values, waive_verification
from tradecredit.plumbing.access import Role

router = Router(tags=["customers"])
_READERS = (Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR)
_ERASERS = (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.ADMIN)
_WAIVERS = (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO)
_MOVERS = (*_READERS, Role.SALES_MANAGER, Role.FINANCE_MANAGER, Role.ADMIN, Role.INTEGRATION)
Scope = Literal["credit", "bank", "identity"]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ReadIn(Schema, extra="forbid"):
    """Which values are read, and what for; the reading is written down."""

    company: str | None = None
    scope: Scope
    purpose: Text


class EraseIn(Schema, extra="forbid"):
    """Which values are erased for good, and why."""

    company: str | None = None
    scopes: Annotated[list[Scope], Field(min_length=1)]
    reason: Text


class WaiverIn(Schema, extra="forbid"):
    """Why a new customer may be rated before the register was asked, and until when."""

    company: str | None = None
    reason: Text
    evidence: Annotated[str, StringConstraints(max_length=500)] = ""
    until: date | None = None


class StageIn(Schema, extra="forbid"):
    """The stage that a customer comes to, and why."""

    company: str | None = None
    stage: Literal["prospect", "applied", "granted", "trading", "watch", "restricted", "collection", "exit"]
    cause: Text
    changed_on: date | None = None


@router.get("/customers/{code}/sealed", summary="Who read values that need a consent, and what was erased")
def sealed(request: HttpRequest, code: str, company: str | None = None) -> dict[str, Any]:
    """Answer the readings and the erasures, the latest first; no value is shown."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        customer = known_customer.of(found, code)
        reads = seals.reads(company_id=found.pk, customer_id=customer.id)
        erased = seals.erased(customer_id=customer.id)
    return {
        "customer": customer.code,
        "reads": [
            {
                "scope": one.scope,
                "names": list(one.names),
                "purpose": one.purpose,
                "read_at": one.read_at.isoformat(),
                "read_by": one.read_by,
            }
            for one in reads
        ],
        "erased": [
            {
                "fact": one.name,
                "scope": one.scope,
                "learned_at": one.made_at.isoformat(),
                "erased_at": one.destroyed_at.isoformat(),
                "erased_by": one.destroyed_by,
                "reason": one.reason,
            }
            for one in erased
        ],
    }


@router.post(
    "/customers/{code}/sealed/read", summary="Read values that need a consent in clear, for a purpose"
)
def read(request: HttpRequest, code: str, body: ReadIn) -> HttpResponse:
    """Answer the values; refused without the customer's consent, and written down with the purpose."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_READERS)
    opened = sealed_values.read_sealed(
        customer_code=code,
        scope=body.scope,
        purpose=body.purpose,
        company=found,
        actor=acting.actor_of(request),
    )
    return JsonResponse(
        {
            "customer": code,
            "scope": opened.scope,
            "values": {name: fact.value for name, fact in opened.facts.items()},
        },
        json_dumps_params={"ensure_ascii": False},
    )


@router.post("/customers/{code}/sealed/erase", summary="Erase values that need a consent for good")
def erase(request: HttpRequest, code: str, body: EraseIn) -> HttpResponse:
    """Destroy the keys of the values: nobody can read them any more, in no copy. What was decided keeps its reasons."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_ERASERS)

    def effect() -> dict[str, Any]:
        count = sealed_values.erase_sealed(
            customer_code=code,
            scopes=body.scopes,
            reason=body.reason,
            company=found,
            actor=acting.actor_of(request),
        )
        return {"erased": count}

    return acting.once(request, status=200, effect=effect)


@router.post(
    "/customers/{code}/verification-waiver",
    summary="Let a new customer be rated before the register was asked",
)
def waive(request: HttpRequest, code: str, body: WaiverIn) -> HttpResponse:
    """Record the waiver with its reason, for a time."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_WAIVERS)

    def effect() -> dict[str, Any]:
        waive_verification.waive_verification(
            customer_code=code, reason=body.reason, evidence=body.evidence, until=body.until, company=found,
            actor=acting.actor_of(request),
        )  # fmt: skip
        return {"customer": code, "waived": True}

    return acting.once(request, status=201, effect=effect)


@router.post("/customers/{code}/lifecycle", summary="Move a customer to another stage of its life")
def move(request: HttpRequest, code: str, body: StageIn) -> HttpResponse:
    """Record the dated transition with its cause."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_MOVERS)

    def effect() -> dict[str, Any]:
        has_moved = move_lifecycle.move_lifecycle(
            customer_code=code, stage=body.stage, cause=body.cause, changed_on=body.changed_on, company=found,
            actor=acting.actor_of(request),
        )  # fmt: skip
        return {"customer": code, "stage": body.stage, "moved": has_moved}

    return acting.once(request, status=200, effect=effect)
