"""Who is bound to a customer, and what is at risk when it fails."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from tradecredit.analytics.dossier import relations
from tradecredit.apps.dossier import queries as dossier
from tradecredit.doors.api import acting
from tradecredit.flows.customers import record_relation
from tradecredit.flows.customers.record_relation import RelationRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.analytics.dossier.relations import Relations
    from tradecredit.core.dossier.relations.graph import Tie

router = Router(tags=["customers"])
_RECORDERS = (
    *(Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.FINANCE_MANAGER, Role.LEGAL),
    *(Role.ADMIN, Role.INTEGRATION),
)
Text = Annotated[str, StringConstraints(max_length=500)]


class RelationIn(Schema, extra="forbid"):
    """A tie: the party is bound to the customer of the address; a customer's code, or the name of somebody else."""

    company: str | None = None
    kind: Literal["shareholder", "controller", "guarantee", "person", "supplies"]
    party: Annotated[str, StringConstraints(max_length=64)] = ""
    party_name: Annotated[str, StringConstraints(max_length=200)] = ""
    share: Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6)] | None = None
    amount: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)] | None = None
    currency: Annotated[str, StringConstraints(min_length=3, max_length=3)] = "CNY"
    valid_from: date | None = None
    valid_to: date | None = Field(None, description="the day on which it ends; a later word ends what stood")
    source: Annotated[str, StringConstraints(max_length=100)] = ""
    evidence: Text = Field(description="where it is known from")


@router.get("/customers/{code}/relations", summary="Parents, shareholders, guarantees, rings and contagion")
def listed(
    request: HttpRequest,
    code: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    company: str | None = None,
) -> dict[str, Any]:
    """Answer the ties with their evidence, the ultimate controllers, rings, broken links, and what is at risk."""
    seller = acting.company_of(request, company)
    day = as_of or clock.today(seller)
    with acting.reading(request):
        customer = dossier.customer_by_code(code)
        if customer is None or seller.pk not in customer.company_ids:
            raise Http404
        found = relations.relations(code=customer.code, company_id=seller.pk, as_of=day, known_at=known_at)

    return {"customer": customer.code, "as_of": day.isoformat()} | _document(found)


@router.post(
    "/customers/{code}/relations", summary="Record a tie by hand, with its evidence", response={201: dict}
)
def record(request: HttpRequest, code: str, body: RelationIn) -> HttpResponse:
    """Append the tie; of several for the same parties and kind the latest recorded counts."""
    seller = acting.company_of(request, body.company)
    acting.require_role(request, seller, *_RECORDERS)
    said = body.model_dump(exclude={"company", "party"})
    row = RelationRow(customer_code=code, party_code=body.party, **said)

    def effect() -> dict[str, Any]:
        recorded = record_relation.record_relation(row=row, company=seller, actor=acting.actor_of(request))
        return {"id": str(recorded)}

    return acting.once(request, status=201, effect=effect)


def _document(found: Relations) -> dict[str, Any]:
    return {
        "ties": [_tied(found, tie) for tie in found.ties],
        "controllers": [_named(found, party) | {"share": f"{share:f}"} for party, share in found.controllers],
        "rings": [[_named(found, party) for party in ring.parties] for ring in found.rings],
        "broken": [
            {
                "path": [_named(found, party) for party in one.path],
                "why": one.words.as_dict(),
                "guarantee": _tied(found, one.tie),
            }
            for one in found.broken
        ],
        "if_it_fails": [
            _named(found, hit.party)
            | {"steps": hit.steps, "exposure": _written(found.exposed.get(hit.party, {}))}
            for hit in found.hits
        ],
        "at_risk": _written(found.at_risk),
    }


def _written(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amount:.2f}" for currency, amount in amounts.items()}


def _named(found: Relations, party: str) -> dict[str, str]:
    return {
        "code": party if party in found.names else "",
        "name": relations.name_of(party, found.names),
    }


def _tied(found: Relations, tie: Tie) -> dict[str, Any]:
    return {
        "from": _named(found, tie.source),
        "to": _named(found, tie.target),
        "kind": tie.kind,
        "share": None if tie.share is None else f"{tie.share:f}",
        "amount": None if tie.amount is None else f"{tie.amount:f}",
        "evidence": tie.evidence,
        "since": tie.since.isoformat() if tie.since else None,
        "ends": tie.ends.isoformat() if tie.ends else None,
    }
