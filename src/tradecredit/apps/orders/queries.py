"""Read orders and deliveries as frozen values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F

from tradecredit.apps.orders.models import Delivery, Order, OrderStatus
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.apps.orders.held_marks import HeldMark

UNDER_WAY: Final = frozenset({OrderStatus.RELEASED.value, OrderStatus.DELIVERED.value})
ENDED: Final = frozenset(
    {
        OrderStatus.CLOSED.value,
        OrderStatus.CANCELLED.value,
        OrderStatus.REJECTED.value,
        OrderStatus.EXPIRED.value,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """An order as it stands."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    reference: str
    order_date: date
    requested_date: date | None
    amount: Money
    delivered: Money
    invoiced: Money
    terms_days: int | None
    agreed_terms_days: int | None
    first_terms_days: int | None
    salesperson: str
    status: str
    decision_id: UUID | None
    held_at: datetime | None
    version: int
    split_of_id: UUID | None
    apart: Money

    @property
    def asked_terms(self) -> int | None:
        """Return the terms to ask for when it is checked again: as asked, unless the grade has shortened them."""
        if self.terms_days is None or self.agreed_terms_days is None:
            return self.terms_days
        return min(self.terms_days, self.agreed_terms_days)

    @property
    def whole(self) -> Money:
        """Return the order as its sender knows it: with what stands apart from it as remainders."""
        return self.amount + self.apart

    @property
    def invoiced_ahead(self) -> Money:
        """Return what is invoiced before it has left: its exposure stands as billed already."""
        ahead = self.invoiced - self.delivered
        return ahead if ahead.is_positive else Money.zero(self.amount.currency)

    @property
    def undelivered(self) -> Money:
        """Return what has neither left nor been invoiced ahead of leaving: 100,000 with 30,000 delivered: 70,000."""
        gone = max(self.delivered, self.invoiced)
        left = self.amount - gone
        return left if left.is_positive else Money.zero(self.amount.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """Goods that left."""

    id: UUID
    order_id: UUID
    number: str
    delivery_date: date
    amount: Money


def orders_by_reference(
    pairs: Iterable[tuple[UUID, str]],
) -> dict[tuple[UUID, str], OrderRecord]:
    """Return the orders by company and reference, with one statement."""
    wanted = set(pairs)
    rows = Order.objects.filter(
        company_id__in={company for company, _ in wanted},
        reference__in={reference for _, reference in wanted},
    ).select_related("customer")
    found = {(row.company_id, row.reference): _order(row) for row in rows}
    return {pair: found[pair] for pair in wanted if pair in found}


def order_by_id(order_id: UUID) -> OrderRecord | None:
    """Return one order in scope."""
    row = Order.objects.filter(pk=order_id).select_related("customer").first()
    return None if row is None else _order(row)


def orders_by_id(order_ids: Iterable[UUID]) -> dict[UUID, OrderRecord]:
    """Return orders in scope by identifier, by reference among themselves."""
    wanted = set(order_ids)
    if not wanted:
        return {}
    rows = Order.objects.filter(pk__in=wanted).select_related("customer").order_by("reference")
    return {row.pk: _order(row) for row in rows}


def held_orders(
    *,
    company_id: UUID,
    customer_ids: Iterable[UUID] | None = None,
    after: HeldMark | None = None,
    most: int = 1000,
) -> tuple[OrderRecord, ...]:
    """Return the held orders of a company (and of some customers), longest held first; those beyond a mark."""
    rows = Order.objects.filter(company_id=company_id, status=OrderStatus.HELD)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=set(customer_ids))
    if after is not None:
        rows = rows.filter(after.beyond())
    return tuple(_order(row) for row in rows.select_related("customer").order_by("held_at", "pk")[:most])


def held_decisions(*, company_id: UUID) -> dict[UUID, UUID]:
    """Return the customer of each decision that holds an order of the company."""
    rows = Order.objects.filter(company_id=company_id, status=OrderStatus.HELD, decision_id__isnull=False)
    return {
        decision: customer
        for decision, customer in rows.values_list("decision_id", "customer_id")
        if decision
    }


def is_any_held(*, company_id: UUID) -> bool:
    """Tell whether a company holds any order."""
    return Order.objects.filter(company_id=company_id, status=OrderStatus.HELD).exists()


def to_ship(
    *, company_id: UUID, customer_ids: Iterable[UUID] | None = None, most: int = 1000
) -> tuple[OrderRecord, ...]:
    """Return the orders of which something is still to leave, held ones included, oldest first."""
    rows = Order.objects.filter(
        company_id=company_id,
        status__in=(OrderStatus.HELD, OrderStatus.RELEASED),
        delivered_amount__lt=F("amount"),
        invoiced_amount__lt=F("amount"),
    )
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=set(customer_ids))
    return tuple(_order(row) for row in rows.select_related("customer").order_by("order_date", "pk")[:most])


def deliveries_of(order_ids: Iterable[UUID]) -> dict[UUID, tuple[DeliveryRecord, ...]]:
    """Return the deliveries of orders, oldest first."""
    found: defaultdict[UUID, list[DeliveryRecord]] = defaultdict(list)
    rows = Delivery.objects.filter(order_id__in=set(order_ids)).order_by("delivery_date", "number")
    for row in rows:
        found[row.order_id].append(
            DeliveryRecord(
                id=row.pk,
                order_id=row.order_id,
                number=row.number,
                delivery_date=row.delivery_date,
                amount=Money(row.amount, row.currency),
            )
        )
    return {order: tuple(deliveries) for order, deliveries in found.items()}


def deliveries_by_number(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, DeliveryRecord]:
    """Return the deliveries of a company that bear the numbers."""
    rows = Delivery.objects.filter(company_id=company_id, number__in=set(numbers))
    return {
        row.number: DeliveryRecord(
            id=row.pk,
            order_id=row.order_id,
            number=row.number,
            delivery_date=row.delivery_date,
            amount=Money(row.amount, row.currency),
        )
        for row in rows
    }


def _order(row: Order) -> OrderRecord:
    return OrderRecord(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        reference=row.reference,
        order_date=row.order_date,
        requested_date=row.requested_date,
        amount=Money(row.amount, row.currency),
        delivered=Money(row.delivered_amount, row.currency),
        invoiced=Money(row.invoiced_amount, row.currency),
        terms_days=row.terms_days,
        # Of an order from before terms were agreed, what was asked for holds.
        agreed_terms_days=row.terms_days if row.agreed_terms_days is None else row.agreed_terms_days,
        first_terms_days=row.first_terms_days,
        salesperson=row.salesperson,
        status=row.status,
        decision_id=row.decision_id,
        held_at=row.held_at,
        version=row.version,
        split_of_id=row.split_of_id,
        apart=Money(row.apart_amount, row.currency),
    )
