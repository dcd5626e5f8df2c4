"""An invoice takes its part of an order out of 'delivered' and 'ordered': nothing is counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.exposure.models import Stage
from tradecredit.apps.orders import billing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.exposure.operations import NewEntry
    from tradecredit.apps.orders.billing import OrderToBill


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledPart:
    """An invoice that names an order."""

    account_id: UUID
    customer_id: UUID
    currency: str
    order_number: str
    invoice_id: UUID
    amount: Decimal
    effective_date: date


def entries_for(*, company_id: UUID, parts: Sequence[BilledPart]) -> list[NewEntry]:
    """Return the movements that the invoices cause in their orders, and write what is invoiced of each order.

    Deliveries are billed oldest first, then what is ordered and not delivered. What goes beyond the order (or
    names an order of another customer or currency) is simply billed.
    """
    orders = billing.orders_to_bill(company_id=company_id, references=[part.order_number for part in parts])
    matching = [
        (part, orders[part.order_number])
        for part in parts
        if part.order_number in orders and _fits(part, orders[part.order_number])
    ]
    left = _open_obligations(matching)
    entries: list[NewEntry] = []
    invoiced: dict[UUID, Decimal] = {}
    for part, order in matching:
        entries.extend(_moves(part, order, left))
        invoiced[order.id] = invoiced.get(order.id, Decimal(0)) + part.amount
    billing.add_invoiced(amounts=invoiced)
    return entries


def _fits(part: BilledPart, order: OrderToBill) -> bool:
    return part.customer_id == order.customer_id and part.currency == order.currency


def _obligations(order: OrderToBill) -> list[tuple[str, Stage]]:
    delivered = [(f"delivery:{number}", Stage.DELIVERED) for number in order.deliveries]
    return [
        *delivered,
        (f"order:{order.reference}", Stage.DELIVERED),
        (f"order:{order.reference}", Stage.ORDERED),
    ]


def _open_obligations(
    matching: Sequence[tuple[BilledPart, OrderToBill]],
) -> dict[tuple[UUID, str, str], Decimal]:
    pairs = {
        (part.account_id, obligation) for part, order in matching for obligation, _ in _obligations(order)
    }
    standing = exposure_queries.open_by_obligation(pairs)
    return {
        (account_id, obligation, str(stage)): amount
        for (account_id, obligation), stages in standing.items()
        for stage, amount in stages.items()
    }


def _moves(
    part: BilledPart, order: OrderToBill, left: dict[tuple[UUID, str, str], Decimal]
) -> list[NewEntry]:
    entries: list[NewEntry] = []
    wanted = part.amount
    for obligation, stage in _obligations(order):
        key = (part.account_id, obligation, str(stage))
        taken = min(wanted, left.get(key, Decimal(0)))
        if taken <= 0:
            continue
        left[key] -= taken
        wanted -= taken
        entries.append(
            exposure.NewEntry(
                account_id=part.account_id,
                stage=stage,
                amount=-taken,
                obligation=obligation,
                cause="invoice",
                cause_id=part.invoice_id,
                effective_date=part.effective_date,
            )
        )
    return entries
