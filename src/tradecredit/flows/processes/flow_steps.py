"""From a box of the diagram to a step: who is asked, how many there are, and by when."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tradecredit.apps.approvals.flow_operations import NewStep
from tradecredit.core.approvals import cover
from tradecredit.core.approvals.authority import Mode
from tradecredit.core.approvals.diagrams import assignment, vocabulary
from tradecredit.core.approvals.diagrams.assignment import Assignment, Together, UnableToAssignError, Who
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import people, workdays
from tradecredit.plumbing.access.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.core.approvals.diagrams.reading import Node
    from tradecredit.core.approvals.routing import Route
    from tradecredit.flows.processes.course import Course
    from tradecredit.plumbing.access.models import Company

AUTHORITY_NODE = "authority"
_CLOSING_HOUR = 18
_CLOSING = Words(zh="按授权表复核", en="By the authority table")


def of_node(node: Node, *, task_id: UUID, facts: Mapping[str, Any], course: Course) -> NewStep:
    """Return the step of a task; raises UnableToAssignError when nobody could decide it."""
    found, mistakes = assignment.of_node(node)
    if found is None:
        raise UnableToAssignError(mistakes[0])
    together, roles = _asked(found, route=course.route, facts=facts)
    named = _named(found, company=course.company)
    _refuse_nobody(node, roles=roles, named=named)
    return NewStep(
        task_id=task_id,
        node_id=node.id,
        words=node.words,
        roles=roles,
        able_roles=cover.able(roles, course.authority),
        people=named,
        together=together.value,
        seats=_seats(found, together=together, roles=roles, named=named, course=course),
        needed=str(found.needed),
        quorum=found.quorum,
        completion=found.completion,
        goes_on=found.goes_on_when_rejected,
        escalate_to=found.escalate_to,
        due_at=_due_at(course, working_days=found.sla_days),
    )


def closing(*, missing: Sequence[str], course: Course) -> NewStep:
    """Return the step that the authority table adds where a diagram asked fewer people than it must."""
    is_all = course.route.mode is Mode.COUNTERSIGN
    return NewStep(
        node_id=AUTHORITY_NODE,
        words=_CLOSING,
        roles=tuple(missing),
        able_roles=cover.able(missing, course.authority),
        together=Together.ALL.value if is_all else Together.ANY.value,
        seats=len(missing) if is_all else 1,
    )


def due_at(company: Company, *, working_days: int) -> datetime:
    """Return the end of the working day by which a step is due; two days from a Friday is a Tuesday."""
    zone = ZoneInfo(company.time_zone)
    today = clock.now().astimezone(zone).date()
    day = workdays.calendar_of(company.pk, around=today).add_workdays(today, working_days)
    return datetime.combine(day, time(_CLOSING_HOUR), tzinfo=zone)


def _due_at(course: Course, *, working_days: int | None) -> datetime | None:
    if working_days is None:
        return None
    found = course.deadlines.get(working_days)
    if found is None:
        found = course.deadlines[working_days] = due_at(course.company, working_days=working_days)
    return found


def _asked(found: Assignment, *, route: Route, facts: Mapping[str, Any]) -> tuple[Together, tuple[str, ...]]:
    match found.who:
        case Who.ROLE:
            return found.together, found.roles
        case Who.RULE:
            return (Together.ALL if route.mode is Mode.COUNTERSIGN else Together.ANY), route.roles
        case Who.LEVEL:
            return found.together, (assignment.level_up(facts["requester_roles"] or (), level=found.level),)
        case Who.EXPRESSION:
            return found.together, _computed(found.expression, facts)
        case _:
            return found.together, ()


def _computed(text: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    value = vocabulary.evaluate(text, facts)
    roles = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, tuple | list) else ()
    unknown = [one for one in roles if one not in assignment.known_roles()]
    if not roles or unknown:
        raise UnableToAssignError(
            Words(
                zh="处理人表达式“{text}”没有给出已知角色。请修改流程图。",
                en="The expression “{text}” names no known role. Mend the diagram.",
            ).filled(text=text)
        )
    return roles


def _named(found: Assignment, *, company: Company) -> tuple[UUID, ...]:
    if found.who is not Who.NAMED:
        return ()
    rows = User.objects.filter(
        email__in=[one.lower() for one in found.people], is_active=True, memberships__company=company
    ).distinct()
    return tuple(rows.order_by("email").values_list("pk", flat=True))


def _refuse_nobody(node: Node, *, roles: Sequence[str], named: Sequence[UUID]) -> None:
    if not roles and not named:
        raise UnableToAssignError(
            Words(
                zh="步骤“{zh}”找不到处理人。请检查流程图中的人员是否仍在职。",
                en="Nobody is found for the step “{en}”. See whether those named in the diagram are still here.",
            ).filled(zh=node.words.zh, en=node.words.en)
        )


def _seats(
    found: Assignment, *, together: Together, roles: Sequence[str], named: Sequence[UUID], course: Course
) -> int:
    """Return how many may vote: the people of a vote, the roles of a countersignature, one of any."""
    if together is Together.ANY and not found.completion:
        return 1
    requester_id = course.request.requested_by_id
    if named:
        return len([one for one in named if one != requester_id]) or 1
    if together is Together.ALL and len(roles) > 1:
        return len(roles)
    able = people.people_with_role(company_id=course.company.pk, roles=list(roles))
    return len([one for one in able if one.pk != requester_id]) or 1
