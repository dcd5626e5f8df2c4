"""Policies: packs that ship, versions that were published, and checking a document before anybody publishes it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from tradecredit.apps.decisions import policies
from tradecredit.apps.decisions.policies import StoredPolicy
from tradecredit.doors.api import acting
from tradecredit.flows import ports
from tradecredit.flows.policy import check_policy
from tradecredit.plumbing import clock

router = Router(tags=["policies"])


class DocumentIn(Schema, extra="forbid"):
    """A whole policy document, a key for each section."""

    document: dict[str, Any]


@router.get("", summary="The packs that ship and the versions that the company published")
def listed(request: HttpRequest, company: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    """Return names and labels of packs, and the company's versions, newest first."""
    found = acting.company_of(request, company)
    packs = ports.find(ports.PolicyPacks)
    with acting.reading(request):
        versions = policies.versions(company_id=found.pk)
    return {
        "packs": [_pack(packs.load_pack(name)["pack"]) for name in packs.pack_names()],
        "published": [_version(each) for each in versions],
    }


@router.get("/in-force", summary="The policy in force on a day, whole or one section of it")
def in_force(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
    section: Annotated[str | None, Query()] = None,
) -> dict[str, Any]:
    """Return the version and its document."""
    found = acting.company_of(request, company)
    with acting.reading(request):
        stored = policies.in_force(company_id=found.pk, as_of=as_of or clock.today(found))
    if section is not None and section not in stored.document:
        raise Http404
    document = stored.document if section is None else {section: stored.document[section]}
    return {**_version(stored), "document": document}


@router.post("/check", summary="Read a document as the rules would; nothing is stored")
def check(request: HttpRequest, body: DocumentIn) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """Return every section's first mistake with its place; an empty list when the document is sound."""
    found = check_policy.check_policy(document=body.document)
    return {"findings": [{"path": each.path, "message": str(each)} for each in found]}


def _pack(pack: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": pack["name"],
        "label": pack["label"],
        "version": pack["version"],
        "valid_from": str(pack["valid_from"]),
        "source": pack["source"],
        "reason": pack["reason"],
    }


def _version(stored: StoredPolicy) -> dict[str, Any]:
    return {
        "id": str(stored.id),
        "pack": stored.pack,
        "number": stored.number,
        "valid_from": stored.valid_from.isoformat(),
        "recorded_at": stored.recorded_at.isoformat(),
        "reason": stored.reason,
        "sha256": stored.sha256,
    }
