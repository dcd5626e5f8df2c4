"""What people released of an order before, as a fact of the checks that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders import releases as books
from tradecredit.core.decisions import releases
from tradecredit.core.decisions.releases import ReleaseFacts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.apps.orders.releases import ReleaseRecord
    from tradecredit.core.decisions.releases import ReleasePolicy


def of_orders(known: Iterable[OrderRecord]) -> dict[UUID, ReleaseRecord]:
    """Return the latest release of the orders under way; what was held or ended since is checked like new."""
    return books.latest(order.id for order in known if order.status in orders.UNDER_WAY)


def facts(
    order: OrderRecord | None, record: ReleaseRecord | None, *, policy: ReleasePolicy, day: date
) -> ReleaseFacts | None:
    """Return the release as a fact, while it holds: its amount with the tolerance it was given."""
    if order is None or record is None:
        return None
    found = ReleaseFacts(
        up_to=releases.up_to(record.amount, tolerance=record.tolerance, policy=policy),
        moved=max(order.delivered, order.invoiced),
        released_on=record.released_on,
        expires_on=record.expires_on,
        covers=frozenset(record.covers),
        stops=frozenset(record.stops),
    )
    return found if found.holds_on(day) else None
