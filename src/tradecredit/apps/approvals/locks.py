"""Locks on requests, so that two votes never count past each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID


def lock_request(request_id: UUID) -> bool:
    """Lock one request until the transaction ends; tells whether it is in scope."""
    db.transaction_required()
    return (
        ApprovalRequest.objects.filter(pk=request_id)
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
        .first()
        is not None
    )
