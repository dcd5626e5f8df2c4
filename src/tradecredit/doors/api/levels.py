"""Levels above accounts (groups, regions, portfolios) and exchange rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.analytics.exposure import customer_levels
from tradecredit.analytics.exposure.customer_levels import NodeFile
from tradecredit.analytics.exposure.node_standings import NodeStanding
from tradecredit.apps.exposure import node_queries
from tradecredit.apps.exposure.node_queries import NodeLimitRecord
from tradecredit.core.decisions import recording
from tradecredit.core.exposure.rates import Rate
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.periods import Validity
from tradecredit.doors.api import acting
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.levels import move_member, node_limits, record_rates, save_node
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

router = Router(tags=["levels"])
_KEEPERS = (
    Role.CREDIT_SPECIALIST,
    Role.CREDIT_MANAGER,
    Role.RISK_DIRECTOR,
    Role.CFO,
    Role.ADMIN,
    Role.INTEGRATION,
)
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(max_length=500)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
LimitText = Annotated[str, StringConstraints(pattern=r"^(unlimited|not set|\d{1,16}(\.\d{1,4})?)$")]
_Attribute = Literal["salesperson", "department", "region", "industry", "controller"]
Kind = Literal["group", "family", _Attribute, "product_group", "portfolio"]


class LevelIn(Schema, extra="forbid"):
    """A level; ``value`` says whom an attribute counts, ``all_companies`` whether every legal entity counts."""

    company: Code | None = None
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    kind: Kind = "group"
    value: Annotated[str, StringConstraints(max_length=200)] = ""
    currency: Currency | None = None
    strength: Literal["joint", "single"] = "joint"
    parent: Annotated[str, StringConstraints(max_length=64)] = ""
    all_companies: bool = True
    active: bool = True


class LevelLimitIn(Schema, extra="forbid"):
    """A limit to ask for."""

    company: Code | None = None
    limit: LimitText
    valid_from: date | None = None
    valid_to: date | None = None
    reason: Text


class LevelVoteIn(Schema, extra="forbid"):
    """A word on a limit, with its reason."""

    company: Code | None = None
    reason: str = ""


class MemberIn(Schema, extra="forbid"):
    """A customer that moves into the level (or out of it), and out of others."""

    company: Code | None = None
    customer: Code
    joins: bool = True
    leaves: list[Code] = []
    must_fit: bool = False
    reason: Text = ""


class RateIn(Schema, extra="forbid"):
    """One unit of a currency in another since a day."""

    from_currency: Currency
    to_currency: Currency
    rate: Annotated[Decimal, Field(gt=0, max_digits=20, decimal_places=10)]
    valid_from: date
    source: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class RatesIn(Schema, extra="forbid"):
    """Rates to record."""

    company: Code | None = None
    rates: Annotated[list[RateIn], Field(min_length=1, max_length=1000)]


@router.get("/levels", summary="Groups, regions and portfolios with limit, exposure and headroom")
def listed(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return every level that counts in the company."""
    found = acting.company_of(request, company)
    day = as_of or clock.today(found)
    with acting.reading(request):
        files = customer_levels.of_company(company_id=found.pk, as_of=day)
    return {"as_of": day.isoformat(), "levels": [_file(one) for one in files]}


@router.put("/levels/{code}", summary="Create a level or change it")
def save(request: HttpRequest, code: str, body: LevelIn) -> HttpResponse:
    """Return the level as it stands."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)
    draft = save_node.NodeDraft(
        code=code,
        name=body.name,
        kind=body.kind,
        value=body.value,
        currency=body.currency or "",
        strength=body.strength,
        parent_code=body.parent,
        of_company=not body.all_companies,
        is_active=body.active,
    )

    def effect() -> dict[str, Any]:
        save_node.save_node(company=found, draft=draft, actor=acting.actor_of(request))
        return _one(found.pk, code, day=clock.today(found))

    return acting.once(request, status=200, effect=effect, is_key_required=False)


@router.post("/levels/{code}/limits", summary="Ask for a limit of a level; another person decides it")
def propose(request: HttpRequest, code: str, body: LevelLimitIn) -> HttpResponse:
    """Return the limit that waits."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        node = save_node.named(code, as_of=clock.today(found))
        limit_id = node_limits.propose_limit(
            company=found,
            code=code,
            limit=recording.read_limit(body.limit, node.currency),
            validity=Validity(body.valid_from or clock.today(found), body.valid_to),
            reason=body.reason,
            actor=acting.actor_of(request),
        )
        return _limit(node_queries.limit_by_id(limit_id))

    return acting.once(request, status=201, effect=effect)


