"""Everything that the steps of one running flow need: the request, the diagram pinned, the authority in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradecredit.apps.approvals import flow_queries
from tradecredit.apps.approvals.flow_records import Record
from tradecredit.apps.decisions import policies
from tradecredit.core.approvals import authority as authorities
from tradecredit.core.approvals.authority import Mode
from tradecredit.core.approvals.diagrams import reading
from tradecredit.core.approvals.routing import Route
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tradecredit.apps.approvals.flow_queries import FlowRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.approvals.diagrams.reading import Diagram

# Who decides where a flow itself does: nobody who could have asked.
FLOW: Final = Actor(user_id=UUID(int=1), name="flow", is_system=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One running flow with what its steps are made from."""

    request: RequestRecord
    company: Company
    instance_id: UUID
    definition_id: UUID
    text: str
    state: str
    tables: Mapping[str, str]
    authority: Authority
    route: Route
    record: Record
    # By when a step of so many working days is due today: looked up once for all the courses read together.
    deadlines: dict[int, datetime] = field(default_factory=dict)

    @property
    def diagram(self) -> Diagram:
        """Return the diagram as it was read."""
        return drawn(self.text)


@lru_cache(maxsize=256)
def drawn(text: str) -> Diagram:
    """Read a diagram once."""
    return reading.read(text)


def of_request(request: RequestRecord, *, authority: Authority | None = None) -> Course | None:
    """Return the course of a request whose flow runs; ``authority`` is the table in force, where the caller has it."""
    company = Company.objects.get(pk=request.company_id)
    found = of_requests([request], company=company, authority=authority)
    return found.get(request.id)


def of_requests(
    requests: Sequence[RequestRecord], *, company: Company, authority: Authority | None = None
) -> dict[UUID, Course]:
    """Return the courses of those requests of one company whose flow runs, read together."""
    flows = {
        key: one for key, one in flow_queries.flows_of(one.id for one in requests).items() if one.is_running
    }
    if not flows:
        return {}
    steps = flow_queries.steps_of(flows)
    in_force = authority or authority_today(company)
    deadlines: dict[int, datetime] = {}
    return {
        one.id: Course(
            request=one,
            company=company,
            instance_id=flows[one.id].id,
            definition_id=flows[one.id].definition_id,
            text=flows[one.id].diagram,
            state=flows[one.id].state,
            tables=_tables(flows[one.id]),
            authority=in_force,
            route=route_of(one),
            record=Record(
                company_id=company.pk,
                request_id=one.id,
                instance_id=flows[one.id].id,
                known={step.id: step for step in steps.get(one.id, ())},
            ),
            deadlines=deadlines,
        )
        for one in requests
        if one.id in flows
    }


def _tables(flow: FlowRecord) -> Mapping[str, str]:
    """Return the tables of the flow's policy, where the diagram asks any: a policy is large."""
    if not drawn(flow.diagram).of_type(reading.TABLE):
        return {}
    found: Mapping[str, str] = policies.by_id(flow.policy_id).document.get("tables", {})
    return found


def authority_today(company: Company) -> Authority:
    """Return the authority table in force: it holds whatever a diagram says."""
    return authority_of(policies.in_force(company_id=company.pk, as_of=clock.today(company)))


# A version never changes, so what was read from it may be kept.
_authorities: dict[UUID, Authority] = {}


def authority_of(stored: StoredPolicy) -> Authority:
    """Return a version's authority table."""
    found = _authorities.get(stored.id)
    if found is None:
        found = _authorities[stored.id] = authorities.parse(stored.document["authority"])
    return found


def route_of(request: RequestRecord) -> Route:
    """Read a request's route back as the authority table gave it, whomever its flow asks now."""
    written: Mapping[str, Any] = request.routing
    currency = str(written.get("currency", ""))
    return Route(
        kind=request.kind,
        rule=str(written.get("rule", "")),
        mode=Mode(written.get("mode", request.mode)),
        roles=tuple(written.get("roles", request.roles)),
        amount=request.amount or Money.zero(currency),
        grade=written.get("grade"),
        why=request.why,
    )
