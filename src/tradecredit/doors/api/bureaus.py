"""What bureaus say about customers, asking them, and what customers have consented to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.dossier import bureaus as books
from tradecredit.apps.dossier import consents
from tradecredit.doors.api import acting, known_customer
from tradecredit.flows import ports
from tradecredit.flows.bureaus import answer_wishes, record_consent
from tradecredit.plumbing.access import Role

router = Router(tags=["customers"])
_ASKERS = (
    *(Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER),
    *(Role.ADMIN, Role.INTEGRATION),
)


class WishIn(Schema, extra="forbid"):
    """Which bureau to ask."""

    company: str | None = None
    provider: Annotated[str, StringConstraints(min_length=1, max_length=32)]


class ConsentIn(Schema, extra="forbid"):
    """What the customer allows, or no longer allows."""

    company: str | None = None
    scope: Literal["credit", "bank", "identity"]
    granted: bool = True
    purpose: Annotated[str, StringConstraints(max_length=200)] = ""
    evidence: Annotated[str, StringConstraints(max_length=2000)] = ""
    valid_from: date | None = None
    valid_to: date | None = Field(None, description="the first day on which it no longer holds")


@router.get("/customers/{code}/reports", summary="What bureaus said about a customer, as known at a moment")
def listed(
    request: HttpRequest, code: str, company: str | None = None, known_at: datetime | None = None
) -> dict[str, Any]:
    """Answer the latest report of each bureau and kind, and every finding with its days and its source."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        customer = known_customer.of(found, code)
        reports = books.reports(customer_id=customer.id, company_id=found.pk, known_at=known_at)
        findings = books.findings(customer_id=customer.id, known_at=known_at)
    return {
        "customer": code,
        "reports": [
            {
                "provider": one.provider,
                "kind": one.kind,
                "act": one.act,
                "code": one.code,
                "message": one.words,
                "complete": one.is_complete,
                "found": one.found,
                "recorded_at": one.recorded_at.isoformat(),
            }
            for one in reports
        ],
        "findings": [
            {
                "provider": one.provider,
                "kind": one.finding.kind,
                "key": one.finding.key,
                "values": one.finding.values,
                "gaps": one.finding.gaps,
                "began_on": one.finding.began_on.isoformat() if one.finding.began_on else None,
                "ended_on": one.finding.ended_on.isoformat() if one.finding.ended_on else None,
                "gone": one.is_gone,
                "recorded_at": one.recorded_at.isoformat(),
            }
            for one in findings
        ],
    }


@router.post("/customers/{code}/reports", summary="Ask a bureau for a customer's reports")
def ask(request: HttpRequest, code: str, body: WishIn) -> HttpResponse:
    """Record the wish and answer 202; the reports come within seconds where a worker runs."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_ASKERS)

    def effect() -> dict[str, Any]:
        is_new = answer_wishes.wish_for_reports(
            customer_code=code,
            provider=body.provider,
            company=found,
            actor=acting.actor_of(request),
            bureaus=ports.find(ports.Bureaus),
        )
        return {"customer": code, "provider": body.provider, "waiting": True, "created": is_new}

    return acting.once(request, status=202, effect=effect)


@router.get("/customers/{code}/consents", summary="What a customer has consented to")
def consents_of(request: HttpRequest, code: str, company: str | None = None) -> dict[str, Any]:
    """Answer every grant and withdrawal, the latest first."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        customer = known_customer.of(found, code)
        records = consents.history(customer_id=customer.id, company_id=found.pk)
    return {
        "customer": code,
        "consents": [
            {
                "scope": one.scope,
                "granted": one.is_granted,
                "purpose": one.purpose,
                "evidence": one.evidence,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat() if one.valid_to else None,
                "recorded_at": one.recorded_at.isoformat(),
                "recorded_by": one.recorded_by,
            }
            for one in records
        ],
    }


@router.post("/customers/{code}/consents", summary="Record a customer's consent or its withdrawal")
def consent(request: HttpRequest, code: str, body: ConsentIn) -> HttpResponse:
    """Append the grant or withdrawal and answer all of them."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_ASKERS)

    def effect() -> dict[str, Any]:
        record_consent.record_consent(
            customer_code=code,
            scope=body.scope,
            is_granted=body.granted,
            purpose=body.purpose,
            evidence=body.evidence,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            company=found,
            actor=acting.actor_of(request),
        )
        return consents_of(request, code, found.code)

    return acting.once(request, status=201, effect=effect)
