"""Locks of proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.limits.models import LimitProposal
from tradecredit.apps.limits.queries import ProposalRecord, record_of
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID


def lock_proposal(proposal_id: UUID) -> ProposalRecord | None:
    """Lock the proposal until the transaction ends and return it as it stands then."""
    db.transaction_required()
    row = LimitProposal.objects.filter(pk=proposal_id).select_for_update(of=("self",)).first()
    return None if row is None else record_of(row)
