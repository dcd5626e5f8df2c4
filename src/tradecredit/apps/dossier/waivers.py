"""Waivers of verification: read and recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import VerificationWaiver
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


def in_force(*, customer_ids: Iterable[UUID], company_id: UUID, as_of: date) -> frozenset[UUID]:
    """Return the customers with a waiver on the day."""
    rows = VerificationWaiver.objects.filter(
        customer_id__in=set(customer_ids), company_id=company_id, valid_from__lte=as_of, valid_to__gt=as_of
    )
    return frozenset(rows.values_list("customer_id", flat=True))


def record(
    *,
    customer_id: UUID,
    company_id: UUID,
    reason: str,
    evidence: str,
    valid_from: date,
    valid_to: date,
    actor: Actor,
) -> None:
    """Append a waiver."""
    db.transaction_required()
    VerificationWaiver.objects.create(
        customer_id=customer_id,
        company_id=company_id,
        reason=reason,
        evidence=evidence,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
