"""Policies on trial: simulations with their progress, shadows, the report on a version, going back, taking over."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from tradecredit.apps.decisions import drafts, shadows, simulations
from tradecredit.apps.decisions.shadows import StoredShadow
from tradecredit.apps.decisions.simulations import StoredSimulation
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import Text
from tradecredit.doors.api.policy_drafts import draft_json
from tradecredit.flows.policy import (
    change_overlays,
    change_report,
    draft_policy,
    run_simulation,
    shadow_policy,
)
from tradecredit.flows.policy.simulate_policy import Slice
from tradecredit.plumbing.access.models import Company

router = Router(tags=["policies"])


class SliceIn(Schema, extra="forbid"):
    """Which decisions to try: days (both included), a grade as it was then, a region, a salesperson."""

    since: date | None = None
    until: date | None = None
    grade: str | None = None
    region: str | None = None
    salesperson: str | None = None

    def value(self) -> Slice:
        """Return the slice as flows take it."""
        return Slice(
            since=self.since,
            until=self.until,
            grade=self.grade,
            region=self.region,
            salesperson=self.salesperson,
        )


class SimulationIn(SliceIn):
    """A whole policy document, tried on the decisions of a slice."""

    company: str | None = None
    document: dict[str, Any]


class ShadowIn(Schema, extra="forbid"):
    """A draft (or a whole document) to be asked beside the live policy, for a share of the customers in percent."""

    company: str | None = None
    draft: UUID | None = None
    document: dict[str, Any] | None = None
    title: Annotated[str, Field(max_length=120)] = ""
    share: Annotated[int, Field(ge=1, le=100)] = 100


class BackIn(Schema, extra="forbid"):
    """From which day on the former version is to hold again, and why."""

    company: str | None = None
    reason: Text
    valid_from: date


class TakeOverIn(BackIn):
    """The version of another company that is to hold here."""

    version: UUID


@router.post("/simulations", summary="Try a policy on the recorded decisions; many of them take the worker")
def simulate(request: HttpRequest, body: SimulationIn) -> dict[str, Any]:
    """Return the simulation: its result when it is done, else its ``id`` to ask again."""
    company = acting.company_of(request, body.company)
    acting.require_role(request, company, *draft_policy.WRITERS)
    asked = run_simulation.ask_simulation(
        company=company, document=body.document, part=body.value(), actor=acting.actor_of(request)
    )
    return _simulation(asked)


@router.get("/simulations/{simulation_id}", summary="How far a simulation has come, and what came out")
def simulation(request: HttpRequest, simulation_id: UUID) -> dict[str, Any]:
    """Return status, done, total and (once done) the result."""
    with acting.reading(request):
        found = simulations.by_id(simulation_id)
    if found is None:
        raise Http404
    return _simulation(found)


@router.post("/drafts/{draft_id}/simulate", summary="Try a draft on the recorded decisions")
def simulate_draft(request: HttpRequest, draft_id: UUID, part: Annotated[SliceIn, Query()]) -> dict[str, Any]:
    """Return the same as a simulation of the draft's document."""
    with acting.reading(request):
        draft = drafts.by_id(draft_id)
        if draft is None:
            raise Http404
        company = acting.company_by_id(request, draft.company_id)
        document = change_overlays.tried_of(draft)
    acting.require_role(request, company, *draft_policy.WRITERS)
    asked = run_simulation.ask_simulation(
        company=company,
        document=document,
        part=part.value(),
        actor=acting.actor_of(request),
        draft_id=draft.id,
    )
    return _simulation(asked)


