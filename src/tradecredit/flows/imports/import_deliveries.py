"""Record deliveries that another system reports: the goods have left, so they are recorded whatever a check would say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders.models import DeliveryKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.orders import follow_documents, order_exposure
from tradecredit.flows.orders.follow_documents import Change
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.orders.queries import DeliveryRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.flows.orders.order_exposure import Occupied
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_OTHER_CONTENT: Final = Words(
    zh="发货单 {number} 已登记且内容不同，请核对",
    en="delivery {number} is recorded with other content; check it",
)
_ENDED: Final = Words(
    zh="订单 {order} 已结束（{status}）而货已发出，已登记发货，请跟进",
    en="order {order} has ended ({status}) and goods left all the same: recorded, follow it up",
)
_HELD: Final = Words(
    zh="订单 {order} 仍被冻结而货已发出，请立即跟进",
    en="order {order} is still held although goods have left: follow it up at once",
)
_OTHER_CURRENCY: Final = Words(
    zh="订单 {order} 的币种是 {currency}，请更正", en="order {order} is in {currency}; correct the currency"
)
_UNKNOWN_KIND: Final = Words(
    zh="发货类型只能是 sale 或 consignment（寄售）", en="a delivery is a sale or a consignment"
)
_KINDS: Final[Mapping[str, DeliveryKind]] = {
    "": DeliveryKind.SALE,
    "sale": DeliveryKind.SALE,
    "销售": DeliveryKind.SALE,
    "consignment": DeliveryKind.CONSIGNMENT,
    "寄售": DeliveryKind.CONSIGNMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery as it came from another system; ``kind`` is a sale or goes to a consignment stock (寄售)."""

    number: str
    order_number: str
    delivery_date: date
    amount: Decimal
    currency: str = ""
    kind: str = ""
    row: int = 0


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What is known to a batch, and what it records."""

    company: Company
    occupied: Mapping[str, Occupied]
    known: Mapping[str, DeliveryRecord]
    new: dict[str, tuple[DeliveryRow, orders.NewDelivery]] = field(default_factory=dict)


def import_deliveries(*, rows: Sequence[DeliveryRow], company: Company, actor: Actor) -> ImportResult:
    """Record the deliveries in one transaction; exposure moves from ordered to delivered.

    Idempotent by company and number. Goods that left for a held or ended order are recorded and said in the row's
    ``words``. A row whose order is not known waits in the inbox and is recorded when the order comes.
    """
    with db.unit_of_work(actor):
        batch = _Batch(
            company=company,
            occupied=order_exposure.locked_all(
                company=company, references=[row.order_number for row in rows]
            ),
            known=order_queries.deliveries_by_number(
                company_id=company.pk, numbers=[row.number for row in rows]
            ),
        )
        results = [_sorted(place, row, batch) for place, row in enumerate(rows, start=1)]
        ids = orders.add_deliveries([new for _, new in batch.new.values()])
        follow_documents.follow(company_id=company.pk, changes=_changes(batch, ids))
        _emit(batch)
        done = row_results.in_order(_with_ids(results, ids))
        keep_refused.keep(company=company, kind="deliveries", rows=rows, result=done, actor=actor)
    return done


def _with_ids(results: Sequence[RowResult], ids: Mapping[str, UUID]) -> list[RowResult]:
    return [
        row_results.with_id(one, ids[one.number]) if one.status is RowStatus.CREATED else one
        for one in results
    ]


def _emit(batch: _Batch) -> None:
    customers = dict.fromkeys(new.customer_id for _, new in batch.new.values())
    events.emit_many(
        name="delivery.recorded",
        company_id=batch.company.pk,
        payloads=[(customer_id, {"customer_id": customer_id}) for customer_id in customers],
    )


def _changes(batch: _Batch, ids: Mapping[str, UUID]) -> list[Change]:
    return [
        Change(
            reference=row.order_number,
            account_id=batch.occupied[row.order_number].account_id,
            cause="delivery",
            cause_id=ids[number],
            day=row.delivery_date,
            delivery=number,
        )
        for number, (row, _) in batch.new.items()
    ]


def _sorted(place: int, row: DeliveryRow, batch: _Batch) -> RowResult:
    """Put a row among the new ones, or say that it is known already or refused."""
    at = row.row or place
    try:
        row_results.check_number(row.number)
        occupied = _order_of(row, batch)
        order = occupied.order
        amount = row_results.positive_amount(row.amount, row.currency or order.amount.currency)
        _refuse_other_currency(row, occupied, amount)
        kind = _kind(row)
        known_id = _known(row, occupied, amount, batch)
    except RefusedRowError as refusal:
        return refusal.result(row=at, number=row.number)
    if known_id is not None or row.number in batch.new:
        return RowResult(
            row=at,
            number=row.number,
            status=RowStatus.UNCHANGED,
            id=known_id,
            is_duplicate=known_id is None,
        )
    batch.new[row.number] = (row, _new(row, occupied, amount, kind=kind, company=batch.company))
    words = _what_is_odd(occupied)
    return RowResult(
        row=at,
        number=row.number,
        status=RowStatus.CREATED,
        words=words,
        field="order_number" if words else "",
        value=order.reference if words else "",
    )


def _new(
    row: DeliveryRow, occupied: Occupied, amount: Money, *, kind: DeliveryKind, company: Company
) -> orders.NewDelivery:
    return orders.NewDelivery(
        order_id=occupied.order.id,
        company_id=company.pk,
        customer_id=occupied.order.customer_id,
        number=row.number,
        delivery_date=row.delivery_date,
        amount=amount,
        kind=kind,
    )


def _what_is_odd(occupied: Occupied) -> Words | None:
    order = occupied.order
    if order.status in order_queries.ENDED:
        return _ENDED.filled(order=order.reference, status=order.status)
    return _HELD.filled(order=order.reference) if order.status == "held" else None


def _order_of(row: DeliveryRow, batch: _Batch) -> Occupied:
    found = batch.occupied.get(row.order_number)
    if found is None:
        raise RefusedRowError(
            field="order_number",
            value=row.order_number,
            words=order_exposure.order_unknown(batch.company, row.order_number).words,
            waits_for=f"order:{row.order_number}",
        )
    return found


def _known(row: DeliveryRow, occupied: Occupied, amount: Money, batch: _Batch) -> UUID | None:
    known = batch.known.get(row.number)
    if known is not None:
        if (known.order_id, known.amount, known.delivery_date) == _content(row, occupied, amount):
            return known.id
    elif row.number not in batch.new:
        return None
    else:
        first = batch.new[row.number][1]
        if (first.order_id, first.amount, first.delivery_date) == _content(row, occupied, amount):
            return None
    raise RefusedRowError(field="number", value=row.number, words=_OTHER_CONTENT.filled(number=row.number))


def _content(row: DeliveryRow, occupied: Occupied, amount: Money) -> tuple[UUID, Money, date]:
    return occupied.order.id, amount, row.delivery_date


def _kind(row: DeliveryRow) -> DeliveryKind:
    kind = _KINDS.get(row.kind.strip().lower())
    if kind is None:
        raise RefusedRowError(field="kind", value=row.kind, words=_UNKNOWN_KIND)
    return kind


def _refuse_other_currency(row: DeliveryRow, occupied: Occupied, amount: Money) -> None:
    order = occupied.order
    if amount.currency != order.amount.currency:
        words = _OTHER_CURRENCY.filled(order=order.reference, currency=order.amount.currency)
        raise RefusedRowError(field="currency", value=row.currency, words=words)
