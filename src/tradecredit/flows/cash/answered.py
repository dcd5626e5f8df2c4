"""A dispute that ended is answered: the task that somebody got for it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.worklist import operations as worklist

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


def task_key(dispute_id: UUID | str) -> str:
    """Return under which name the task of a dispute is known."""
    return f"service:dispute:{dispute_id}"


def dispute_ended(*, company_id: UUID, dispute_id: UUID, resolution: str, actor: Actor) -> None:
    """Complete the task of the dispute, if there is one, in the caller's transaction."""
    worklist.complete_keys(
        company_id=company_id, keys=[task_key(dispute_id)], outcome=resolution, done_by=actor.name
    )