@router.post(
    "/levels/limits/{limit_id}/{verdict}", summary="Approve or reject a limit that somebody else asked for"
)
def decide(
    request: HttpRequest, limit_id: UUID, verdict: Literal["approve", "reject"], body: LevelVoteIn
) -> HttpResponse:
    """Return the limit as decided; those decide whom the authority table names, each with a reason."""
    found, actor = acting.company_of(request, body.company), acting.actor_of(request)

    def effect() -> dict[str, Any]:
        decide_approval.decide_approval(
            request_id=node_limits.open_request(company=found, limit_id=limit_id, actor=actor).id,
            approves=verdict == "approve",
            reason=body.reason,
            actor=actor,
        )
        return _limit(node_queries.limit_by_id(limit_id))

    return acting.once(request, status=200, effect=effect)


@router.post(
    "/levels/{code}/members", summary="Move a customer into a level (or out of it) and out of others"
)
def move(request: HttpRequest, code: str, body: MemberIn) -> HttpResponse:
    """Return the level as it stands."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS)

    def effect() -> dict[str, Any]:
        move_member.move_member(
            company=found,
            customer_code=body.customer,
            to=code if body.joins else None,
            leaves=body.leaves if body.joins else [*body.leaves, code],
            reason=body.reason,
            actor=acting.actor_of(request),
            must_fit=body.must_fit,
        )
        return _one(found.pk, code, day=clock.today(found))

    return acting.once(request, status=200, effect=effect)


@router.get("/exchange-rates", summary="The exchange rates in force on a day")
def rates_in_force(
    request: HttpRequest,
    company: Annotated[str | None, Query()] = None,
    as_of: Annotated[date | None, Query()] = None,
) -> dict[str, Any]:
    """Return the latest rate of each pair of currencies."""
    found = acting.company_of(request, company)
    day = as_of or clock.today(found)
    with acting.reading(request):
        book = node_queries.rate_book(as_of=day)
    return {"as_of": day.isoformat(), "rates": [rate.as_dict() for rate in book]}


@router.post("/exchange-rates", summary="Record exchange rates")
def record(request: HttpRequest, body: RatesIn) -> HttpResponse:
    """Return how many were not known yet."""
    found = acting.company_of(request, body.company)
    acting.require_role(request, found, *_KEEPERS, Role.FINANCE_MANAGER)
    rates = [
        Rate(
            source=one.from_currency,
            target=one.to_currency,
            rate=one.rate,
            day=one.valid_from,
            origin=one.source,
        )
        for one in body.rates
    ]

    def effect() -> dict[str, Any]:
        return {"recorded": record_rates.record_rates(rates=rates, actor=acting.actor_of(request))}

    return acting.once(request, status=201, effect=effect)


def level_document(standing: NodeStanding) -> dict[str, Any]:
    """Return how a level stands, money as text."""
    record = standing.record
    return {
        "code": record.code,
        "name": record.name,
        "kind": record.kind,
        "value": record.value,
        "parent": record.parent_code or None,
        "all_companies": record.company_id is None,
        "strength": record.strength,
        "active": record.is_active,
        "currency": record.currency,
        "limit": limits.text(record.limit),
        "exposure": standing.exposure.text(),
        "headroom": limits.text(standing.headroom),
        "accounts": standing.accounts,
        "rates": [
            line.rate.as_dict()
            for line in standing.node.lines
            if line.rate is not None and line.rate.source != record.currency
        ],
        "missing_rates": list(standing.missing_rates),
    }


def _file(one: NodeFile) -> dict[str, Any]:
    return {
        **level_document(one.standing),
        "members": [
            {"customer": each.customer_code, "since": each.valid_from.isoformat()} for each in one.members
        ],
        "limits": [_limit(each) for each in one.limits],
    }


def _one(company_id: UUID, code: str, *, day: date) -> dict[str, Any]:
    for one in customer_levels.of_company(company_id=company_id, as_of=day):
        if one.standing.record.code == code:
            return _file(one)
    raise Http404


def _limit(record: NodeLimitRecord | None) -> dict[str, Any]:
    assert record is not None  # noqa: S101 -- it was just written
    return {
        "id": str(record.id),
        "limit": limits.text(record.limit),
        "currency": record.currency,
        "valid_from": record.valid_from.isoformat(),
        "valid_to": None if record.valid_to is None else record.valid_to.isoformat(),
        "status": record.status,
        "requested_by": record.requested_by_name,
        "decided_by": record.decided_by_name or None,
        "reason": record.reason,
    }
