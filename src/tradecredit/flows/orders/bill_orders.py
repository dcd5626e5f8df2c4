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
    from tradecredit.apps.exposure.queries import HeldRoom
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


@dataclass(slots=True, kw_only=True)
class _Standing:
    """What the orders of a batch still occupy; the parts of the batch take from it one after the other."""

    obligations: dict[tuple[UUID, str, str], Decimal]
    reservations: dict[tuple[UUID, str], HeldRoom]
    posted: list[UUID]


def entries_for(*, company_id: UUID, parts: Sequence[BilledPart]) -> list[NewEntry]:
    """Return the movements that the invoices cause in their orders, and write what is invoiced of each order.

    Deliveries are billed oldest first, then what is ordered and not delivered; room that was only reserved is
    posted as ordered first. What goes beyond the order (or names an order of another customer or currency) is
    simply billed.
    """
    orders = billing.orders_to_bill(company_id=company_id, references=[part.order_number for part in parts])
    matching = [
        (part, orders[part.order_number])
        for part in parts
        if part.order_number in orders and _fits(part, orders[part.order_number])
    ]
    standing = _standing(matching)
    entries: list[NewEntry] = []
    invoiced: dict[UUID, Decimal] = {}
    for part, order in matching:
        entries.extend(_moves(part, order, standing))
        invoiced[order.id] = invoiced.get(order.id, Decimal(0)) + part.amount
    exposure.end_reservations(reservation_ids=standing.posted, status="posted")
    billing.add_invoiced(amounts=invoiced)
    return entries


def _fits(part: BilledPart, order: OrderToBill) -> bool:
    return part.customer_id == order.customer_id and part.currency == order.currency


def _obligations(order: OrderToBill) -> list[tuple[str, Stage]]:
    delivered = [(f"delivery:{number}", Stage.DELIVERED) for number in order.deliveries]
    return [*delivered, (f"order:{order.reference}", Stage.ORDERED)]


def _standing(matching: Sequence[tuple[BilledPart, OrderToBill]]) -> _Standing:
    pairs = {
        (part.account_id, obligation) for part, order in matching for obligation, _ in _obligations(order)
    }
    found = exposure_queries.open_by_obligation(pairs)
    return _Standing(
        obligations={
            (account_id, obligation, str(stage)): amount
            for (account_id, obligation), stages in found.items()
            for stage, amount in stages.items()
        },
        reservations=exposure_queries.pending_reservations(
            {(part.account_id, order.reference) for part, order in matching}
        ),
        posted=[],
    )


def _moves(part: BilledPart, order: OrderToBill, standing: _Standing) -> list[NewEntry]:
    entries: list[NewEntry] = []
    wanted = part.amount
    for obligation, stage in _obligations(order):
        if wanted <= 0:
            break
        if stage is Stage.ORDERED:
            entries.extend(_post_reserved(part, order, standing))
        key = (part.account_id, obligation, str(stage))
        taken = min(wanted, standing.obligations.get(key, Decimal(0)))
        if taken > 0:
            standing.obligations[key] -= taken
            wanted -= taken
            entries.append(_entry(part, stage, -taken, obligation))
    return entries


def _post_reserved(part: BilledPart, order: OrderToBill, standing: _Standing) -> list[NewEntry]:
    """Turn the order's reservation into what is ordered, so that the invoice takes its part of it."""
    held = standing.reservations.pop((part.account_id, order.reference), None)
    if held is None:
        return []
    obligation = f"order:{order.reference}"
    key = (part.account_id, obligation, str(Stage.ORDERED))
    standing.obligations[key] = standing.obligations.get(key, Decimal(0)) + held.amount.amount
    standing.posted.append(held.id)
    return [_entry(part, Stage.ORDERED, held.amount.amount, obligation)]


def _entry(part: BilledPart, stage: Stage, amount: Decimal, obligation: str) -> NewEntry:
    return exposure.NewEntry(
        account_id=part.account_id,
        stage=stage,
        amount=amount,
        obligation=obligation,
        cause="invoice",
        cause_id=part.invoice_id,
        effective_date=part.effective_date,
    )
