"""Record orders that are open in another system: they occupy room from now on, and no verdict of ours is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.orders import opening as opening_orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.cash import account_holders, book_allocations
from tradecredit.flows.orders import follow_documents, move_order
from tradecredit.flows.orders.follow_documents import Change
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.orders.opening import OpeningOrder
    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CLOSED: Final = frozenset(
    {
        "closed",
        "completed",
        "complete",
        "done",
        "finished",
        "关闭",
        "已关闭",
        "完成",
        "已完成",
        "结案",
        "已结案",
    }
)
_CANCELLED: Final = frozenset({"cancelled", "canceled", "void", "取消", "已取消", "作废", "已作废"})
_OPEN: Final = frozenset(
    {
        *("", "open", "released", "confirmed", "approved", "active", "in progress", "partially delivered"),
        *(
            "审核",
            "已审核",
            "已确认",
            "生效",
            "已生效",
            "执行中",
            "进行中",
            "未完成",
            "部分发货",
            "未关闭",
            "正常",
        ),
    }
)
_UNKNOWN_STATUS: Final = Words(
    zh="未知的订单状态“{status}”，按未完成订单登记",
    en="the status “{status}” is not known: the order is taken as open",
)
_OTHER_CONTENT: Final = Words(
    zh="订单 {number} 已登记且内容不同；已登记的订单不由文件改写，请在订单上变更、取消或关闭",
    en="order {number} is recorded with other content; a file does not rewrite it: amend, cancel or close the order",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order as it came from another system."""

    number: str
    customer_code: str
    order_date: date
    amount: Decimal
    currency: str = ""
    requested_date: date | None = None
    terms_days: int | None = None
    status: str = ""
    row: int = 0


def import_orders(*, rows: Sequence[OrderRow], company: Company, actor: Actor) -> ImportResult:
    """Record opening orders in one transaction; what has neither left nor been invoiced stands as ordered.

    Idempotent by company and number; a known order whose status has become closed or cancelled ends and gives back
    what it still held. A new order of today is not imported but checked (``check_order_credit``).
    """
    with db.unit_of_work(actor):
        papers = [
            account_holders.Paper(customer_code=row.customer_code, day=row.order_date, order=row.number)
            for row in rows
        ]
        customers = account_holders.customers_of(company=company, papers=papers)
        results, readable = _read(rows, customers)
        keys = {(order.customer_id, order.amount.currency) for _, order in readable}
        accounts = book_allocations.lock_accounts(company=company, keys=keys)
        known = order_queries.orders_by_reference((company.pk, order.reference) for _, order in readable)

        new, ended, decided = _sort(company, readable, known)

        ids = opening_orders.record_opening(company_id=company.pk, opening=[order for _, order in new])
        follow_documents.follow(
            company_id=company.pk, changes=_changes([order for _, order in new], ids=ids, accounts=accounts)
        )
        decided += [_end(company, row, order, record, actor=actor) for row, order, record in ended]
        _log(company, actor, [order for _, order in new])
        _emit(company, [order for _, order in new])
        done = row_results.in_order(
            [*results, *decided, *(_created(row, ids[order.reference]) for row, order in new)]
        )
        keep_refused.keep(company=company, kind="orders", rows=rows, result=done, actor=actor)
    return done


def _end(
    company: Company, row: OrderRow, order: OpeningOrder, record: OrderRecord, *, actor: Actor
) -> RowResult:
    """End a known order as the other system says, and give back what it still held."""
    act = move_order.cancel_order if order.status is OrderStatus.CANCELLED else move_order.close_order
    act(company=company, reference=order.reference, actor=actor, reason=row.status)
    return RowResult(row=row.row, number=order.reference, status=RowStatus.UPDATED, id=record.id)


def _read(
    rows: Sequence[OrderRow], customers: Sequence[Mapping[str, NamedCustomer]]
) -> tuple[list[RowResult], list[tuple[OrderRow, OpeningOrder]]]:
    refused: list[RowResult] = []
    readable: dict[str, tuple[OrderRow, OpeningOrder]] = {}
    for row, known in zip(rows, customers, strict=True):
        try:
            readable.setdefault(row.number, (row, _order(row, known)))
        except RefusedRowError as refusal:
            refused.append(refusal.result(row=row.row, number=row.number))
    return refused, list(readable.values())


