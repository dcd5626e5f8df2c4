"""Move what one order occupies between reserved, ordered and delivered, inside a flow that holds the account's lock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.exposure import locks, operations, queries
from tradecredit.apps.orders import queries as orders
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.exposure.queries import HeldRoom
    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.plumbing.access.models import Company


class UnableToFindOrderError(UnableToError):
    """No such order in the company, or the actor may not see it."""

    code = "order_unknown"
    status = 404


class UnableToMoveOrderError(UnableToError):
    """The order is not in a state from which it can go where it is asked to go."""

    code = "order_state"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied:
    """An order under the lock of its account, with what it occupies."""

    order: OrderRecord
    account_id: UUID
    held: HeldRoom | None
    ordered: Money

    @property
    def reserved(self) -> Money:
        """Return the room reserved for the order."""
        return Money.zero(self.ordered.currency) if self.held is None else self.held.amount


def locked(*, company: Company, reference: str) -> Occupied:
    """Lock the account of an order and return the order with what it occupies; raises UnableToFindOrderError."""
    found = locked_all(company=company, references=[reference])
    if reference not in found:
        raise order_unknown(company, reference)
    return found[reference]


def locked_all(*, company: Company, references: Iterable[str]) -> dict[str, Occupied]:
    """Lock the accounts of orders, in sorted order, and return those that exist with what they occupy."""
    wanted = {(company.pk, reference) for reference in references}
    before = orders.orders_by_reference(wanted)
    accounts = operations.open_accounts(wanted=[_key(company, order) for order in before.values()])
    locks.lock_accounts(sorted(set(accounts.values())))
    # Read again under the lock: what stood before it may have moved meanwhile.
    now = orders.orders_by_reference(wanted)
    homes = {order.reference: accounts[_key(company, order)] for order in now.values()}
    held = queries.pending_reservations([(home, reference) for reference, home in homes.items()])
    standing = queries.open_by_obligation([(home, f"order:{reference}") for reference, home in homes.items()])
    return {
        order.reference: _occupied(order, homes[order.reference], held=held, standing=standing)
        for order in now.values()
    }


def _key(company: Company, order: OrderRecord) -> tuple[UUID, UUID, str]:
    return company.pk, order.customer_id, order.amount.currency


def _occupied(
    order: OrderRecord,
    account_id: UUID,
    *,
    held: Mapping[tuple[UUID, str], HeldRoom],
    standing: Mapping[tuple[UUID, str], Mapping[str, Decimal]],
) -> Occupied:
    ordered = standing.get((account_id, f"order:{order.reference}"), {}).get("ordered", Decimal(0))
    return Occupied(
        order=order,
        account_id=account_id,
        held=held.get((account_id, order.reference)),
        ordered=Money(ordered, order.amount.currency),
    )


def require_status(order: OrderRecord, allowed: frozenset[str]) -> None:
    """Raise UnableToMoveOrderError unless the order is in one of the states."""
    if order.status not in allowed:
        raise UnableToMoveOrderError(
            Words(
                zh="订单 {reference} 当前状态为 {status}，不能这样处理；允许的状态：{allowed}。",
                en="Order {reference} is {status}; this is possible for {allowed} only.",
            ).filled(reference=order.reference, status=order.status, allowed=", ".join(sorted(allowed))),
            reference=order.reference,
            status=order.status,
        )


def give_back(occupied: Occupied, *, cause: str, cause_id: UUID | None, day: date, status: str) -> None:
    """Give back everything that the undelivered part of the order occupies."""
    if occupied.held is not None:
        operations.end_reservations(reservation_ids=[occupied.held.id], status=status)
    operations.post(
        entries=[_entry(occupied, "ordered", -occupied.ordered, cause=cause, cause_id=cause_id, day=day)]
    )


def stand_as_ordered(
    occupied: Occupied, amount: Money, *, cause: str, cause_id: UUID | None, day: date
) -> None:
    """Let the order occupy exactly the amount as ordered: its reservation, if any, is posted."""
    if occupied.held is not None:
        operations.end_reservations(reservation_ids=[occupied.held.id], status="posted")
    change = amount - occupied.ordered
    operations.post(entries=[_entry(occupied, "ordered", change, cause=cause, cause_id=cause_id, day=day)])


def order_unknown(company: Company, reference: str) -> UnableToFindOrderError:
    """Return the refusal for an order that is not there."""
    return UnableToFindOrderError(
        Words(
            zh="公司 {company} 没有单号为 {reference} 的订单，或您无权查看。",
            en="Company {company} has no order {reference}, or you may not see it.",
        ).filled(company=company.code, reference=reference),
        reference=reference,
    )


def _entry(
    occupied: Occupied, stage: str, amount: Money, *, cause: str, cause_id: UUID | None, day: date
) -> operations.NewEntry:
    return operations.NewEntry(
        account_id=occupied.account_id,
        stage=stage,
        amount=amount.amount,
        obligation=f"order:{occupied.order.reference}",
        cause=cause,
        cause_id=cause_id,
        effective_date=day,
    )
