"""Room that is still kept for documents which have ended: it would be taken from the customer for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRoom:
    """A pending reservation whose order is over."""

    account_id: UUID
    reference: str
    status: str
    amount: Decimal


def of_company(company_id: UUID) -> tuple[EndedRoom, ...]:
    """Return the pending reservations of a company's ended orders, with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"company": company_id})
        return tuple(
            EndedRoom(account_id=account, reference=reference, status=status, amount=amount)
            for account, reference, status, amount in cursor.fetchall()
        )


_SQL: Final = """
SELECT r.account_id, r.reference, o.status, r.amount
FROM exposure_reservation r
JOIN orders_order o ON o.company_id = r.company_id AND o.reference = r.reference
WHERE r.company_id = %(company)s AND r.status = 'pending' AND o.status IN ('cancelled', 'closed', 'rejected', 'expired')
ORDER BY r.account_id, r.reference
"""
