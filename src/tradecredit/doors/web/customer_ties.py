"""The relations tab: a picture, its table, rings and broken links, and what is at risk if the customer fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics.dossier import relations
from tradecredit.core.dossier.relations import graph
from tradecredit.doors.web import acting, customer_sources
from tradecredit.doors.web.charts import ties as picture
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tradecredit.core.dossier.relations.graph import Tie


def of(request: HttpRequest, *, code: str) -> dict[str, Any]:
    """Return the relations of a customer as known at the moment of the address."""
    place = acting.place_of(request)
    known_at = customer_sources.moment_of(request)
    found = relations.relations(code=code, company_id=place.company_id, as_of=place.as_of, known_at=known_at)

    def name_of(party: str) -> str:
        return relations.name_of(party, found.names)

    def drawn(*, is_wide: bool) -> Any:
        return picture.draw(
            found.ties,
            centre=code,
            name_of=name_of,
            word_of=lambda kind: graph.LABELS[kind].in_language(language()),
            troubled=frozenset(one.tie.source for one in found.broken),
            is_wide=is_wide,
        )

    return {
        "known_at": known_at,
        "may": permissions.may(acting.actor_of(request), place.company_id, "keep_control"),
        "kinds": [(kind, graph.LABELS[kind]) for kind in graph.RECORDED],
        "wide": drawn(is_wide=True),
        "narrow": drawn(is_wide=False),
        "rows": [_row(tie, found) for tie in found.ties],
        "controllers": [
            (name_of(party), f"{share * 100:.2f}%", share == 1) for party, share in found.controllers
        ],
        "rings": [[name_of(party) for party in ring.parties] for ring in found.rings],
        "broken": [
            {"path": [name_of(party) for party in one.path], "words": one.words} for one in found.broken
        ],
        "hits": _hits(found),
        "at_risk": found.at_risk.items(),
    }


def _hits(found: relations.Relations) -> list[dict[str, Any]]:
    return [
        {
            "code": hit.party if hit.party in found.names else "",
            "name": relations.name_of(hit.party, found.names),
            "steps": hit.steps,
            "exposed": found.exposed.get(hit.party, {}).items(),
        }
        for hit in found.hits
    ]


def _row(tie: Tie, found: relations.Relations) -> dict[str, Any]:
    def party(key: str) -> dict[str, str]:
        return {"code": key if key in found.names else "", "name": relations.name_of(key, found.names)}

    return {
        "source": party(tie.source),
        "target": party(tie.target),
        "kind": graph.LABELS[tie.kind],
        "tie": tie,
        "percent": None if tie.share is None else f"{tie.share * 100:.2f}%",
    }
