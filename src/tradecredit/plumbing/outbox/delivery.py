"""Take messages out of the outbox: claimed under a lock, so that two dispatchers never carry the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q

from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox.models import Message, MessageStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that may leave now."""

    id: UUID
    recipient: str
    language: str
    subject: str
    body: str
    cause_kind: str
    cause_id: UUID | None
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that left, with the words that are kept of it."""

    message: Waiting
    subject: str
    body: str

    @property
    def is_changed(self) -> bool:
        """Tell whether other words left than had been put."""
        return (self.subject, self.body) != (self.message.subject, self.message.body)


def claim(*, company_id: UUID, channel: str, limit: int) -> Sequence[Waiting]:
    """Lock and return the oldest messages of a channel; those another dispatcher holds are passed over."""
    db.transaction_required()
    rows = (
        Message.objects.select_for_update(skip_locked=True)
        .filter(
            Q(send_after__isnull=True) | Q(send_after__lte=clock.now()),
            company_id=company_id,
            channel=channel,
            status=MessageStatus.PENDING,
        )
        .order_by("created_at", "id")[:limit]
    )
    return [
        Waiting(
            id=row.pk,
            recipient=row.recipient,
            language=row.language,
            subject=row.subject,
            body=row.body,
            cause_kind=row.cause_kind,
            cause_id=row.cause_id,
            attempts=row.attempts,
        )
        for row in rows
    ]


def mark_sent(*, sent: Sequence[Sent]) -> None:
    """Record that messages left, with the words that left."""
    db.transaction_required()
    for one in sent:
        if one.is_changed:
            Message.objects.filter(pk=one.message.id).update(subject=one.subject[:300], body=one.body)
    Message.objects.filter(pk__in=[one.message.id for one in sent]).update(
        status=MessageStatus.SENT, sent_at=clock.now(), failure=""
    )


def drop(*, message_id: UUID, because: str) -> None:
    """Record that a message is not to leave any more, and why."""
    db.transaction_required()
    Message.objects.filter(pk=message_id).update(status=MessageStatus.DROPPED, failure=because)


def put_off(*, message_id: UUID, failure: str, until: datetime | None) -> None:
    """Record a failed attempt: try again after ``until``, or never (None)."""
    db.transaction_required()
    status = MessageStatus.FAILED if until is None else MessageStatus.PENDING
    Message.objects.filter(pk=message_id).update(
        attempts=F("attempts") + 1, failure=failure[:2000], send_after=until, status=status
    )


def companies_waiting() -> Sequence[UUID]:
    """Return the companies in scope that have messages to send."""
    rows = Message.objects.filter(status=MessageStatus.PENDING)
    return list(rows.order_by("company_id").values_list("company_id", flat=True).distinct())
