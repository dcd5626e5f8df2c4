"""Locks of proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.limits.models import LimitProposal
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID


def lock_proposal(proposal_id: UUID) -> bool:
    """Lock the proposal until the transaction ends; tells whether it is in scope."""
    db.transaction_required()
    rows = LimitProposal.objects.filter(pk=proposal_id).select_for_update(of=("self",))
    return rows.values_list("pk", flat=True).first() is not None
