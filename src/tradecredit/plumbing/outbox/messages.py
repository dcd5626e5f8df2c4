"""Put a message for the outside into the outbox; it leaves after the commit, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What is to be said, to whom, and the key under which it is said only once."""

    channel: str
    recipient: str
    subject: str
    body: str
    dedupe_key: str
    cause_kind: str
    cause_id: UUID | None = None
    language: str = "zh-hans"
    send_after: datetime | None = None


def put(*, company_id: UUID, messages: Sequence[NewMessage]) -> int:
    """Record messages; one with a dedupe key already known is skipped. Returns how many were offered."""
    db.transaction_required()
    moment = clock.now()
    Message.objects.bulk_create(
        [
            Message(
                company_id=company_id,
                channel=message.channel,
                recipient=message.recipient,
                language=message.language,
                subject=message.subject[:300],
                body=message.body,
                dedupe_key=message.dedupe_key,
                cause_kind=message.cause_kind,
                cause_id=message.cause_id,
                send_after=message.send_after,
                created_at=moment,
            )
            for message in messages
        ],
        ignore_conflicts=True,
    )
    return len(messages)