@router.get("/shadows", summary="Policies that are, or were, asked beside the live one")
def listed_shadows(request: HttpRequest, company: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    """Return shadows with how they agreed with the live policy."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        return {"shadows": [_shadow(one) for one in shadows.listed(company_id=found.pk)]}


@router.post("/shadows", summary="Ask a policy beside the live one; it decides nothing")
def start_shadow(request: HttpRequest, body: ShadowIn) -> HttpResponse:
    """Return the shadow; what it says of new decisions is counted as their events are answered."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        return _shadow(_started(request, company, body))

    return acting.once(request, status=201, effect=effect)


def _started(request: HttpRequest, company: Company, body: ShadowIn) -> StoredShadow:
    actor = acting.actor_of(request)
    if body.draft is not None:
        return shadow_policy.shadow_draft(draft_id=body.draft, company=company, share=body.share, actor=actor)
    return shadow_policy.start_shadow(
        company=company, document=body.document or {}, title=body.title, share=body.share, actor=actor
    )


@router.get(
    "/shadows/{shadow_id}", summary="A shadow: agreement, and the documents it would have decided otherwise"
)
def shadow(request: HttpRequest, shadow_id: UUID) -> dict[str, Any]:
    """Return the tally and the latest flips with their checks."""
    with acting.reading(request):
        found = shadows.by_id(shadow_id)
        if found is None:
            raise Http404
        flips = [
            {
                "decision": str(one.decision_id),
                "reference": one.reference,
                "live": one.live,
                "said": one.said,
                "newly_against": list(one.newly_against),
                "no_longer_against": list(one.no_longer_against),
            }
            for one in shadows.flipped(shadow_id)
        ]
        return {**_shadow(found), "flips": flips}


@router.post("/shadows/{shadow_id}/end", summary="Ask a shadow no more")
def end_shadow(request: HttpRequest, shadow_id: UUID) -> HttpResponse:
    """Return the shadow as it ended."""

    def effect() -> dict[str, Any]:
        return _shadow(shadow_policy.end_shadow(shadow_id=shadow_id, actor=acting.actor_of(request)))

    return acting.once(request, status=200, effect=effect)


@router.get("/versions/{number}/report", summary="What a version changed, whom it concerns, who signed it")
def report(
    request: HttpRequest, number: int, company: Annotated[str | None, Query()] = None
) -> dict[str, Any]:
    """Return changes by path, affected customers (once they are worked out) and signatures."""
    return change_report.change_report(
        company=acting.company_of(request, company), number=number, actor=acting.actor_of(request)
    ).as_dict()


@router.post("/versions/{number}/go-back", summary="Begin a draft that goes back to a former version")
def go_back(request: HttpRequest, number: int, body: BackIn) -> HttpResponse:
    """Return the draft; a second person publishes it as any other."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        return draft_json(
            draft_policy.draft_former(
                company=company,
                number=number,
                reason=body.reason,
                valid_from=body.valid_from,
                actor=acting.actor_of(request),
            )
        )

    return acting.once(request, status=201, effect=effect)


@router.post("/drafts/take-over", summary="Begin a draft with the version of another company (its pilot)")
def take_over(request: HttpRequest, body: TakeOverIn) -> HttpResponse:
    """Return the draft; a second person publishes it as any other."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        return draft_json(
            draft_policy.draft_from_company(
                company=company,
                version_id=body.version,
                reason=body.reason,
                valid_from=body.valid_from,
                actor=acting.actor_of(request),
            )
        )

    return acting.once(request, status=201, effect=effect)


def _simulation(found: StoredSimulation) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "status": found.status,
        "done": found.total if found.status == "done" else found.done,
        "total": found.total,
        "failure": found.failure or None,
        "slice": found.part,
        **(found.result or {}),
    }


def _shadow(found: StoredShadow) -> dict[str, Any]:
    tally = shadows.tally(found.id)
    return {
        "id": str(found.id),
        "title": found.title,
        "share": found.share,
        "started_by": found.started_by_name,
        "started_at": found.started_at.isoformat(),
        "ended_at": None if found.ended_at is None else found.ended_at.isoformat(),
        "asked": tally.asked,
        "differed": tally.differed,
        "newly_held": tally.newly_held,
        "newly_released": tally.newly_released,
        "agreement_percent": tally.agreement_percent,
    }
