"""Wishes for fresh reports: recorded, taken up one by one, ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import BureauRequest, RequestState
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """Somebody's wish for reports."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    provider: str
    state: str
    words: Mapping[str, str]
    asked_at: datetime
    asked_by: str


def wish(*, customer_id: UUID, company_id: UUID, provider: str, actor: Actor) -> bool:
    """Record a wish for fresh reports; False when one waits already."""
    db.transaction_required()
    waiting = BureauRequest.objects.filter(
        customer_id=customer_id, company_id=company_id, provider=provider, state=RequestState.WAITING
    )
    if waiting.exists():
        return False
    BureauRequest.objects.create(
        customer_id=customer_id,
        company_id=company_id,
        provider=provider,
        asked_at=clock.now(),
        asked_by=actor.name,
    )
    return True


def next_wish(*, company_id: UUID) -> RequestRecord | None:
    """Return the wish that waits longest and that nobody else works on, locked until the flow ends."""
    db.transaction_required()
    row = (
        BureauRequest.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(company_id=company_id, state=RequestState.WAITING)
        .order_by("asked_at", "id")
        .first()
    )
    return _request(row) if row else None


def end_wish(*, request_id: UUID, is_done: bool, words: Words) -> None:
    """Record what became of a wish."""
    db.transaction_required()
    BureauRequest.objects.filter(pk=request_id).update(
        state=RequestState.DONE if is_done else RequestState.FAILED,
        words=words.as_dict(),
        done_at=clock.now(),
    )


def wishes(*, customer_id: UUID, company_id: UUID, limit: int = 5) -> tuple[RequestRecord, ...]:
    """Return the latest wishes for a customer's reports."""
    rows = BureauRequest.objects.filter(customer_id=customer_id, company_id=company_id)
    return tuple(_request(row) for row in rows.order_by("-asked_at", "-id")[:limit])


def _request(row: BureauRequest) -> RequestRecord:
    return RequestRecord(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        provider=row.provider,
        state=row.state,
        words=row.words,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
    )
