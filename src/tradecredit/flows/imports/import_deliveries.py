"""Record deliveries that another system reports: the goods have left, so they are recorded whatever a check would say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.orders import order_exposure
from tradecredit.flows.orders.order_exposure import UnableToFindOrderError
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.order_exposure import Occupied
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_OTHER_CONTENT: Final = Words(
    zh="发货单 {number} 已登记且内容不同,请核对",
    en="delivery {number} is recorded with other content; check it",
)
_ENDED: Final = Words(
    zh="订单 {order} 已结束({status}),不能再登记发货;请先重新打开订单",
    en="order {order} has ended ({status}): reopen it before recording a delivery",
)
_HELD: Final = Words(
    zh="订单 {order} 仍被冻结而货已发出,请立即跟进",
    en="order {order} is still held although goods have left: follow it up at once",
)
_OTHER_CURRENCY: Final = Words(
    zh="订单 {order} 的币种是 {currency},请更正", en="order {order} is in {currency}; correct the currency"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery as it came from another system."""

    number: str
    order_number: str
    delivery_date: date
    amount: Decimal
    currency: str = ""
    row: int = 0


def import_deliveries(*, rows: Sequence[DeliveryRow], company: Company, actor: Actor) -> ImportResult:
    """Record the deliveries in one transaction; exposure moves from ordered to delivered.

    Idempotent by company and number. Goods that left for a held order are recorded and said in the row's ``words``.
    """
    results: list[RowResult] = []
    with db.unit_of_work(actor):
        # In the order of their orders, so that two imports lock accounts in the same order.
        for row in sorted(rows, key=lambda row: (row.order_number, row.delivery_date, row.number)):
            try:
                results.append(_record(row, company))
            except RefusedRowError as refusal:
                results.append(refusal.result(row=row.row, number=row.number))
    return row_results.in_order(results)


def _record(row: DeliveryRow, company: Company) -> RowResult:
    row_results.check_number(row.number)
    occupied = _locked(row, company)
    order = occupied.order
    amount = row_results.positive_amount(row.amount, row.currency or order.amount.currency)
    _refuse_other_currency(row, occupied, amount)
    known_id = _known(row, occupied, amount, company)
    if known_id is not None:
        return RowResult(row=row.row, number=row.number, status=RowStatus.UNCHANGED, id=known_id)
    if order.status in order_queries.ENDED:
        words = _ENDED.filled(order=order.reference, status=order.status)
        raise RefusedRowError(field="order_number", value=order.reference, words=words)
    is_held = order.status == "held"
    return RowResult(
        row=row.row,
        number=row.number,
        status=RowStatus.CREATED,
        id=_deliver(row, occupied, amount, company),
        words=_HELD.filled(order=order.reference) if is_held else None,
        field="order_number" if is_held else "",
        value=order.reference if is_held else "",
    )


def _deliver(row: DeliveryRow, occupied: Occupied, amount: Money, company: Company) -> UUID:
    order = occupied.order
    order_exposure.deliver(
        [
            order_exposure.Leaving(
                occupied=occupied, amount=amount, number=row.number, cause_id=order.id, day=row.delivery_date
            )
        ]
    )
    new = orders.NewDelivery(
        order_id=order.id,
        company_id=company.pk,
        customer_id=order.customer_id,
        number=row.number,
        delivery_date=row.delivery_date,
        amount=amount,
        is_complete=order.delivered + amount >= order.amount,
    )
    return orders.add_deliveries([new])[row.number]


def _known(row: DeliveryRow, occupied: Occupied, amount: Money, company: Company) -> UUID | None:
    known = order_queries.deliveries_by_number(company_id=company.pk, numbers=[row.number]).get(row.number)
    if known is None:
        return None
    if (known.order_id, known.amount, known.delivery_date) == (occupied.order.id, amount, row.delivery_date):
        return known.id
    raise RefusedRowError(field="number", value=row.number, words=_OTHER_CONTENT.filled(number=row.number))


def _locked(row: DeliveryRow, company: Company) -> Occupied:
    try:
        return order_exposure.locked(company=company, reference=row.order_number)
    except UnableToFindOrderError as error:
        raise RefusedRowError(field="order_number", value=row.order_number, words=error.words) from error


def _refuse_other_currency(row: DeliveryRow, occupied: Occupied, amount: Money) -> None:
    order = occupied.order
    if amount.currency != order.amount.currency:
        words = _OTHER_CURRENCY.filled(order=order.reference, currency=order.amount.currency)
        raise RefusedRowError(field="currency", value=row.currency, words=words)
