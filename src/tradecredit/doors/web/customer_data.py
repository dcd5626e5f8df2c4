"""The data tab of a customer: own fields, what is missing, how fresh it is, stages of life, consents, what was sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics.dossier import freshness, known, own_values, policy_section, profile, verified
from tradecredit.apps.dossier import consents, seals
from tradecredit.core.dossier import stages
from tradecredit.doors.web import acting, customer_sources
from tradecredit.flows import permissions

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tradecredit.analytics.dossier.own_values import Filled
    from tradecredit.apps.dossier.queries import CustomerRecord


def of(request: HttpRequest, *, customer: CustomerRecord, own: tuple[Filled, ...]) -> dict[str, Any]:
    """Return everything that the tab shows, as known at the moment of the address; ``own`` are the fields as of now."""
    place, company = acting.place_of(request), acting.company_of(request)
    known_at = customer_sources.moment_of(request)
    at: dict[str, Any] = {"company_id": company.pk, "as_of": place.as_of}
    at["section"] = policy_section.section(known_at=known_at, **at)
    complete = known.completeness_of(customers={customer.id: customer}, known_at=known_at, **at)[customer.id]
    waiting = verified.lacking(customers={customer.id: customer}, **at)
    fresh = freshness.of_customer(customer_id=customer.id, known_at=known_at, **at)
    del at["section"]
    actor = acting.actor_of(request)
    history = consents.history(customer_id=customer.id, company_id=company.pk)
    agreed = consents.allowed(history, as_of=place.as_of)
    return {
        "known_at": known_at,
        "fields": own
        if known_at is None
        else own_values.of_customer(customer=customer, known_at=known_at, **at),
        "complete": complete,
        "fresh": fresh,
        "lacking": waiting.get(customer.id, ()),
        "stages": stages.STAGES.items(),
        "stage": stages.STAGES[customer.lifecycle],
        "scopes": [(scope, words, scope in agreed) for scope, words in stages.SCOPES.items()],
        "consents": [(one, stages.SCOPES[one.scope]) for one in history],
        "erased": seals.erased(customer_id=customer.id),
        "reads": seals.reads(company_id=company.pk, customer_id=customer.id, most=10),
        "may": permissions.may(actor, company.pk, "keep_control"),
        "may_waive": permissions.may(actor, company.pk, "waive_verification"),
    }


def then(request: HttpRequest, *, customer: CustomerRecord) -> dict[str, Any] | None:
    """Return what was known of the customer at the moment of the address; None where none is named."""
    known_at = customer_sources.moment_of(request)
    if known_at is None:
        return None
    place = acting.place_of(request)
    found = profile.profile(
        code=customer.code,
        company_id=place.company_id,
        as_of=min(place.as_of, known_at.date()),
        known_at=known_at,
    )
    return {"known_at": known_at, "profile": found, "back": (place.as_of - known_at.date()).days}
