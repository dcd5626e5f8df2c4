"""Drafts of policies: begun, changed, tried on recorded decisions, published by a second person."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from tradecredit.apps.decisions import drafts
from tradecredit.apps.decisions.drafts import Draft
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import Text
from tradecredit.flows.approvals import publish_draft
from tradecredit.flows.policy import check_policy, draft_policy, draft_requests

router = Router(tags=["policies"])


class UnableToMatchDraftError(UnableToError):
    """The If-Match header is not the draft's version."""

    code = "draft_version_missing"
    status = 428


class DraftIn(Schema, extra="forbid"):
    """What a draft is for, and from which day it is to hold."""

    company: str | None = None
    title: Text
    reason: Text
    valid_from: date


class ChangeIn(Schema, extra="forbid"):
    """Figures by their path, for example ``order_control.checks.overdue_days.days``."""

    figures: Annotated[dict[str, str], Field(max_length=200)]
    valid_from: date | None = None
    reason: Text | None = None


@router.get("/drafts", summary="The company's drafts, the latest touched first")
def listed(request: HttpRequest, company: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    """Return drafts without their documents."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        return {"drafts": [draft_json(draft) for draft in drafts.listed(company_id=found.pk)]}


@router.post("/drafts", summary="Begin a draft of the policy in force")
def start(request: HttpRequest, body: DraftIn) -> HttpResponse:
    """Return the draft with its version, to be sent as ``If-Match`` with changes."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        return draft_json(
            draft_policy.start_draft(
                company=company,
                title=body.title,
                reason=body.reason,
                valid_from=body.valid_from,
                actor=acting.actor_of(request),
            )
        )

    return acting.once(request, status=201, effect=effect)


@router.get("/drafts/{draft_id}", summary="A draft with its document, changes and mistakes")
def show(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """Return the draft, what it changes of its base, and every section's first mistake."""
    with acting.reading(request):
        draft = found_draft(draft_id)
        return {
            **draft_json(draft),
            "document": draft.document,
            "changes": [change.as_dict() for change in draft_policy.changes_of(draft)],
            "findings": [
                {"path": each.path, "message": str(each)}
                for each in check_policy.check_policy(document=draft.document)
            ],
        }


@router.patch("/drafts/{draft_id}", summary="Change figures of a draft; If-Match is its version")
def change(request: HttpRequest, draft_id: UUID, body: ChangeIn) -> HttpResponse:
    """Write figures by path; a draft changed since it was read is refused."""
    version = version_of(request)

    def effect() -> dict[str, Any]:
        draft = found_draft(draft_id)
        return draft_json(
            draft_policy.change_draft(
                draft_id=draft_id,
                figures=body.figures,
                valid_from=body.valid_from or draft.valid_from,
                reason=draft.reason if body.reason is None else body.reason,
                version=version,
                actor=acting.actor_of(request),
            )
        )

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.post(
    "/drafts/{draft_id}/submit", summary="Ask the people whom the authority table names to publish it"
)
def submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Return the question that stands among the tasks of those people."""
    with acting.reading(request):
        company = acting.company_by_id(request, found_draft(draft_id).company_id)

    def effect() -> dict[str, Any]:
        asked = publish_draft.submit_draft(draft_id=draft_id, company=company, actor=acting.actor_of(request))
        return {"request": str(asked.id), "roles": list(asked.roles), "mode": asked.mode}

    return acting.once(request, status=201, effect=effect)


@router.post("/drafts/{draft_id}/publish", summary="Publish a draft as the second person")
def publish(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Return the version that holds from the draft's day on; its number is null while more people have to agree."""
    with acting.reading(request):
        company = acting.company_by_id(request, found_draft(draft_id).company_id)

    def effect() -> dict[str, Any]:
        stored = publish_draft.publish(draft_id=draft_id, company=company, actor=acting.actor_of(request))
        if stored is None:
            return {"number": None, "waits_for": list(_waits_for(draft_id))}
        return {
            "number": stored.number,
            "pack": stored.pack,
            "valid_from": stored.valid_from.isoformat(),
            "sha256": stored.sha256,
        }

    return acting.once(request, status=201, effect=effect)


@router.post("/drafts/{draft_id}/withdraw", summary="End a draft without publishing it")
def withdraw(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Return the draft as it ended."""

    def effect() -> dict[str, Any]:
        found_draft(draft_id)
        return draft_json(draft_policy.withdraw_draft(draft_id=draft_id, actor=acting.actor_of(request)))

    return acting.once(request, status=200, effect=effect)


def _waits_for(draft_id: UUID) -> tuple[str, ...]:
    asked = draft_requests.open_of(draft_id)
    return () if asked is None else asked.waits_for


def found_draft(draft_id: UUID) -> Draft:
    """Return a draft in sight; raises Http404."""
    draft = drafts.by_id(draft_id)
    if draft is None:
        raise Http404
    return draft


def version_of(request: HttpRequest) -> int:
    """Return the version that the caller read; raises UnableToMatchDraftError."""
    text = request.headers.get("If-Match", "").strip().strip('"')
    if not text.isdigit():
        raise UnableToMatchDraftError(
            Words(
                zh="请带上 If-Match 请求头：读取草稿时返回的 version。",
                en="Send an If-Match header: the version that came with the draft when it was read.",
            )
        )
    return int(text)


def draft_json(draft: Draft) -> dict[str, Any]:
    """Return a draft without its document, with the version to be sent as ``If-Match``."""
    return {
        "id": str(draft.id),
        "title": draft.title,
        "base": str(draft.base_id),
        "valid_from": draft.valid_from.isoformat(),
        "reason": draft.reason,
        "status": draft.status,
        "author": draft.author_name,
        "ended_by": draft.ended_by_name or None,
        "origin": draft.origin,
        "published": None if draft.published_id is None else str(draft.published_id),
        "version": draft.version,
        "updated_at": draft.updated_at.isoformat(),
    }
