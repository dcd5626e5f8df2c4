"""Locks on requests, so that two votes never count past each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def lock_requests(request_ids: Iterable[UUID]) -> None:
    """Lock requests in the order of their identifiers until the transaction ends; those out of scope are left out."""
    db.transaction_required()
    rows = ApprovalRequest.objects.filter(pk__in=set(request_ids)).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


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
