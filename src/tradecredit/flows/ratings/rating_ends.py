"""What a rating rested on ended with the day: a grade set by people, or a customer's consent; both are rated again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import consents
from tradecredit.apps.scoring import queries
from tradecredit.plumbing import db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access.models import Company

GRADE_ENDED: Final = "grade.ended"
CONSENT_ENDED: Final = "consent.ended"


def tell_ended(*, company: Company, since: date, as_of: date) -> int:
    """Say, in the caller's transaction, for whom something ended after ``since``; returns how many were told of."""
    db.transaction_required()
    found = {
        GRADE_ENDED: queries.customers_whose_override_ended(company_id=company.pk, since=since, as_of=as_of),
        CONSENT_ENDED: consents.ended(company_id=company.pk, since=since, as_of=as_of),
    }
    for name, ids in found.items():
        _emit(name, company, ids)
    return sum(len(ids) for ids in found.values())


def _emit(name: str, company: Company, ids: Sequence[UUID]) -> None:
    events.emit_many(
        name=name, company_id=company.pk, payloads=[(each, {"customer_id": each}) for each in ids]
    )
