"""Write covers, the documents that came in for them, and their ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.limits.models import Cover, CoverStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCover:
    """A cover to record; it does not count until it is activated."""

    customer_id: UUID
    number: str
    kind: str
    provider: str
    currency: str
    amount: Decimal
    haircut_share: Decimal
    valid_from: date
    valid_to: date | None
    notify_days: int | None
    documents_required: tuple[str, ...]
    note: str
    content_hash: str
    is_demo: bool = False


def record_covers(*, company_id: UUID, covers: Sequence[NewCover], recorded_by_id: UUID) -> dict[str, UUID]:
    """Write covers that wait for their documents; return their identifiers by number."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        Cover(
            company_id=company_id,
            customer_id=cover.customer_id,
            number=cover.number,
            kind=cover.kind,
            provider=cover.provider,
            currency=cover.currency,
            amount=cover.amount,
            haircut_share=cover.haircut_share,
            valid_from=cover.valid_from,
            valid_to=cover.valid_to,
            notify_days=cover.notify_days,
            documents_required=list(cover.documents_required),
            note=cover.note,
            content_hash=cover.content_hash,
            recorded_by_id=recorded_by_id,
            recorded_at=moment,
            is_demo=cover.is_demo,
        )
        for cover in covers
    ]
    Cover.objects.bulk_create(rows)
    return {row.number: row.pk for row in rows}


def receive_documents(*, cover_id: UUID, documents: Sequence[str]) -> None:
    """Write which documents of a cover are there."""
    db.transaction_required()
    Cover.objects.filter(pk=cover_id).update(documents_received=list(documents), version=F("version") + 1)


def activate(*, cover_id: UUID, day: date, activated_by_id: UUID) -> None:
    """Let a cover count from a day; the database refuses one whose documents are missing."""
    db.transaction_required()
    Cover.objects.filter(pk=cover_id).update(
        status=CoverStatus.ACTIVE,
        activated_on=day,
        activated_by_id=activated_by_id,
        version=F("version") + 1,
    )


def withdraw(*, cover_id: UUID, day: date) -> None:
    """Let a cover count no more."""
    db.transaction_required()
    Cover.objects.filter(pk=cover_id).update(
        status=CoverStatus.WITHDRAWN, withdrawn_on=day, version=F("version") + 1
    )
