"""Imported files: what became of their rows, taking one back, and the columns that are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.sources import files, mappings
from tradecredit.doors.api import acting
from tradecredit.flows import ports
from tradecredit.flows.imports import remembered_mappings, undo_file
from tradecredit.flows.imports.incoming import TabularFiles
from tradecredit.plumbing import yaml_texts
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.sources.files import FileRecord, UndoRecord
    from tradecredit.apps.sources.mappings import MappingRecord
    from tradecredit.flows.imports.undo_file import Undone

router = Router(tags=["imports"])
_CREDIT = (Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR)
_KEEPERS = (*_CREDIT, Role.FINANCE_MANAGER, Role.CFO, Role.ADMIN, Role.INTEGRATION)
_READERS = (*_KEEPERS, Role.MANAGEMENT, Role.AUDITOR)
_SHOWN_ROWS = 500
Heading = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class UndoIn(Schema, extra="forbid"):
    """Why a file is taken back; ``dry_run`` changes nothing and says what would become of its rows."""

    company: str | None = None
    reason: Annotated[str, StringConstraints(max_length=200)] = ""
    dry_run: bool = False


class MappingIn(Schema, extra="forbid"):
    """Which column is which: ``headings`` are all of the file's, ``columns`` our column for some of them."""

    company: str | None = None
    kind: Heading
    headings: Annotated[list[Heading], Field(min_length=1, max_length=300)]
    columns: dict[Heading, Heading]


class ForgetIn(Schema, extra="forbid"):
    """The files whose mapping is forgotten, by kind and the digest that the list of mappings shows."""

    company: str | None = None
    kind: Heading
    headings: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


@router.get("/imports", summary="The files that were imported, with what was taken back of them")
def listed(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Answer the latest files, newest first."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_READERS)
    with acting.reading(request):
        latest = files.latest(company_id=found.pk)
        undone = files.undone(company_id=found.pk, file_ids=[one.id for one in latest])
    return {"imports": [_file(one, undone.get(one.id)) for one in latest]}


@router.get(
    "/imports/mappings", summary="Which column is which, as it is remembered by the headings of files"
)
def mappings_listed(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Answer the mappings that count."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_READERS)
    with acting.reading(request):
        every = mappings.every(company_id=found.pk)
    return {"mappings": [_mapping(one) for one in every]}


@router.put("/imports/mappings", summary="Remember which column is which for files of these headings")
def put_mapping(request: HttpRequest, body: MappingIn) -> HttpResponse:
    """Keep the mapping; files with these headings, in any order, are read by it from now on."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        digest = remembered_mappings.keep(
            kind=body.kind,
            headings=body.headings,
            columns=body.columns,
            files=ports.find(TabularFiles),
            company=found,
            actor=acting.actor_of(request),
        )
        return {"kind": body.kind, "headings": digest, "columns": body.columns}

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.post("/imports/mappings/forget", summary="Forget which column is which for files of some headings")
def forget_mapping(request: HttpRequest, body: ForgetIn) -> HttpResponse:
    """Answer whether anything was remembered; the columns of such files are guessed again."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        actor = acting.actor_of(request)
        known = remembered_mappings.forget(kind=body.kind, headings=body.headings, company=found, actor=actor)
        return {"forgotten": known}

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.get("/imports/{file_id}", summary="One imported file with the rows that it wrote")
def one_file(request: HttpRequest, file_id: UUID, company: str | None = None) -> dict[str, Any]:
    """Answer the file, its first rows that were new or changed something, and what stayed when it was taken back."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_READERS)
    with acting.reading(request):
        file = files.by_id(company_id=found.pk, file_id=file_id)
        if file is None:
            raise Http404
        written = files.written(company_id=found.pk, file_id=file_id)
        undone = files.undone(company_id=found.pk, file_ids=[file_id]).get(file_id)
    return {
        **_file(file, undone),
        "mapping": dict(file.mapping),
        "written": len(written),
        "rows": [
            {"row": one.row, "key": one.key, "status": one.status, "what": one.what}
            for one in written[:_SHOWN_ROWS]
        ],
        "kept": list(undone.reasons) if undone else [],
    }


@router.post("/imports/{file_id}/undo", summary="Take a file back as far as that does no harm")
def undo(request: HttpRequest, file_id: UUID, body: UndoIn) -> HttpResponse:
    """Answer how many rows were (or would be) taken back, and each that stays with the reason."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        actor = acting.actor_of(request)
        done = undo_file.undo_file(
            company=found, file_id=file_id, reason=body.reason, actor=actor, dry_run=body.dry_run
        )
        return _undone(done, is_trial=body.dry_run)

    return acting.once(request, status=200, effect=effect, is_key_required=not body.dry_run)


def _file(one: FileRecord, undone: UndoRecord | None) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "name": one.name,
        "read": one.read,
        "created": one.created,
        "updated": one.updated,
        "unchanged": one.unchanged,
        "refused": one.refused,
        "imported_at": one.imported_at.isoformat() if one.imported_at else None,
        "imported_by": one.imported_by,
        "taken_back": None
        if undone is None
        else {
            "rows": undone.undone,
            "kept": undone.kept,
            "at": undone.recorded_at.isoformat(),
            "by": undone.recorded_by,
        },
    }


def _undone(done: Undone, *, is_trial: bool) -> dict[str, Any]:
    return {
        "dry_run": is_trial,
        "undone": done.undone,
        "kept": [
            {"row": one.row, "key": one.key, "zh": one.words.zh, "en": one.words.en} for one in done.kept
        ],
    }


def _mapping(one: MappingRecord) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "headings": one.headings,
        "columns": (yaml_texts.read(one.mapping) or {}).get("columns") or {},
        "file": one.file_name,
        "recorded_at": one.recorded_at.isoformat(),
        "recorded_by": one.recorded_by,
    }
