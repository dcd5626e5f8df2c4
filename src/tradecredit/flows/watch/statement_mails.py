"""Mails with the link of a statement, as they leave: filled in at that moment, or not sent any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.receivables import confirmation_links as links
from tradecredit.apps.receivables import confirmation_queries as queries
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.plumbing.outbox import delivery

CAUSE = links.CAUSE
BECAUSE = "the statement is answered, withdrawn, or its link has ended"


def bodies(waiting: Sequence[delivery.Waiting]) -> dict[UUID, str | None]:
    """Return, by message, the body with its link; None where the link leads nowhere any more."""
    mails = {one.id: one for one in waiting if one.cause_kind == links.CAUSE and one.cause_id is not None}
    if not mails:
        return {}
    found = queries.by_ids({one.cause_id for one in mails.values() if one.cause_id is not None})
    moment = clock.real_now()
    told: dict[UUID, str | None] = {}
    for message_id, mail in mails.items():
        statement = found.get(mail.cause_id) if mail.cause_id is not None else None
        is_open = statement is not None and statement.is_waiting and statement.expires_at > moment
        told[message_id] = (
            links.filled(mail.body, statement_id=statement.id, expires_at=statement.expires_at)
            if statement is not None and is_open
            else None
        )
    return told
