"""Settings below the policy: what holds for a customer and where it comes from, asked for and decided."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from tradecredit.analytics.order_checks import effective_settings
from tradecredit.apps.decisions import setting_queries
from tradecredit.apps.decisions.setting_queries import SettingRecord
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.decisions import settings
from tradecredit.core.kernel.periods import Validity
from tradecredit.doors.api import acting
from tradecredit.flows.policy import keep_settings
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

router = Router(tags=["settings"])
_ASKERS = (
    Role.CREDIT_SPECIALIST,
    Role.CREDIT_MANAGER,
    Role.RISK_DIRECTOR,
    Role.FINANCE_MANAGER,
    Role.CFO,
    Role.ADMIN,
)
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class SettingIn(Schema, extra="forbid"):
    """A setting to ask for; a null value takes back what the level says, which is not the same as 0."""

    company: Code | None = None
    level: Literal["house", "company", "class", "customer"]
    customer: Annotated[str, StringConstraints(max_length=64)] = ""
    class_name: Annotated[str, StringConstraints(max_length=64)] = ""
    name: Code
    value: Annotated[str, StringConstraints(max_length=100)] | None
    valid_from: date | None = None
    valid_to: date | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class SettingVoteIn(Schema, extra="forbid"):
    """A word on a setting."""

    company: Code | None = None


@router.get(
    "/settings", summary="The settings below the policy; for a customer what holds and where it comes from"
)
def listed(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    customer: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return what is set and, with a customer, the effective value of every setting with its origin."""
    found = acting.company_of(request, company)
    day = as_of or clock.today(found)
    with acting.reading(request):
        record = None if customer is None else dossier.customer_by_code(customer)
        if customer is not None and (record is None or found.pk not in record.company_ids):
            raise Http404
        customer_id = None if record is None else record.id
        known = setting_queries.records(company_id=found.pk, customer_id=customer_id)
        effective = (
            ()
            if customer_id is None
            else effective_settings.of_customer(customer_id=customer_id, company_id=found.pk, as_of=day)
        )
    return {
        "as_of": day.isoformat(),
        "effective": [{**one.as_dict(), "label": settings.label(one.name).as_dict()} for one in effective],
        "settings": [_setting(one) for one in known],
    }


@router.post("/settings", summary="Ask for a setting; another person decides it")
def propose(request: HttpRequest, body: SettingIn) -> HttpResponse:
    """Return the setting that waits."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_ASKERS)
    draft = keep_settings.SettingDraft(
        level=body.level,
        name=body.name,
        value=body.value,
        validity=Validity(body.valid_from or clock.today(found), body.valid_to),
        reason=body.reason,
        class_name=body.class_name,
        customer_code=body.customer,
    )

    def effect() -> dict[str, Any]:
        setting_id = keep_settings.propose_setting(company=found, draft=draft, actor=acting.actor_of(request))
        record = setting_queries.by_id(setting_id)
        assert record is not None  # noqa: S101 -- it was just written
        return _setting(record)

    return acting.once(request, status=201, effect=effect)


@router.post(
    "/settings/{setting_id}/{verdict}", summary="Approve or reject a setting that somebody else asked for"
)
def decide(
    request: HttpRequest, setting_id: UUID, verdict: Literal["approve", "reject"], body: SettingVoteIn
) -> HttpResponse:
    """Return the setting as decided."""
    found = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        return _setting(
            keep_settings.decide_setting(
                company=found,
                setting_id=setting_id,
                approves=verdict == "approve",
                actor=acting.actor_of(request),
            )
        )

    return acting.once(request, status=200, effect=effect)


def _setting(record: SettingRecord) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "level": record.level,
        "customer": record.customer_code or None,
        "class_name": record.class_name or None,
        "name": record.name,
        "value": record.value,
        "valid_from": record.valid_from.isoformat(),
        "valid_to": None if record.valid_to is None else record.valid_to.isoformat(),
        "status": record.status,
        "reason": record.reason,
        "requested_by": record.requested_by_name,
        "decided_by": record.decided_by_name or None,
    }
