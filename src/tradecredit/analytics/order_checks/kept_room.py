"""Whether every room that is kept rests on a decision that may keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfoundedRoom:
    """A reservation that no committed decision about its document in its account accounts for."""

    account_id: UUID
    reservation_id: UUID
    reference: str
    problem: str


def unfounded(account_ids: Sequence[UUID]) -> tuple[UnfoundedRoom, ...]:
    """Return the reservations of the accounts that rest on no decision, with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"ids": list(account_ids)})
        return tuple(
            UnfoundedRoom(
                account_id=account, reservation_id=reservation, reference=reference, problem=problem
            )
            for account, reservation, reference, problem in cursor.fetchall()
        )


_SQL: Final = """
SELECT account_id, id, reference, problem FROM (
    SELECT r.account_id, r.id, r.reference, CASE
        WHEN d.id IS NULL THEN 'no such decision'
        WHEN d.account_id <> r.account_id THEN 'the decision is about another account'
        WHEN d.reference <> r.reference THEN 'the decision is about another document'
        WHEN NOT d.is_committed THEN 'the decision kept nothing'
        WHEN d.control_point = 'order' AND r.amount > d.amount THEN 'more is kept than was decided'
        END AS problem
    FROM exposure_reservation r LEFT JOIN decisions_decision d ON d.id = r.decision_id
    WHERE r.account_id = ANY (%(ids)s)
) looked WHERE problem IS NOT NULL ORDER BY account_id, reference
"""
