"""Record what happens to goods after they left: used from a consignment stock, returned, returned to be replaced.

None of it takes credit, so none of it is ever checked or blocked: a return lowers what is delivered, a usage only
says which goods an invoice will bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.orders import goods_queries
from tradecredit.apps.orders import operations as orders
from tradecredit.apps.orders.models import GoodsEventKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.orders import follow_documents, order_exposure
from tradecredit.flows.orders.follow_documents import Change
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.apps.orders.goods_queries import GoodsEventRecord, ShippedRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_OTHER_CONTENT: Final = Words(
    zh="单据 {number} 已登记且内容不同，请核对", en="{number} is recorded with other content; check it"
)
_NO_DELIVERY: Final = Words(
    zh="没有发货单 {number}；发货单登记后本行会自动登记",
    en="there is no delivery {number}; this row is recorded by itself once the delivery is",
)
_NOT_CONSIGNED: Final = Words(
    zh="发货单 {number} 不是寄售发货，没有可领用的寄售库存",
    en="delivery {number} did not go to a consignment stock: there is nothing to use from it",
)
_UNKNOWN_KIND: Final = Words(
    zh="类型只能是 usage（寄售领用）、return（退货）或 replaced（换货）",
    en="it is a usage, a return, or a return to be replaced",
)
_TOO_MUCH: Final = Words(
    zh="发货单 {number} 只剩 {left}，不能登记 {asked}",
    en="only {left} is left of delivery {number}: {asked} cannot be",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsEventRow:
    """A usage (``usage``), a return (``return``) or a return to be replaced (``replaced``) of one delivery."""

    kind: str
    number: str
    delivery_number: str
    event_date: date
    amount: Decimal
    row: int = 0


@dataclass(slots=True, kw_only=True)
class _Batch:
    company: Company
    shipped: Mapping[str, ShippedRecord]
    known: Mapping[str, GoodsEventRecord]
    left: dict[tuple[str, bool], Decimal]
    new: dict[str, orders.NewGoodsEvent]


def import_goods_events(*, rows: Sequence[GoodsEventRow], company: Company, actor: Actor) -> ImportResult:
    """Record the events in one transaction; what is returned and not invoiced no longer counts as delivered.

    Idempotent by company and number; a row whose delivery is not known waits in the inbox. Never more is returned
    (or used) than was delivered.
    """
    with db.unit_of_work(actor):
        batch = _batch(rows, company)
        results = [_sorted(place, row, batch) for place, row in enumerate(rows, start=1)]
        ids = orders.add_goods_events(list(batch.new.values()))
        _follow(batch, rows, ids)
        done = row_results.in_order(
            row_results.with_id(one, ids[one.number]) if one.status is RowStatus.CREATED else one
            for one in results
        )
        keep_refused.keep(company=company, kind="goods-events", rows=rows, result=done, actor=actor)
    return done


def _batch(rows: Sequence[GoodsEventRow], company: Company) -> _Batch:
    numbers = [row.delivery_number for row in rows]
    references = goods_queries.references_of_deliveries(company_id=company.pk, numbers=numbers)
    order_exposure.locked_all(company=company, references=set(references.values()))
    shipped = goods_queries.shipped(company_id=company.pk, numbers=numbers)
    return _Batch(
        company=company,
        shipped=shipped,
        known=goods_queries.events_by_number(company_id=company.pk, numbers=[row.number for row in rows]),
        left={
            **{(number, True): one.amount.amount - one.used.amount for number, one in shipped.items()},
            **{(number, False): one.amount.amount - one.returned.amount for number, one in shipped.items()},
        },
        new={},
    )


def _follow(batch: _Batch, rows: Sequence[GoodsEventRow], ids: Mapping[str, object]) -> None:
    found = order_exposure.locked_all(
        company=batch.company,
        references={batch.shipped[row.delivery_number].reference for row in rows if row.number in ids},
    )
    follow_documents.follow(
        company_id=batch.company.pk,
        changes=[
            Change(
                reference=batch.shipped[row.delivery_number].reference,
                account_id=found[batch.shipped[row.delivery_number].reference].account_id,
                cause=row.kind,
                cause_id=None,
                day=row.event_date,
            )
            for row in rows
            if row.number in batch.new
        ],
    )


def _sorted(place: int, row: GoodsEventRow, batch: _Batch) -> RowResult:
    at = row.row or place
    try:
        row_results.check_number(row.number)
        shipped = _shipped(row, batch)
        amount = row_results.positive_amount(row.amount, shipped.amount.currency)
        known = _known(row, shipped, amount, batch)
        if known is not None:
            return RowResult(row=at, number=row.number, status=RowStatus.UNCHANGED, is_duplicate=known)
        _take(row, shipped, amount, batch)
    except RefusedRowError as refusal:
        return refusal.result(row=at, number=row.number)
    batch.new[row.number] = orders.NewGoodsEvent(
        delivery_id=shipped.id,
        company_id=batch.company.pk,
        customer_id=shipped.customer_id,
        kind=row.kind,
        number=row.number,
        event_date=row.event_date,
        amount=amount,
    )
    return RowResult(row=at, number=row.number, status=RowStatus.CREATED)


def _shipped(row: GoodsEventRow, batch: _Batch) -> ShippedRecord:
    if row.kind not in set(GoodsEventKind.values):
        raise RefusedRowError(field="kind", value=row.kind, words=_UNKNOWN_KIND)
    found = batch.shipped.get(row.delivery_number)
    if found is None:
        raise RefusedRowError(
            field="delivery_number",
            value=row.delivery_number,
            words=_NO_DELIVERY.filled(number=row.delivery_number),
            waits_for=f"delivery:{row.delivery_number}",
        )
    if row.kind == GoodsEventKind.USAGE and not found.is_consigned:
        raise RefusedRowError(
            field="delivery_number",
            value=row.delivery_number,
            words=_NOT_CONSIGNED.filled(number=row.delivery_number),
        )
    return found


def _known(row: GoodsEventRow, shipped: ShippedRecord, amount: Money, batch: _Batch) -> bool | None:
    """Tell whether the row is known from this very batch (True) or from before (False); None when it is new."""
    first, before = batch.new.get(row.number), batch.known.get(row.number)
    says = (row.kind, shipped.id, amount, row.event_date)
    if first is not None:
        if (first.kind, first.delivery_id, first.amount, first.event_date) == says:
            return True
    elif before is None:
        return None
    elif (before.kind, before.delivery_id, before.amount, before.event_date) == says:
        return False
    raise RefusedRowError(field="number", value=row.number, words=_OTHER_CONTENT.filled(number=row.number))


def _take(row: GoodsEventRow, shipped: ShippedRecord, amount: Money, batch: _Batch) -> None:
    key = (row.delivery_number, row.kind == GoodsEventKind.USAGE)
    left = batch.left[key]
    if amount.amount > left:
        raise RefusedRowError(
            field="amount",
            value=amount.text(),
            words=_TOO_MUCH.filled(
                number=row.delivery_number, left=f"{left:f} {shipped.amount.currency}", asked=amount.text()
            ),
        )
    batch.left[key] = left - amount.amount
