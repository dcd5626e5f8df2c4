"""How far held documents have been looked at again: they stand in the order in which they were held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db.models import Q

from tradecredit.apps.orders.models import HeldDelivery, HeldDeliveryStatus, Order, OrderStatus

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Held(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def held_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, order=True)
class HeldMark:
    """The place of one held document: when it was held, and its identifier among those of one moment."""

    held_at: datetime
    id: UUID

    def text(self) -> str:
        """Return the mark as an event says it."""
        return f"{self.held_at.isoformat()}|{self.id}"

    def beyond(self) -> Q:
        """Return the condition for documents that stand after this one."""
        return Q(held_at__gt=self.held_at) | Q(held_at=self.held_at, pk__gt=self.id)


def of(held: _Held) -> HeldMark:
    """Return the mark of a held order or delivery."""
    assert held.held_at is not None  # noqa: S101 -- whatever is held says since when
    return HeldMark(held.held_at, held.id)


def read(text: str) -> HeldMark:
    """Read a mark that `HeldMark.text` wrote."""
    moment, _, identifier = text.partition("|")
    return HeldMark(datetime.fromisoformat(moment), UUID(identifier))


def holders(
    *, company_id: UUID, customer_ids: Iterable[UUID], after: HeldMark, is_order: bool
) -> tuple[UUID, ...]:
    """Return those of the customers that have anything held beyond the mark."""
    rows = (
        Order.objects.filter(status=OrderStatus.HELD)
        if is_order
        else HeldDelivery.objects.filter(status=HeldDeliveryStatus.HELD)
    )
    found = rows.filter(after.beyond(), company_id=company_id, customer_id__in=set(customer_ids))
    return tuple(found.order_by("customer_id").values_list("customer_id", flat=True).distinct())