def _order(row: OrderRow, customers: Mapping[str, NamedCustomer]) -> OpeningOrder:
    customer = row_results.known_customer(row.customer_code, customers)
    row_results.check_number(row.number)
    amount = row_results.positive_amount(row.amount, row.currency or customer.currency)
    return opening_orders.OpeningOrder(
        customer_id=customer.id,
        reference=row.number,
        order_date=row.order_date,
        amount=amount,
        requested_date=row.requested_date,
        terms_days=row.terms_days,
        status=_status(row.status),
        is_demo=customer.is_demo,
    )


def _status(text: str) -> OrderStatus:
    word = text.strip().lower()
    if word in _CLOSED:
        return OrderStatus.CLOSED
    # Whatever is not known to have ended occupies room: an unknown word never gives room away.
    return OrderStatus.CANCELLED if word in _CANCELLED else OrderStatus.RELEASED


def _sort(
    company: Company,
    readable: Sequence[tuple[OrderRow, OpeningOrder]],
    known: Mapping[tuple[UUID, str], OrderRecord],
) -> tuple[
    list[tuple[OrderRow, OpeningOrder]], list[tuple[OrderRow, OpeningOrder, OrderRecord]], list[RowResult]
]:
    new: list[tuple[OrderRow, OpeningOrder]] = []
    ended: list[tuple[OrderRow, OpeningOrder, OrderRecord]] = []
    decided: list[RowResult] = []
    for row, order in readable:
        record = known.get((company.pk, order.reference))
        if record is None:
            new.append((row, order))
            continue
        is_same = (record.customer_id, record.whole, record.order_date) == (
            order.customer_id,
            order.amount,
            order.order_date,
        )
        if is_same and order.status is not OrderStatus.RELEASED and record.status not in order_queries.ENDED:
            ended.append((row, order, record))
            continue
        decided.append(
            RowResult(
                row=row.row,
                number=order.reference,
                status=RowStatus.UNCHANGED if is_same else RowStatus.REFUSED,
                id=record.id,
                words=None if is_same else _OTHER_CONTENT.filled(number=order.reference),
                field="" if is_same else "number",
                value="" if is_same else order.reference,
            )
        )
    return new, ended, decided


def _created(row: OrderRow, order_id: UUID) -> RowResult:
    word = row.status.strip().lower()
    is_known = word in _OPEN | _CLOSED | _CANCELLED
    return RowResult(
        row=row.row,
        number=row.number,
        status=RowStatus.CREATED,
        id=order_id,
        words=None if is_known else _UNKNOWN_STATUS.filled(status=row.status),
        field="" if is_known else "status",
        value="" if is_known else row.status,
    )


def _changes(
    orders: Sequence[OpeningOrder],
    *,
    ids: Mapping[str, UUID],
    accounts: Mapping[tuple[UUID, str], UUID],
) -> list[Change]:
    return [
        Change(
            reference=order.reference,
            account_id=accounts[order.customer_id, order.amount.currency],
            cause="opening",
            cause_id=ids[order.reference],
            day=order.order_date,
        )
        for order in orders
    ]


def _emit(company: Company, orders: Sequence[OpeningOrder]) -> None:
    customers = dict.fromkeys(order.customer_id for order in orders)
    events.emit_many(
        name="order.recorded",
        company_id=company.pk,
        payloads=[(customer_id, {"customer_id": customer_id}) for customer_id in customers],
    )


def _log(company: Company, actor: Actor, orders: Sequence[OpeningOrder]) -> None:
    counts: dict[UUID, int] = {}
    for order in orders:
        counts[order.customer_id] = counts.get(order.customer_id, 0) + 1
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{customer_id}",
                kind="order.opening",
                words=Words(
                    zh=f"登记期初订单 {count} 张（未经本系统检查）",
                    en=f"{count} opening order(s) recorded, not checked here",
                ),
                payload={"orders": count},
            )
            for customer_id, count in counts.items()
        ],
    )
