"""Lines of orders, and the parts an order is split into: the sum over the parts never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import F

from tradecredit.apps.orders.models import Order, OrderLine, OrderStatus
from tradecredit.core.exposure.parting import PartLine
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.kernel.money import Money


# A reference has room for 64 characters.
_LONGEST_ROOT: Final = 60


def lines_of(order_ids: Iterable[UUID]) -> dict[UUID, tuple[PartLine, ...]]:
    """Return the lines of orders; an order without lines is absent."""
    found: dict[UUID, list[PartLine]] = {}
    for row in OrderLine.objects.filter(order_id__in=set(order_ids)).order_by("line"):
        found.setdefault(row.order_id, []).append(
            PartLine(line=row.line, item=row.item, quantity=row.quantity, amount=row.amount)
        )
    return {order: tuple(lines) for order, lines in found.items()}


def write_lines(*, company_id: UUID, lines: Mapping[UUID, Sequence[PartLine]]) -> None:
    """Give orders these lines in place of those they had."""
    db.transaction_required()
    if not lines:
        return
    OrderLine.objects.filter(order_id__in=set(lines)).delete()
    OrderLine.objects.bulk_create(
        OrderLine(
            company_id=company_id,
            order_id=order_id,
            line=each.line,
            item=each.item,
            quantity=each.quantity,
            amount=each.amount,
        )
        for order_id, found in lines.items()
        for each in found
    )


def remainders_of(root_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Return the remainders of orders that are not at an end."""
    rows = Order.objects.filter(
        split_of_id__in=set(root_ids), status__in=[OrderStatus.HELD, OrderStatus.RELEASED]
    )
    return tuple(rows.order_by("reference").values_list("pk", flat=True))


def split(*, order: OrderRecord, part: Money, reference: str) -> UUID:
    """Leave the part with the order and set the rest apart under the reference; returns the remainder.

    The database keeps the sum of what stands apart with the order itself.
    """
    db.transaction_required()
    moment = clock.now()
    rest = order.amount - part
    root_id = order.split_of_id or order.id
    row = Order.objects.get(pk=order.id)
    Order.objects.filter(pk=order.id).update(amount=part.amount, version=F("version") + 1, updated_at=moment)
    remainder_id = ids.new_id()
    Order.objects.create(
        pk=remainder_id,
        company_id=row.company_id,
        customer_id=row.customer_id,
        reference=reference,
        order_date=row.order_date,
        requested_date=row.requested_date,
        currency=row.currency,
        amount=rest.amount,
        terms_days=row.terms_days,
        agreed_terms_days=row.agreed_terms_days,
        first_terms_days=row.first_terms_days,
        salesperson=row.salesperson,
        status=OrderStatus.HELD,
        decision_id=row.decision_id,
        held_at=row.held_at or moment,
        split_of_id=root_id,
        recorded_at=moment,
        updated_at=moment,
        is_demo=row.is_demo,
    )
    return remainder_id


def merge(*, root_id: UUID, remainder: OrderRecord, status: OrderStatus | str) -> None:
    """Put a remainder's amount back into its order, which gets the status; the remainder ends."""
    db.transaction_required()
    moment = clock.now()
    Order.objects.filter(pk=remainder.id).update(
        status=OrderStatus.MERGED, held_at=None, version=F("version") + 1, updated_at=moment
    )
    Order.objects.filter(pk=root_id).update(
        amount=F("amount") + remainder.amount.amount,
        status=str(status),
        version=F("version") + 1,
        updated_at=moment,
    )


def next_reference(*, company_id: UUID, reference: str) -> str:
    """Return the name of the next remainder of an order: SO-7, SO-7~2, SO-7~3."""
    root = reference.partition("~")[0][:_LONGEST_ROOT]
    known = Order.objects.filter(company_id=company_id, reference__startswith=f"{root}~").count()
    return f"{root}~{known + 2}"
