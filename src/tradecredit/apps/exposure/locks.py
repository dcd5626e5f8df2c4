"""Locks on credit accounts: always in the order of their identifiers, always inside a flow's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def lock_accounts(ids: Iterable[UUID]) -> None:
    """Lock the accounts until the transaction ends; accounts out of scope are not locked."""
    db.transaction_required()
    list(
        CreditAccount.objects.filter(pk__in=sorted(set(ids)))
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
