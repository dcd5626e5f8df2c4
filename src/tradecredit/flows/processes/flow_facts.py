"""What a flow knows about a request when it begins: the request itself, the customer's line, its record with us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.dashboards import lists
from tradecredit.analytics.dashboards.books import Place
from tradecredit.analytics.receivables import behaviour
from tradecredit.apps.decisions import policies
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.approvals.authority_table import UNRATED
from tradecredit.core.approvals.diagrams import reading, vocabulary
from tradecredit.core.monitoring import overlays as trades
from tradecredit.core.monitoring import triggers
from tradecredit.plumbing.access.models import Membership

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.diagrams.reading import Diagram

_MONTHS_A_YEAR = 12


def gather(request: RequestRecord, *, day: date, diagram: Diagram) -> dict[str, Any]:
    """Return the facts by name, amounts as texts; what is not known is null and makes no condition true.

    Of the customer only what the diagram asks about is looked up; where it asks tables, everything.
    """
    routing = request.routing
    found: dict[str, Any] = {
        "request_kind": request.kind,
        "grade": routing.get("grade") or UNRATED,
        "amount": None if request.amount is None else f"{request.amount.amount:f}",
        "currency": None if request.amount is None else request.amount.currency,
        "over": routing.get("over") or "0",
        "requester_roles": _roles_of(request),
        "decision": None,
        "answer": None,
        **dict.fromkeys(_OF_CUSTOMER),
    }
    if request.customer_id is not None and request.amount is not None:
        wanted = asked_by(diagram)
        for names, look in _LOOKS:
            if wanted & set(names):
                found |= look(request, day=day)
    return found


def of_customer(request: RequestRecord, *, day: date) -> dict[str, Any]:
    """Return everything that is known of the request's customer on the day; nothing where it is about none."""
    if request.customer_id is None or request.amount is None:
        return {}
    found: dict[str, Any] = {}
    for _, look in _LOOKS:
        found |= look(request, day=day)
    return found


def asked_by(diagram: Diagram) -> frozenset[str]:
    """Return the facts that a diagram may ask about: those that stand in its expressions, all where it asks tables."""
    if diagram.of_type(reading.TABLE):
        return frozenset(vocabulary.FACTS)
    texts = [arrow.condition for arrow in diagram.arrows]
    texts += [node.properties.get("assign", "") for node in diagram.nodes.values()]
    return frozenset(name for name in vocabulary.FACTS if any(name in text for text in texts))


def _roles_of(request: RequestRecord) -> list[str]:
    rows = Membership.objects.filter(user_id=request.requested_by_id, company_id=request.company_id)
    return sorted(rows.values_list("role", flat=True))


def _line(request: RequestRecord, *, day: date) -> dict[str, Any]:
    assert request.amount is not None  # noqa: S101 - asked above
    place = Place(company_id=request.company_id, as_of=day)
    rows = lists.standings(place, codes=[request.customer_code]).get(request.customer_code, [])
    row = next((one for one in rows if one["currency"] == request.amount.currency), None)
    if row is None:
        return {
            "current_limit": None,
            "increase": f"{request.amount.amount:f}",
            "overdue_amount": "0",
            "overdue_days": "0",
        }
    limit = row["limit_amount"]
    return {
        "current_limit": None if limit is None else f"{limit:f}",
        "increase": f"{request.amount.amount - (limit or 0):f}",
        "overdue_amount": f"{row['overdue']:f}",
        "overdue_days": str(row["oldest"] or 0),
    }


def _record(request: RequestRecord, *, day: date) -> dict[str, Any]:
    assert request.amount is not None  # noqa: S101 - asked above
    assert request.customer_id is not None  # noqa: S101 - asked above
    found = behaviour.behaviour(as_of=day, company_id=request.company_id, customer_ids=(request.customer_id,))
    ours = next((one.behaviour for one in found if one.behaviour.currency == request.amount.currency), None)
    if ours is None or not ours.sample_size:
        return {"late_ever": None, "on_time_in_row": "0"}
    return {"late_ever": str(ours.overdue_count or 0), "on_time_in_row": str(ours.on_time_streak or 0)}


def _tenure(request: RequestRecord, *, day: date) -> dict[str, Any]:
    assert request.customer_id is not None  # noqa: S101 - asked above
    customer = dossier.customers_by_id([request.customer_id]).get(request.customer_id)
    since = None if customer is None else customer.customer_since
    if since is None or since > day:
        return {"months_known": None}
    months = (day.year - since.year) * _MONTHS_A_YEAR + day.month - since.month
    return {"months_known": str(months - (day.day < since.day))}


def _trade(request: RequestRecord, *, day: date) -> dict[str, Any]:
    """Tell by the overlays of the policy in force whether the customer's trade is in a downturn."""
    assert request.customer_id is not None  # noqa: S101 - asked above
    customer = dossier.customers_by_id([request.customer_id]).get(request.customer_id)
    try:
        stored = policies.in_force(company_id=request.company_id, as_of=day)
    except UnableToFindPolicyError:
        return {"industry_downturn": None}
    section = stored.document.get("monitoring")
    if customer is None or section is None:
        return {"industry_downturn": None}
    said = trades.signals_of(
        triggers.parse(section).overlays, industry=customer.industry, region=customer.region, as_of=day
    )
    return {"industry_downturn": "yes" if said.get("industry_downturn") is True else "no"}


_LOOKS: Final = (
    (("current_limit", "increase", "overdue_amount", "overdue_days"), _line),
    (("late_ever", "on_time_in_row"), _record),
    (("months_known",), _tenure),
    (("industry_downturn",), _trade),
)
_OF_CUSTOMER: Final = tuple(name for names, _ in _LOOKS for name in names)
