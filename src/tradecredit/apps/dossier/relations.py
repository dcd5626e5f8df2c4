"""Write down who is bound to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import Relation
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRelation:
    """A tie to record: the party (a customer, or somebody known by name only) is bound to the customer."""

    customer_id: UUID
    party_id: UUID | None
    party_name: str
    kind: str
    share: Decimal | None
    amount: Decimal | None
    currency: str
    valid_from: date
    valid_to: date | None
    source: str
    evidence: str


def record(relation: NewRelation, *, company_id: UUID, actor: Actor) -> UUID:
    """Append the tie; of several for the same parties and kind the latest recorded counts."""
    db.transaction_required()
    row = Relation.objects.create(
        company_id=company_id,
        customer_id=relation.customer_id,
        party_id=relation.party_id,
        party_name=relation.party_name,
        kind=relation.kind,
        share=relation.share,
        amount=relation.amount,
        currency=relation.currency,
        valid_from=relation.valid_from,
        valid_to=relation.valid_to,
        source=relation.source,
        evidence=relation.evidence,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    identifier: UUID = row.pk
    return identifier
