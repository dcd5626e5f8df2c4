"""The inbox: what waits for a person, what they answered, asked, or were told of, with what a card shows beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables.reading import fetch
from tradecredit.apps.approvals import attachments, delegations, flow_queries, queries
from tradecredit.plumbing.access import people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.attachments import FileRecord
    from tradecredit.apps.approvals.flow_queries import NoteRecord, StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.plumbing.access import Actor

# How many requests that were alike a card shows.
_SIMILAR = 3
# Whose requests somebody may answer, as the beginning of a statement that counts them.
REACH: Final = f"""
principals AS ({delegations.PRINCIPALS}),
reach AS (
    SELECT ARRAY(SELECT id FROM principals) || %(actor)s::uuid AS people,
        ARRAY(SELECT m.role FROM access_membership m JOIN principals p ON p.id = m.user_id
            WHERE m.company_id = %(company)s) || %(roles)s::varchar[] AS roles)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request with its steps, what was said about it, its files, and how like ones ended."""

    request: RequestRecord
    steps: tuple[StepRecord, ...]
    notes: tuple[NoteRecord, ...]
    files: tuple[FileRecord, ...]
    similar: tuple[dict[str, Any], ...]

    @property
    def open_steps(self) -> tuple[StepRecord, ...]:
        """Return where it waits."""
        return tuple(one for one in self.steps if one.is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose requests an actor may answer today: their roles and themselves, with those for whom they are a delegate."""

    roles: frozenset[str]
    people: frozenset[UUID]


def reach(*, company_id: UUID, actor: Actor, day: date) -> Reach:
    """Return what the actor may answer for in a company on the day."""
    (found,) = fetch(f"WITH {REACH} SELECT roles, people FROM reach", reaching(company_id, actor, day))
    return Reach(roles=frozenset(found["roles"]), people=frozenset(found["people"]))


def reaching(company_id: UUID, actor: Actor, day: date) -> dict[str, Any]:
    """Return the values that ``REACH`` takes."""
    roles = [role.value for role in actor.roles_in(company_id)]
    return {"company": company_id, "actor": actor.user_id, "roles": roles, "day": day}


def waiting(*, company_id: UUID, actor: Actor, day: date) -> list[RequestRecord]:
    """Return the open requests that the actor may answer, for themselves or as a delegate, the newest first."""
    own = reach(company_id=company_id, actor=actor, day=day)
    found = queries.open_for(company_id=company_id, roles=own.roles, people=own.people)
    steps = flow_queries.steps_of([one.id for one in found])
    answerable = [one for one in found if _waits(one, steps.get(one.id, ()), own=own, actor=actor)]
    return sorted(answerable, key=lambda one: one.created_at, reverse=True)


def told(*, company_id: UUID, actor: Actor) -> list[RequestRecord]:
    """Return the latest requests in which somebody mentioned the actor."""
    return list(queries.mentioning(company_id=company_id, user_id=actor.user_id))


def with_all(requests: Sequence[RequestRecord]) -> list[Asked]:
    """Return requests with everything that their cards show, a query a kind of thing."""
    ids = [one.id for one in requests]
    steps, notes = flow_queries.steps_of(ids), flow_queries.notes_of(ids)
    files, similar = attachments.files_of(ids), _similar(ids)
    return [
        Asked(
            request=one,
            steps=steps.get(one.id, ()),
            notes=notes.get(one.id, ()),
            files=files.get(one.id, ()),
            similar=tuple(row for row in similar if row["of"] == one.id),
        )
        for one in requests
    ]


def names_of(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return the names of the people whom open steps name."""
    ids = {person for one in asked for step in one.open_steps for person in (*step.people, step.reserved_for)}
    return people.names_of({one for one in ids if one is not None})


def _waits(request: RequestRecord, steps: Sequence[StepRecord], *, own: Reach, actor: Actor) -> bool:
    if request.requested_by_id == actor.user_id:
        return False
    if not steps:
        return all(vote.actor_id != actor.user_id for vote in request.votes)
    votes = [vote for step in steps if step.stands for vote in step.votes]
    if actor.user_id in {one for vote in votes for one in (vote.actor_id, vote.behalf_of_id)}:
        return False
    return any(_asks(step, own) for step in steps)


def _asks(step: StepRecord, own: Reach) -> bool:
    if not step.is_open or step.service or step.reserved_for not in {None, *own.people}:
        return False
    return bool(own.roles & set(step.able_roles) or own.people & set(step.people))


def _similar(ids: Sequence[UUID]) -> list[dict[str, Any]]:
    return fetch(_SIMILAR_SQL, {"ids": list(ids), "most": _SIMILAR}) if ids else []


# Alike is the same kind: the same customer's first, then the same grade's, then the nearest amount.
_SIMILAR_SQL = """
SELECT r.id AS of, p.* FROM approvals_approvalrequest r
CROSS JOIN LATERAL (
    SELECT q.id, q.status, q.amount, q.currency, q.ended_at, q.reference, c.name AS customer_name,
        q.customer_id = r.customer_id AS is_same_customer,
        (SELECT v.reason FROM approvals_vote v WHERE v.request_id = q.id ORDER BY v.voted_at DESC LIMIT 1) AS reason
    FROM approvals_approvalrequest q LEFT JOIN dossier_customer c ON c.id = q.customer_id
    WHERE q.company_id = r.company_id AND q.kind = r.kind AND q.id <> r.id AND q.status IN ('approved', 'rejected')
        AND q.currency = r.currency AND (q.customer_id = r.customer_id
            OR q.routing::jsonb ->> 'grade' IS NOT DISTINCT FROM r.routing::jsonb ->> 'grade')
    ORDER BY (q.customer_id = r.customer_id) DESC NULLS LAST, abs(coalesce(q.amount, 0) - coalesce(r.amount, 0)),
        q.ended_at DESC LIMIT %(most)s
) p WHERE r.id = ANY(%(ids)s::uuid[])
ORDER BY r.id, p.is_same_customer DESC NULLS LAST, p.ended_at DESC
"""
