"""Move what one order occupies between reserved, ordered and delivered, inside a flow that holds the account's lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.exposure import locks, operations, queries
from tradecredit.apps.orders import queries as orders
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
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
    order = _found(company, reference)
    key = (company.pk, order.customer_id, order.amount.currency)
    account_id = operations.open_accounts(wanted=[key])[key]
    locks.lock_accounts([account_id])
    # Read again under the lock: what stood before it may have moved meanwhile.
    order = _found(company, reference)
    document = (account_id, f"order:{reference}")
    held = queries.pending_reservations([(account_id, reference)]).get((account_id, reference))
    ordered = queries.open_by_obligation([document]).get(document, {}).get("ordered")
    currency = order.amount.currency
    return Occupied(
        order=order,
        account_id=account_id,
        held=held,
        ordered=Money.zero(currency) if ordered is None else Money(ordered, currency),
    )


def require_status(order: OrderRecord, allowed: frozenset[str]) -> None:
    """Raise UnableToMoveOrderError unless the order is in one of the states."""
    if order.status not in allowed:
        raise UnableToMoveOrderError(
            Words(
                zh="订单 {reference} 当前状态为 {status}, 不能这样处理; 允许的状态: {allowed}。",
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


def deliver(occupied: Occupied, amount: Money, *, number: str, cause_id: UUID | None, day: date) -> None:
    """Move delivered goods from ordered to delivered; what goes beyond the order is delivered all the same."""
    stand_as_ordered(
        occupied, occupied.ordered + occupied.reserved, cause="delivery", cause_id=cause_id, day=day
    )
    taken = min(amount, occupied.ordered + occupied.reserved)
    operations.post(
        entries=[
            _entry(occupied, "ordered", -taken, cause="delivery", cause_id=cause_id, day=day),
            operations.NewEntry(
                account_id=occupied.account_id,
                stage="delivered",
                amount=amount.amount,
                obligation=f"delivery:{number}",
                cause="delivery",
                cause_id=cause_id,
                effective_date=day,
            ),
        ]
    )


def _found(company: Company, reference: str) -> OrderRecord:
    order = orders.orders_by_reference([(company.pk, reference)]).get((company.pk, reference))
    if order is None:
        raise UnableToFindOrderError(
            Words(
                zh="公司 {company} 没有单号为 {reference} 的订单, 或您无权查看。",
                en="Company {company} has no order {reference}, or you may not see it.",
            ).filled(company=company.code, reference=reference),
            reference=reference,
        )
    return order


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
