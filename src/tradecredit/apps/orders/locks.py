"""Locks on orders: in the order of their identifiers, inside a flow's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.orders.models import Order
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def lock_orders(ids: Iterable[UUID]) -> None:
    """Lock the orders until the transaction ends."""
    db.transaction_required()
    list(
        Order.objects.filter(pk__in=sorted(set(ids)))
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
