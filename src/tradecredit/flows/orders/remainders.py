"""Remainders of orders that were split: one that passes goes back into its order, one whose order ends, ends with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.orders import parts
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.exposure.parting import PartLine
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import order_exposure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access.models import Company

_OPEN_TO_MORE: Final = orders.UNDER_WAY | {OrderStatus.INVOICED.value}


class UnableToReduceOrderError(UnableToError):
    """The order would be smaller than what stands apart from it."""

    code = "order_parted"
    status = 409


def fold(*, company: Company, order_ids: Iterable[UUID], day: date) -> dict[UUID, OrderRecord]:
    """Put released remainders back into orders that are under way; returns where each of them is now.

    SO-7 with 84,000 released, SO-7~2 with 36,000 released: SO-7 has 120,000, and what it occupies is their sum.
    """
    touched = orders.orders_by_id(order_ids)
    roots = orders.orders_by_id({one.split_of_id or one.id for one in touched.values()})
    under_way = [root for root in roots.values() if root.status in _OPEN_TO_MORE]
    found = orders.orders_by_id(parts.remainders_of(root.id for root in under_way))
    homes: dict[UUID, OrderRecord] = {}
    for remainder in found.values():
        if remainder.status == OrderStatus.RELEASED and remainder.delivered.is_zero:
            root = roots[remainder.split_of_id or remainder.id]
            _merge(company, root=root, remainder=remainder, day=day)
            homes[remainder.id] = order_exposure.locked(company=company, reference=root.reference).order
    return homes


def alone(order: OrderRecord, *, whole: Money) -> Money:
    """Return what of the whole order is asked for the order alone: its remainders are decided by themselves.

    SO-7 of 120,000 of which 36,000 stand apart as SO-7~2: a check of SO-7 over 120,000 asks for 84,000.
    Raises UnableToReduceOrderError below what stands apart.
    """
    if whole < order.apart:
        raise UnableToReduceOrderError(
            Words(
                zh="订单 {reference} 有 {apart} 尚在拦截中的剩余部分，请先取消剩余部分再减少金额。",
                en="{apart} of order {reference} stand apart as held: cancel that remainder first, then reduce it.",
            ).filled(reference=order.reference, apart=order.apart.text()),
            reference=order.reference,
        )
    return whole - order.apart


def of(order: OrderRecord) -> tuple[OrderRecord, ...]:
    """Return the remainders of an order that are not at an end."""
    if order.apart.is_zero:
        return ()
    return tuple(orders.orders_by_id(parts.remainders_of([order.id])).values())


def _merge(company: Company, *, root: OrderRecord, remainder: OrderRecord, day: date) -> None:
    occupied = order_exposure.locked_all(company=company, references=[root.reference, remainder.reference])
    mine, its = occupied[root.reference], occupied[remainder.reference]
    order_exposure.give_back(its, cause="merge", cause_id=root.id, day=day, status="posted")
    total = mine.ordered + mine.reserved + its.ordered + its.reserved
    order_exposure.stand_as_ordered(mine, total, cause="merge", cause_id=remainder.id, day=day)
    lines = parts.lines_of([root.id, remainder.id])
    parts.merge(root_id=root.id, remainder=remainder, status=OrderStatus.RELEASED)
    together = joined(lines.get(root.id, ()), lines.get(remainder.id, ()))
    if together:
        parts.write_lines(company_id=company.pk, lines={root.id: together})


def joined(left: Sequence[PartLine], right: Sequence[PartLine]) -> tuple[PartLine, ...]:
    """Return the lines of both, a line that stands in both with the sum of its parts."""
    found = {line.line: line for line in left}
    for line in right:
        known = found.get(line.line)
        found[line.line] = line if known is None else _sum(known, line)
    return tuple(found[number] for number in sorted(found))


def _sum(left: PartLine, right: PartLine) -> PartLine:
    both = left.quantity is not None and right.quantity is not None
    return PartLine(
        line=left.line,
        item=left.item,
        quantity=left.quantity + right.quantity if both else None,  # type: ignore[operator] # both are numbers here
        amount=left.amount + right.amount,
    )
