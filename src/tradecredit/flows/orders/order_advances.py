"""Cash that came for an order: it pays for the order first, and what is left of it for the remainders set apart from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.orders import parts
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from tradecredit.analytics.order_checks.securities import Securities
    from tradecredit.apps.orders.queries import OrderRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Under which order's number a remainder's cash came, and how much of it others need before it."""

    reference: str
    needed_before: Money


def of_remainders(known: Iterable[OrderRecord]) -> dict[UUID, Advance]:
    """Return where the cash of each held remainder is; no statement where none of the orders is one.

    SO-7 of 84,000 and SO-7~2 of 36,000 apart from it, 100,000 paid in advance for SO-7: 84,000 are the order's, 16,000
    the remainder's. Several remainders come in the order of their numbers.
    """
    asked = [one for one in known if one.split_of_id is not None and one.status == OrderStatus.HELD]
    if not asked:
        return {}
    roots = orders.orders_by_id({one.split_of_id for one in asked if one.split_of_id is not None})
    siblings = orders.orders_by_id(parts.remainders_of(roots)).values()
    found = {}
    for one in asked:
        root = roots.get(one.split_of_id) if one.split_of_id is not None else None
        if root is not None:
            before = [
                each
                for each in siblings
                if each.split_of_id == root.id and _place(each.reference) < _place(one.reference)
            ]
            needed = sum((_needed(each) for each in before), _needed(root))
            found[one.id] = Advance(reference=root.reference, needed_before=needed)
    return found


def cash_for(
    reference: str, order: OrderRecord | None, *, beside: Securities, advances: Mapping[UUID, Advance]
) -> Money:
    """Return the cash that is for this document and no other: its own, or what the order it was cut from leaves."""
    advance = None if order is None else advances.get(order.id)
    if advance is None:
        return beside.earmarked_for(reference)
    left = beside.earmarked_for(advance.reference) - advance.needed_before
    return left if left.is_positive else Money.zero(left.currency)


def _needed(order: OrderRecord) -> Money:
    """Return what of an order cash must still pay for: what is invoiced has its cash on the invoice."""
    left = order.amount - order.invoiced
    return left if left.is_positive else Money.zero(left.currency)


def _place(reference: str) -> tuple[int, str]:
    """Return the order of remainders: SO-7~2 comes before SO-7~10."""
    return len(reference), reference
