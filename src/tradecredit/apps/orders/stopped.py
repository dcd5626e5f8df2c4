"""Write and read deliveries that were stopped: held until they pass, are released, rejected or withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.orders.models import HeldDelivery, HeldDeliveryStatus
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from tradecredit.apps.orders.held_marks import HeldMark


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedDelivery:
    """A delivery that did not pass, as it stands."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    order_id: UUID
    order_reference: str
    number: str
    delivery_date: date
    amount: Money
    status: str
    decision_id: UUID
    held_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStop:
    """A delivery that was stopped, with the decision that stopped it."""

    company_id: UUID
    customer_id: UUID
    order_id: UUID
    number: str
    delivery_date: date
    amount: Money
    decision_id: UUID


def hold(stops: Sequence[NewStop]) -> dict[str, UUID]:
    """Record stopped deliveries, a second stop of the same number in place of the first; identifiers by number."""
    db.transaction_required()
    moment = clock.now()
    known = {
        row.number: row.pk
        for row in HeldDelivery.objects.filter(
            company_id__in={stop.company_id for stop in stops},
            number__in={stop.number for stop in stops},
            status=HeldDeliveryStatus.HELD,
        )
    }
    rows = [
        HeldDelivery(
            pk=known.get(stop.number) or ids.new_id(),
            company_id=stop.company_id,
            customer_id=stop.customer_id,
            order_id=stop.order_id,
            number=stop.number,
            delivery_date=stop.delivery_date,
            currency=stop.amount.currency,
            amount=stop.amount.amount,
            decision_id=stop.decision_id,
            held_at=moment,
        )
        for stop in stops
    ]
    HeldDelivery.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["order_id", "delivery_date", "currency", "amount", "decision_id"],
    )
    return {row.number: row.pk for row in rows}


def end(ids_: Iterable[UUID], *, status: HeldDeliveryStatus | str, decision_id: UUID | None = None) -> int:
    """End stopped deliveries that are still held; returns how many were."""
    db.transaction_required()
    change = {"status": str(status), "ended_at": clock.now()}
    if decision_id is not None:
        change["decision_id"] = decision_id
    return HeldDelivery.objects.filter(pk__in=set(ids_), status=HeldDeliveryStatus.HELD).update(**change)


def by_id(stop_id: UUID) -> StoppedDelivery | None:
    """Return one stopped delivery in scope."""
    return next(iter(_records(HeldDelivery.objects.filter(pk=stop_id))), None)


def by_decision(decision_id: UUID) -> StoppedDelivery | None:
    """Return the held delivery that a decision stopped."""
    rows = HeldDelivery.objects.filter(decision_id=decision_id, status=HeldDeliveryStatus.HELD)
    return next(iter(_records(rows)), None)


def by_number(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, StoppedDelivery]:
    """Return the deliveries that are held, by number."""
    rows = HeldDelivery.objects.filter(
        company_id=company_id, number__in=set(numbers), status=HeldDeliveryStatus.HELD
    )
    return {one.number: one for one in _records(rows)}


def of_orders(order_ids: Iterable[UUID]) -> tuple[StoppedDelivery, ...]:
    """Return the held deliveries of orders."""
    return _records(HeldDelivery.objects.filter(order_id__in=set(order_ids), status=HeldDeliveryStatus.HELD))


def held(
    *,
    company_id: UUID,
    customer_ids: Iterable[UUID] | None = None,
    after: HeldMark | None = None,
    most: int = 1000,
) -> tuple[StoppedDelivery, ...]:
    """Return the held deliveries of a company (and of some customers), longest held first; those beyond a mark."""
    rows = HeldDelivery.objects.filter(company_id=company_id, status=HeldDeliveryStatus.HELD)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=set(customer_ids))
    if after is not None:
        rows = rows.filter(after.beyond())
    return _records(rows, most=most)


def is_any_held(*, company_id: UUID) -> bool:
    """Tell whether a company holds any delivery."""
    return HeldDelivery.objects.filter(company_id=company_id, status=HeldDeliveryStatus.HELD).exists()


def _records(rows: QuerySet[HeldDelivery], *, most: int | None = None) -> tuple[StoppedDelivery, ...]:
    return tuple(
        StoppedDelivery(
            id=row.pk,
            company_id=row.company_id,
            customer_id=row.customer_id,
            customer_code=row.customer.code,
            customer_name=row.customer.name,
            order_id=row.order_id,
            order_reference=row.order.reference,
            number=row.number,
            delivery_date=row.delivery_date,
            amount=Money(row.amount, row.currency),
            status=row.status,
            decision_id=row.decision_id,
            held_at=row.held_at,
        )
        for row in rows.select_related("customer", "order").order_by("held_at", "pk")[:most]
    )
