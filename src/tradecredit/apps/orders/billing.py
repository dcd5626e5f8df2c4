"""Write how far orders are: what is delivered and invoiced of them, and the status that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What has left and what is invoiced of one order."""

    order_id: UUID
    delivered: Decimal
    invoiced: Decimal
    status: str


def write_progress(*, progress: Sequence[Progress]) -> None:
    """Write the progress of orders, with one statement."""
    db.transaction_required()
    if not progress:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order AS o SET delivered_amount = p.delivered, invoiced_amount = p.invoiced,"
            " status = p.status, version = o.version + 1, updated_at = %s"
            " FROM unnest(%s::uuid[], %s::numeric[], %s::numeric[], %s::text[])"
            " AS p(id, delivered, invoiced, status) WHERE o.id = p.id",
            [
                clock.now(),
                [one.order_id for one in progress],
                [one.delivered for one in progress],
                [one.invoiced for one in progress],
                [one.status for one in progress],
            ],
        )
