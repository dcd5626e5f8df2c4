"""What stands in a draft: sections, tables, files of the standard, values for a time; what colleagues say of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from tradecredit.apps.decisions import remarks
from tradecredit.core.decisions import table_grid
from tradecredit.core.decisions.table_grid import Row
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.api import acting
from tradecredit.doors.api.batches import Text
from tradecredit.doors.api.policy_drafts import draft_json, found_draft, version_of
from tradecredit.flows.policy import (
    change_model,
    change_overlays,
    change_section,
    draft_policy,
    follow_group,
    hear_colleagues,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradecredit.apps.decisions.drafts import Draft

router = Router(tags=["policies"])
_LONGEST = 2_000_000
_ROWS_MOST = 500


class SectionIn(Schema, extra="forbid"):
    """A section as it is to be; null takes out one that a policy may do without."""

    content: dict[str, Any] | None


class RowIn(Schema, extra="forbid"):
    """A row of a table: its cells by the fact they test, what it asks for, its sentence; one without code gets one."""

    code: str = ""
    cells: dict[str, str] = {}
    outcome: str
    zh: str = ""
    en: str = ""


class RowsIn(Schema, extra="forbid"):
    """All rows of a table, in their order."""

    rows: Annotated[list[RowIn], Field(max_length=_ROWS_MOST)]


class ModelIn(Schema, extra="forbid"):
    """The text of a DMN file."""

    text: Annotated[str, Field(max_length=_LONGEST)]


class SaidIn(Schema, extra="forbid"):
    """A sentence in both languages."""

    zh: Text
    en: Text


class OverlayIn(Schema, extra="forbid"):
    """Values by path that hold from a day (included) to a day (excluded); without ``ends`` until somebody ends them."""

    code: Annotated[str, Field(max_length=40)] = ""
    label: SaidIn
    reason: Text
    begins: date
    ends: date | None = None
    values: Annotated[dict[str, str], Field(min_length=1, max_length=100)]


class RemarkIn(Schema, extra="forbid"):
    """What a colleague thinks of a draft."""

    stance: Literal["agree", "object", "remark"]
    text: Text


class FollowIn(Schema, extra="forbid"):
    """Whose policy is to be followed, from which day on, and whether what stands here now stays as one's own."""

    company: str | None = None
    group: str
    keeps_own: bool = True
    reason: Text
    valid_from: date


@router.put(
    "/drafts/{draft_id}/sections/{section}", summary="Write a section of a draft; If-Match is its version"
)
def put_section(request: HttpRequest, draft_id: UUID, section: str, body: SectionIn) -> HttpResponse:
    """Return the draft; mistakes are its findings, and it cannot be published with them."""
    return _changed(
        request,
        lambda version: change_section.change_section(
            draft_id=draft_id,
            section=section,
            content=body.content,
            version=version,
            actor=acting.actor_of(request),
        ),
    )


@router.put(
    "/drafts/{draft_id}/tables/{code}", summary="Write the rows of a draft's table; If-Match is its version"
)
def put_table(request: HttpRequest, draft_id: UUID, code: str, body: RowsIn) -> HttpResponse:
    """Return the draft; gaps, overlaps and rows that never fire are its findings."""

    def run(version: int) -> Draft:
        names = table_grid.columns_of(found_draft(draft_id).document, code)
        rows = [
            Row(
                code=row.code,
                cells=tuple(row.cells.get(name, "") for name in names),
                outcome=row.outcome,
                zh=row.zh,
                en=row.en,
            )
            for row in body.rows
        ]
        return draft_policy.change_table(
            draft_id=draft_id, code=code, rows=rows, version=version, actor=acting.actor_of(request)
        )

    return _changed(request, run)


@router.put(
    "/drafts/{draft_id}/models/{name}", summary="Put a DMN file into a draft; If-Match is its version"
)
def put_model(request: HttpRequest, draft_id: UUID, name: str, body: ModelIn) -> HttpResponse:
    """Return the draft; a file that cannot be read, or asks for facts that do not exist, is refused."""
    return _changed(
        request,
        lambda version: change_model.change_model(
            draft_id=draft_id, name=name, text=body.text, version=version, actor=acting.actor_of(request)
        ),
    )


@router.put(
    "/drafts/{draft_id}/overlays", summary="Values that hold for a time; If-Match is the draft's version"
)
def put_overlay(request: HttpRequest, draft_id: UUID, body: OverlayIn) -> HttpResponse:
    """Return the draft with the overlay; one with the same code is replaced."""
    return _changed(
        request,
        lambda version: change_overlays.set_overlay(
            draft_id=draft_id,
            code=body.code,
            label=Words(zh=body.label.zh, en=body.label.en),
            reason=body.reason,
            begins=body.begins,
            ends=body.ends,
            values=body.values,
            version=version,
            actor=acting.actor_of(request),
        ),
    )


@router.delete("/drafts/{draft_id}/overlays/{code}", summary="Take values for a time out of a draft")
def drop_overlay(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """Return the draft without the overlay."""
    return _changed(
        request,
        lambda version: change_overlays.drop_overlay(
            draft_id=draft_id, code=code, version=version, actor=acting.actor_of(request)
        ),
    )


@router.post("/drafts/follow", summary="Begin a draft with which the company follows another's policy")
def follow(request: HttpRequest, body: FollowIn) -> HttpResponse:
    """Return the draft; once it is published, what the group publishes holds here from its day on."""
    company = acting.company_of(request, body.company)

    def effect() -> dict[str, Any]:
        return draft_json(
            follow_group.draft_following(
                company=company,
                group_code=body.group,
                keeps_own=body.keeps_own,
                reason=body.reason,
                valid_from=body.valid_from,
                actor=acting.actor_of(request),
            )
        )

    return acting.once(request, status=201, effect=effect)


@router.post("/drafts/{draft_id}/stop-following", summary="Follow nobody: every value stays and is one's own")
def stop_following(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Return the draft; If-Match is its version."""
    return _changed(
        request,
        lambda version: follow_group.stop_following(
            draft_id=draft_id, version=version, actor=acting.actor_of(request)
        ),
    )


@router.get("/drafts/{draft_id}/remarks", summary="What colleagues say of a draft")
def listed_remarks(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """Return the remarks, the first first."""
    with acting.reading(request):
        found_draft(draft_id)
        return {"remarks": [_remark(one) for one in remarks.of_draft(draft_id)]}


@router.post("/drafts/{draft_id}/remarks", summary="Agree to a draft, object to it, or remark on it")
def remark(request: HttpRequest, draft_id: UUID, body: RemarkIn) -> HttpResponse:
    """Return the remark; who publishes over an objection has to say why."""

    def effect() -> dict[str, Any]:
        acting.require(request, found_draft(draft_id).company_id, "remark_policy")
        said = hear_colleagues.remark(
            draft_id=draft_id, stance=body.stance, text=body.text, actor=acting.actor_of(request)
        )
        return _remark(said)

    return acting.once(request, status=201, effect=effect)


def _changed(request: HttpRequest, change: Callable[[int], Draft]) -> HttpResponse:
    """Change the draft that the caller read at the version of If-Match; return it with its version."""
    version = version_of(request)
    return acting.once(request, status=200, effect=lambda: draft_json(change(version)), is_key_required=False)


def _remark(said: remarks.Remark) -> dict[str, Any]:
    return {
        "stance": said.stance,
        "text": said.text,
        "author": said.author_name,
        "roles": list(said.roles),
        "draft_version": said.draft_version,
        "recorded_at": said.recorded_at.isoformat(),
    }
