"""The rating model out as a file, and a draft's model in: line by line, or whole."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from tradecredit.apps.decisions import drafts, policies
from tradecredit.doors.api import acting, policy_drafts
from tradecredit.flows.ratings import draft_model, simulate_model
from tradecredit.plumbing import clock

router = Router(tags=["ratings"])
_TYPES = {"yaml": "application/yaml; charset=utf-8", "pmml": "application/xml; charset=utf-8"}
_LONGEST = 2_000_000


class LinesIn(Schema, extra="forbid"):
    """Lines by name, for example ``weight:solvency`` or ``bin:debt_ratio:1:points``."""

    lines: Annotated[dict[str, str], Field(max_length=2000)]


class FileIn(Schema, extra="forbid"):
    """The text of a model file."""

    text: Annotated[str, Field(max_length=_LONGEST)]


@router.get("/rating-model", summary="The model in force as YAML or PMML Scorecard")
def model(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    form: Annotated[Literal["yaml", "pmml"], Query(alias="format")] = "yaml",
) -> HttpResponse:
    """Return the text of the scorecard and the grades, as the import reads it."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        stored = policies.in_force(company_id=found.pk, as_of=clock.today(found))
    return HttpResponse(draft_model.written_model(stored.document, form=form), content_type=_TYPES[form])


@router.get(
    "/policies/drafts/{draft_id}/model", summary="What a draft changes of the model, and who would move"
)
def effect(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """Return the changes in sentences and the whole portfolio rated under the draft."""
    with acting.reading(request):
        draft = drafts.by_id(draft_id)
        if draft is None:
            raise Http404
        company = acting.company_by_id(request, draft.company_id)
        changes = draft_model.changes_of(draft)
    return {
        "changes": [words.as_dict() for words in changes],
        "simulation": simulate_model.simulate_model(
            company=company, document=draft.document, actor=acting.actor_of(request)
        ),
    }


@router.patch(
    "/policies/drafts/{draft_id}/model", summary="Change lines of a draft's model; If-Match is its version"
)
def change(request: HttpRequest, draft_id: UUID, body: LinesIn) -> HttpResponse:
    """Write weights, bins, values, cut-offs and policies of missing data by name."""
    version = policy_drafts.version_of(request)

    def run() -> dict[str, Any]:
        draft = draft_model.change_model(
            draft_id=draft_id, typed=body.lines, version=version, actor=acting.actor_of(request)
        )
        return _answer(draft)

    return acting.once(request, status=200, effect=run, is_key_required=False)


@router.put("/policies/drafts/{draft_id}/model", summary="Put a model file (YAML, PMML) into a draft")
def replace(request: HttpRequest, draft_id: UUID, body: FileIn) -> HttpResponse:
    """Take the model of the text; what it leaves out stays as in the draft."""
    version = policy_drafts.version_of(request)

    def run() -> dict[str, Any]:
        draft = draft_model.import_model(
            draft_id=draft_id, text=body.text, version=version, actor=acting.actor_of(request)
        )
        return _answer(draft)

    return acting.once(request, status=200, effect=run, is_key_required=False)


def _answer(draft: drafts.Draft) -> dict[str, Any]:
    changes = [words.as_dict() for words in draft_model.changes_of(draft)]
    return {**policy_drafts.draft_json(draft), "model_changes": changes}
