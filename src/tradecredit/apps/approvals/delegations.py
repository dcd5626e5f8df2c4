"""Delegations: who decides for whom, from a day to a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tradecredit.apps.approvals.models import Delegation
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import people

if TYPE_CHECKING:
    from datetime import date, datetime

    from tradecredit.plumbing.access import Actor


# For whom somebody (``actor``) may decide in a company on a day, for statements that say more than that.
PRINCIPALS: Final = """
SELECT from_user_id AS id FROM approvals_delegation
WHERE company_id = %(company)s AND to_user_id = %(actor)s AND revoked_at IS NULL
    AND %(day)s BETWEEN valid_from AND valid_to
ORDER BY valid_from, id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationRecord:
    """Who decides for whom, and how long."""

    id: UUID
    company_id: UUID
    from_user_id: UUID
    from_name: str
    to_user_id: UUID
    to_name: str
    valid_from: date
    valid_to: date
    reason: str
    revoked_at: datetime | None


def delegate(
    *, company_id: UUID, to: tuple[UUID, str], valid_from: date, valid_to: date, reason: str, actor: Actor
) -> UUID:
    """Let somebody decide for the actor; the database refuses the actor themselves and a period that ends first."""
    db.transaction_required()
    row: Delegation = Delegation.objects.create(
        company_id=company_id,
        from_user_id=actor.user_id,
        from_name=actor.name,
        to_user_id=to[0],
        to_name=to[1],
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        created_at=clock.now(),
    )
    return row.pk


def revoke(delegation_id: UUID, *, actor: Actor) -> bool:
    """End a delegation of the actor's before its time; tells whether there was one."""
    db.transaction_required()
    rows = Delegation.objects.filter(pk=delegation_id, from_user_id=actor.user_id, revoked_at__isnull=True)
    return rows.update(revoked_at=clock.now()) == 1


def principals(*, company_id: UUID, to_user_id: UUID, day: date) -> tuple[UUID, ...]:
    """Return for whom somebody may decide on a day; what was delegated to those is not handed on."""
    with connection.cursor() as cursor:
        cursor.execute(PRINCIPALS, {"company": company_id, "actor": to_user_id, "day": day})
        return tuple(dict.fromkeys(row[0] for row in cursor.fetchall()))


def of_person(*, company_id: UUID, user_id: UUID, most: int = 50) -> tuple[DelegationRecord, ...]:
    """Return the delegations from and to a person, latest first."""
    mine = Q(from_user_id=user_id) | Q(to_user_id=user_id)
    rows = Delegation.objects.filter(mine, company_id=company_id).order_by("-valid_from", "-pk")[:most]
    return tuple(
        DelegationRecord(
            id=row.pk,
            company_id=row.company_id,
            from_user_id=row.from_user_id,
            from_name=row.from_name,
            to_user_id=row.to_user_id,
            to_name=row.to_name,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            reason=row.reason,
            revoked_at=row.revoked_at,
        )
        for row in rows
    )


def named(person: str | None) -> tuple[UUID, str] | None:
    """Return a person by identifier with their name, as votes record it."""
    if person is None:
        return None
    wanted = UUID(person)
    return wanted, people.names_of([wanted]).get(wanted, "")
