"""Put a message for the outside into the outbox; it leaves after the commit, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox.models import Message
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

_COLUMNS: Final = (
    "channel", "recipient", "language", "subject", "body", "dedupe_key", "cause_kind", "cause_id", "send_after",
)  # fmt: skip


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
    if messages:
        columns = {name: [getattr(one, name) for one in messages] for name in _COLUMNS}
        columns["subject"] = [one.subject[:300] for one in messages]
        portions.insert(
            Message,
            columns,
            same={"company_id": company_id, "created_at": clock.now()},
            is_passing_known=True,
        )
    return len(messages)
