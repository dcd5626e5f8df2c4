"""Locks on levels above accounts: after all accounts, in the order of their identifiers.

Postings that only move or reduce exposure never lock a level: its sum is read, not stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.exposure.models import ControlNode
from tradecredit.plumbing import db, failpoints

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def lock_nodes(ids: Iterable[UUID]) -> None:
    """Lock the levels until the transaction ends; the caller has locked its accounts before."""
    db.transaction_required()
    if failpoints.is_switched_off("skip-lock"):
        return
    list(
        ControlNode.objects.filter(pk__in=sorted(set(ids)))
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
