"""Other systems: their connections, how far they were read, reading them now, comparing both sides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.apps.sources import queries
from tradecredit.core.sources.drafts import ConnectionDraft
from tradecredit.doors.api import acting
from tradecredit.doors.api.credit_checks import language
from tradecredit.flows import ports
from tradecredit.flows.sources import keep_connection, reconcile_source
from tradecredit.flows.sources.erps import Erps
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from tradecredit.apps.sources.queries import ConnectionRecord, ProgressRecord
    from tradecredit.core.sources.tallies import DayRow

router = Router(tags=["sources"])
_KEEPERS = (Role.FINANCE_MANAGER, Role.CFO, Role.CREDIT_MANAGER, Role.ADMIN, Role.INTEGRATION)
_READERS = (*_KEEPERS, Role.CREDIT_SPECIALIST, Role.RISK_DIRECTOR, Role.MANAGEMENT, Role.AUDITOR)
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class SourceIn(Schema, extra="forbid"):
    """A connection; secrets stand in the environment of the server and are never sent."""

    company: str | None = None
    system: Name
    label: Name
    settings: dict[Name, Annotated[str, StringConstraints(max_length=300)]] = Field(default_factory=dict)
    described: Annotated[str, StringConstraints(max_length=40_000)] = ""
    kinds: list[Name] = Field(default_factory=list)
    every_minutes: int = 5
    writes_back: bool = False
    active: bool = True


class DueIn(Schema, extra="forbid"):
    """Whether everything is to be read again."""

    company: str | None = None
    from_beginning: bool = False


@router.get("/sources", summary="Every connection to another system with its live status")
def listed(request: HttpRequest, company: str | None = None) -> dict[str, Any]:
    """Answer connections, progress by kind, and how many standings wait to be written."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_READERS)
    with acting.reading(request):
        connections = queries.connections(company_id=found.pk)
        progress = queries.progress(connection_ids=[one.id for one in connections])
        untold = queries.unwritten(connection_ids=[one.id for one in connections])
    missing = ports.find(Erps).missing_secrets
    return {
        "sources": [
            {
                **_connection(one),
                "missing_secrets": list(missing(one)),
                "to_tell": untold.get(one.id, 0),
                "progress": [_progress(kind) for kind in progress.get(one.id, {}).values()],
            }
            for one in connections
        ]
    }


@router.put("/sources/{code}", summary="Describe a connection, or describe it anew")
def put(request: HttpRequest, code: str, body: SourceIn) -> HttpResponse:
    """Keep the connection; nothing is sent to the system yet."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        draft = ConnectionDraft(
            code=code,
            system=body.system,
            label=body.label,
            settings=body.settings,
            described=body.described,
            kinds=tuple(body.kinds),
            every_minutes=body.every_minutes,
            writes_back=body.writes_back,
            is_active=body.active,
        )
        actor, erps = acting.actor_of(request), ports.find(Erps)
        return _connection(
            keep_connection.keep_connection(company=found, draft=draft, actor=actor, erps=erps)
        )

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.post("/sources/{code}/sync", summary="Let a connection be read now")
def sync(request: HttpRequest, code: str, body: DueIn) -> HttpResponse:
    """Answer 202; the worker reads it within seconds."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        keep_connection.make_due(
            company=found, code=code, actor=acting.actor_of(request), from_beginning=body.from_beginning
        )
        return {"code": code, "waiting": True}

    return acting.once(request, status=202, effect=effect)


@router.get(
    "/sources/{code}/reconciliation", summary="Counts and sums of both sides by day, and what differs"
)
def reconciliation(
    request: HttpRequest,
    code: str,
    begins: Annotated[date, Query(alias="from")],
    ends: Annotated[date, Query(alias="to", description="excluded")],
    company: str | None = None,
) -> dict[str, Any]:
    """Ask the system for its documents of the days and compare them with ours."""
    found = acting.company_of(request, company)
    acting.require_role(request, found, *_READERS)
    with acting.reading(request):
        if queries.connection(company_id=found.pk, code=code) is None:
            raise Http404
    tallies = reconcile_source.reconcile_source(
        company=found,
        code=code,
        begins=begins,
        ends=ends,
        actor=acting.actor_of(request),
        erps=ports.find(Erps),
    )
    return {
        "source": code,
        "kinds": [
            {"kind": one.kind, "equal": one.is_equal, "days": [_day(row) for row in one.days]}
            for one in tallies
        ],
    }


def _connection(one: ConnectionRecord) -> dict[str, Any]:
    return {
        "code": one.code,
        "system": one.system,
        "label": one.label,
        "settings": dict(one.settings),
        "kinds": list(one.kinds),
        "every_minutes": one.every_minutes,
        "writes_back": one.writes_back,
        "active": one.is_active,
    }


def _progress(one: ProgressRecord) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "read": one.read,
        "created": one.created,
        "updated": one.updated,
        "unchanged": one.unchanged,
        "refused": one.refused,
        "whole_at": one.whole_at.isoformat() if one.whole_at else None,
        "tried_at": one.tried_at.isoformat() if one.tried_at else None,
        "failures": one.failures,
        "failure": one.failure.in_language(language()) if one.failure else None,
    }


def _day(row: DayRow) -> dict[str, Any]:
    return {
        "day": row.day.isoformat(),
        "currency": row.currency,
        "theirs": {"count": row.theirs.count, "sum": f"{row.theirs.total:f}"},
        "ours": {"count": row.ours.count, "sum": f"{row.ours.total:f}"},
        "equal": row.is_equal,
        "missing": row.missing,
        "surplus": row.surplus,
        "differing": row.differing,
    }
