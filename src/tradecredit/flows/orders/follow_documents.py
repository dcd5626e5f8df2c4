"""Bring what orders occupy into line with their documents: nothing is counted twice, whatever arrives first.

Where an order's obligations stand is a function of its documents alone (`core/exposure/order_stages.py`). So a
delivery, an invoice, a return or a correction posts only the difference between that and what stands in the ledger:
every order of the same documents ends in the same state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.exposure import order_books
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.exposure.models import Stage
from tradecredit.apps.orders import billing
from tradecredit.apps.orders.models import OrderStatus
from tradecredit.core.exposure import order_stages
from tradecredit.core.exposure.order_stages import OrderDocuments, OrderStages, Shipment
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.exposure.order_books import OrderBook
    from tradecredit.apps.exposure.operations import NewEntry
    from tradecredit.apps.exposure.queries import HeldRoom

UNDER_WAY: Final = frozenset(
    {OrderStatus.RELEASED.value, OrderStatus.DELIVERED.value, OrderStatus.INVOICED.value}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One recorded document that concerns an order: what it adds, so that a batch can be followed one by one.

    ``billed`` adds to what is invoiced (``of_delivery`` when the invoice names one), ``delivery`` is a delivery's
    number. A change that adds neither (a return, a usage, an order that came late) just looks at the order again.
    """

    reference: str
    account_id: UUID
    cause: str
    cause_id: UUID | None
    day: date
    billed: Decimal = Decimal(0)
    of_delivery: str = ""
    delivery: str = ""


@dataclass(slots=True, kw_only=True)
class _Standing:
    """What an order occupies in the ledger while its changes are followed."""

    account_id: UUID
    amounts: dict[tuple[str, str], Decimal]
    held: HeldRoom | None
    entries: list[NewEntry] = field(default_factory=list)
    posted: list[UUID] = field(default_factory=list)


def entries_for(*, company_id: UUID, changes: Sequence[Change]) -> list[NewEntry]:
    """Return the movements that recorded documents cause in their orders, and write how far the orders are.

    The caller holds the credit accounts and posts the entries. A document of another customer or currency than its
    order's moves nothing of the order.
    """
    books = order_books.books_of(company_id=company_id, references=[one.reference for one in changes])
    accounts = _accounts(company_id, books.values())
    wanted: dict[str, list[Change]] = {}
    for change in changes:
        if accounts.get(change.reference) == change.account_id:
            wanted.setdefault(change.reference, []).append(change)
    standing = _standing({reference: accounts[reference] for reference in wanted}, books)
    progress = []
    for reference, found in wanted.items():
        stages = _follow(books[reference], found, standing[reference])
        progress.append(_progress(books[reference], stages))
    exposure.end_reservations(
        reservation_ids=[ended for one in standing.values() for ended in one.posted], status="posted"
    )
    billing.write_progress(progress=[one for one in progress if one is not None])
    return [entry for one in standing.values() for entry in one.entries]


def follow(*, company_id: UUID, changes: Sequence[Change]) -> None:
    """Post the movements of `entries_for`, for documents that move nothing else."""
    exposure.post(entries=entries_for(company_id=company_id, changes=changes))


def _accounts(company_id: UUID, books: Iterable[OrderBook]) -> dict[str, UUID]:
    keys = {book.reference: (company_id, book.customer_id, book.currency) for book in books}
    opened = exposure.open_accounts(wanted=keys.values()) if keys else {}
    return {reference: opened[key] for reference, key in keys.items()}


def _standing(homes: Mapping[str, UUID], books: Mapping[str, OrderBook]) -> dict[str, _Standing]:
    obligations = {
        reference: [f"order:{reference}", *(f"delivery:{number}" for number in books[reference].shipments)]
        for reference in homes
    }
    found = exposure_queries.open_by_obligation(
        (homes[reference], name) for reference, names in obligations.items() for name in names
    )
    held = exposure_queries.pending_reservations(
        (account_id, reference) for reference, account_id in homes.items()
    )
    return {
        reference: _Standing(
            account_id=account_id,
            amounts={
                (name, stage): amount
                for name in obligations[reference]
                for stage, amount in found.get((account_id, name), {}).items()
            },
            held=held.get((account_id, reference)),
        )
        for reference, account_id in homes.items()
    }


