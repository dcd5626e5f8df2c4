"""Who is bound to a customer, and what is at risk when it fails."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from ninja import Router

from tradecredit.analytics.dossier import relations
from tradecredit.apps.dossier import queries as dossier
from tradecredit.doors.api import acting
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.analytics.dossier.relations import Relations
    from tradecredit.core.dossier.relations.graph import Tie

router = Router(tags=["customers"])


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
