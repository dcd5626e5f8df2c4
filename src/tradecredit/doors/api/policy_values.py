"""What the policy says on a day and why, and whom a change of it concerns beyond orders."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from tradecredit.apps.decisions import policies
from tradecredit.doors.api import acting
from tradecredit.doors.api.policy_drafts import found_draft
from tradecredit.flows.policy import change_overlays, change_report, tell_values
from tradecredit.flows.policy.tell_values import Kind
from tradecredit.flows.ratings import affected_customers
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from tradecredit.plumbing.access.models import Company

router = Router(tags=["policies"])


@router.get("/values", summary="Every value that holds on a day, with where it comes from")
def values(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
    search: Annotated[str, Query(max_length=200)] = "",
    origin: Annotated[Kind | None, Query()] = None,
) -> dict[str, Any]:
    """Return values by path with origin (an overlay, the company, its group, the pack), reason, and since when."""
    found = acting.company_of(request, company)
    told = tell_values.tell_values(
        company=found,
        as_of=as_of or clock.today(found),
        actor=acting.actor_of(request),
        search=search,
        kind=origin,
    )
    return {
        "number": told.version.number,
        "valid_from": told.version.valid_from.isoformat(),
        "count": told.count,
        "values": [one.as_dict() for one in told.values],
    }


@router.get("/versions/{number}/affected", summary="Whom a version concerns beyond orders")
def affected_by_version(
    request: HttpRequest, number: int, company: Annotated[str | None, Query()] = None
) -> dict[str, Any]:
    """Return customers whose grade, proposed line, terms, stage of dunning or alerts the version changes, as of today."""
    found = acting.company_of(request, company)
    report = change_report.change_report(company=found, number=number, actor=acting.actor_of(request))
    if report.before is None:
        return {"parts": []}
    return _affected(request, found, report.before.document, report.version.document)


@router.get("/drafts/{draft_id}/affected", summary="Whom a draft would concern beyond orders")
def affected_by_draft(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """Return the same of a draft, as it is written now."""
    with acting.reading(request):
        draft = found_draft(draft_id)
        company = acting.company_by_id(request, draft.company_id)
        before, after = policies.by_id(draft.base_id).document, change_overlays.tried_of(draft)
    return _affected(request, company, before, after)


def _affected(request: HttpRequest, company: Company, before: Any, after: Any) -> dict[str, Any]:
    actor = acting.actor_of(request)
    found = affected_customers.affected_customers(company=company, before=before, after=after, actor=actor)
    return {"parts": [part.as_dict() for part in found]}