def _follow(book: OrderBook, changes: Sequence[Change], standing: _Standing) -> OrderStages:
    """Take the batch's own documents out of the order, then add them one by one, each with its movements."""
    in_order = sorted(changes, key=lambda one: (one.day, one.delivery, str(one.cause_id)))
    waiting = {
        one.delivery: book.shipments.pop(one.delivery) for one in in_order if one.delivery in book.shipments
    }
    for one in in_order:
        _bill(book, one, sign=-1)
    stages = order_stages.stages(_documents(book))
    for one in in_order:
        if one.delivery in waiting:
            book.shipments[one.delivery] = waiting[one.delivery]
        _bill(book, one, sign=1)
        stages = order_stages.stages(_documents(book))
        _move(book, stages, standing, cause=one)
    return stages


def _bill(book: OrderBook, change: Change, *, sign: int) -> None:
    book.billed += sign * change.billed
    if change.of_delivery in book.shipments:
        book.shipments[change.of_delivery].billed += sign * change.billed


def _documents(book: OrderBook) -> OrderDocuments:
    def money(amount: Decimal) -> Money:
        return Money(amount, book.currency)

    return OrderDocuments(
        amount=money(book.amount),
        is_under_way=book.status in UNDER_WAY,
        shipments=[
            Shipment(
                number=one.number,
                day=one.day,
                amount=money(one.amount),
                returned=money(one.returned),
                replaced=money(one.replaced),
                billed=money(max(one.billed, Decimal(0))),
            )
            for one in book.shipments.values()
        ],
        billed=money(book.billed),
        credited=money(book.credited),
    )


def _move(book: OrderBook, stages: OrderStages, standing: _Standing, *, cause: Change) -> None:
    targets = {
        (f"delivery:{number}", str(Stage.DELIVERED)): amount.amount
        for number, amount in stages.delivered.items()
    }
    order = (f"order:{book.reference}", str(Stage.ORDERED))
    if standing.held is not None and stages.gone.is_positive:
        standing.posted.append(standing.held.id)
        standing.held = None
    # While nothing has moved, an order that passed its check stands as its reservation.
    if standing.held is None:
        targets[order] = stages.ordered.amount
    for key, target in targets.items():
        change = target - standing.amounts.get(key, Decimal(0))
        if change:
            standing.amounts[key] = target
            standing.entries.append(_entry(standing.account_id, key, change, cause=cause))


def _entry(account_id: UUID, key: tuple[str, str], amount: Decimal, *, cause: Change) -> NewEntry:
    obligation, stage = key
    return exposure.NewEntry(
        account_id=account_id,
        stage=stage,
        amount=amount,
        obligation=obligation,
        cause=cause.cause,
        cause_id=cause.cause_id,
        effective_date=cause.day,
    )


def _progress(book: OrderBook, stages: OrderStages) -> billing.Progress | None:
    status = _status(book, stages)
    now = (stages.shipped.amount, stages.billed.amount, status)
    if now == (book.recorded_delivered, book.recorded_invoiced, book.status):
        return None
    return billing.Progress(
        order_id=book.id, delivered=stages.shipped.amount, invoiced=stages.billed.amount, status=status
    )


def _status(book: OrderBook, stages: OrderStages) -> str:
    if book.status not in UNDER_WAY or not book.amount:
        return book.status
    if stages.billed.amount >= book.amount:
        return OrderStatus.INVOICED.value
    return OrderStatus.DELIVERED.value if stages.shipped.amount >= book.amount else OrderStatus.RELEASED.value
