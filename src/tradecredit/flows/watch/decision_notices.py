"""Notices to deciders, as they leave: the link filled in at that moment, or dropped where nothing is left to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.approvals import decision_links as links
from tradecredit.apps.approvals import flow_queries, queries
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.plumbing.outbox import delivery

CAUSE = links.CAUSE
BECAUSE = "the step is decided, or its link has ended"


def bodies(waiting: Sequence[delivery.Waiting]) -> dict[UUID, str | None]:
    """Return, by message, the body with its link; None where the step waits no longer."""
    notices = {one.id: one for one in waiting if one.cause_kind == CAUSE and one.cause_id is not None}
    if not notices:
        return {}
    found = links.by_ids({one.cause_id for one in notices.values() if one.cause_id is not None})
    request_ids = {one.request_id for one in found.values()}
    steps = flow_queries.steps_of(request_ids)
    is_open = {step.id for one in steps.values() for step in one if step.is_open}
    is_open |= {one.id for one in queries.by_ids(request_ids).values() if one.status == "open"}
    told: dict[UUID, str | None] = {}
    for message_id, notice in notices.items():
        link = found.get(notice.cause_id) if notice.cause_id is not None else None
        is_waiting = (
            link is not None
            and link.expires_at > clock.real_now()
            and (link.step_id or link.request_id) in is_open
        )
        told[message_id] = links.filled(notice.body, link) if link is not None and is_waiting else None
    return told
