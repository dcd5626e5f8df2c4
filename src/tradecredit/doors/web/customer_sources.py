"""Where facts about a customer come from: each bureau's reports, what they found, who disagrees with whom."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tradecredit.apps.dossier import bureau_wishes, bureaus, consents, news
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import facts
from tradecredit.core.dossier.bureau.schema import KINDS
from tradecredit.core.dossier.known_facts import DEALINGS, KNOWN
from tradecredit.doors.web import acting
from tradecredit.flows import permissions, ports

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

_SHOWN = 60
# As far as the slider goes.
_BACK_MOST = 3650


def of(request: HttpRequest, *, customer_id: UUID) -> dict[str, Any]:
    """Return the reports, findings, disagreements and wishes of a customer, as known at the moment of the address."""
    place, company = acting.place_of(request), acting.company_of(request)
    known_at = moment_of(request)
    port = ports.find(ports.Bureaus)
    names = port.names()
    history = dossier.fact_history(customer_ids=[customer_id]).get(customer_id, ())
    found = bureaus.findings(customer_id=customer_id, known_at=known_at)
    reports = bureaus.reports(customer_id=customer_id, company_id=company.pk, known_at=known_at)
    holding = facts.in_force(history, as_of=place.as_of, known_at=known_at)
    return {
        "known_at": known_at,
        "facts": sorted(holding.values(), key=lambda fact: fact.name),
        "dealings": [(KNOWN[name], holding.get(name)) for name in DEALINGS],
        "disagreements": _disagreements(history, as_of=place.as_of, known_at=known_at),
        "reports": [
            {"report": one, "kind": KINDS[one.kind].label, "provider": names.get(one.provider)}
            for one in reports
        ],
        "findings": [
            {
                "one": one,
                "kind": KINDS[one.finding.kind].label,
                "provider": names.get(one.provider),
                "values": [
                    (KINDS[one.finding.kind].fields[name].label, value)
                    for name, value in one.finding.values.items()
                    if name in KINDS[one.finding.kind].fields
                ],
            }
            for one in found[:_SHOWN]
            if one.finding.kind != "registry"
        ],
        "providers": [(name, label, port.is_ready(name)) for name, label in names.items()],
        "news": news.of_customer(company_id=company.pk, customer_id=customer_id, known_at=known_at),
        "wishes": bureau_wishes.wishes(customer_id=customer_id, company_id=company.pk, limit=3),
        "consents": consents.history(customer_id=customer_id, company_id=company.pk),
        "may_ask": permissions.may(acting.actor_of(request), company.pk, "keep_control"),
    }


def moment_of(request: HttpRequest) -> datetime | None:
    """Return the end of the day ``known_at`` of the address, or of the day so many days ``back``; else None."""
    back = request.GET.get("back", "")
    try:
        if back.isdecimal() and int(back):
            day = acting.place_of(request).as_of - timedelta(days=min(int(back), _BACK_MOST))
        else:
            day = date.fromisoformat(request.GET.get("known_at", ""))
    except ValueError:
        return None
    return datetime.combine(day, time.max, tzinfo=ZoneInfo(acting.company_of(request).time_zone))


def _disagreements(history: Any, *, as_of: Any, known_at: datetime | None) -> list[dict[str, Any]]:
    voices = facts.by_voice(history, as_of=as_of, known_at=known_at)
    winners = facts.in_force(history, as_of=as_of, known_at=known_at)
    said: dict[str, list[Any]] = {}
    for by_name in voices.values():
        for name, fact in by_name.items():
            said.setdefault(name, []).append(fact)
    return [
        {"name": name, "said": several, "winner": winners[name]}
        for name, several in sorted(said.items())
        if len({fact.value for fact in several}) > 1
    ]
