"""The ledger as plain Python sees it: what each order, invoice and payment must occupy, in whole cents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass
class OrderModel:
    amount: int
    status: str
    reserved: int = 0
    expires_at: datetime | None = None
    ordered: int = 0
    delivered: int = 0
    invoiced: int = 0
    deliveries: list[int] = field(default_factory=list)  # what is left unbilled of each

    @property
    def is_under_way(self) -> bool:
        return self.status in ("released", "delivered")


@dataclass
class InvoiceModel:
    amount: int
    open: int


@dataclass
class PaymentModel:
    amount: int
    unapplied: int


@dataclass
class LedgerModel:
    orders: dict[str, OrderModel] = field(default_factory=dict)
    invoices: dict[str, InvoiceModel] = field(default_factory=dict)
    payments: dict[str, PaymentModel] = field(default_factory=dict)
    credits: dict[str, PaymentModel] = field(default_factory=dict)
    allocations: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # by payment

    def stages(self) -> dict[str, int]:
        orders = self.orders.values()
        return {
            "ordered": sum(order.ordered for order in orders),
            "delivered": sum(sum(order.deliveries) for order in orders),
            "billed": sum(invoice.open for invoice in self.invoices.values()),
            "unapplied": -sum(p.unapplied for p in [*self.payments.values(), *self.credits.values()]),
            "reserved": sum(order.reserved for order in orders),
        }

    @property
    def exposure(self) -> int:
        return sum(self.stages().values())

    def check(
        self, reference: str, amount: int, *, passes: bool, status: str, expires_at: datetime | None
    ) -> None:
        """An order (new, amended or checked again) after its verdict: it keeps its rest as reserved, or nothing."""
        order = self.orders.setdefault(reference, OrderModel(amount, status))
        gone = max(order.delivered, order.invoiced)
        order.amount, order.status = amount, status
        order.ordered = 0
        order.reserved = max(0, amount - gone) if passes else 0
        order.expires_at = expires_at

    def deliver(self, reference: str, amount: int) -> None:
        order = self.orders[reference]
        unbilled = amount - min(amount, max(0, order.invoiced - order.delivered))
        self._post_reserved(order)
        order.ordered -= min(unbilled, order.ordered)
        order.deliveries.append(unbilled)
        order.delivered += amount
        if order.delivered >= order.amount:
            order.status = "delivered"

    def end(self, reference: str, status: str) -> None:
        order = self.orders[reference]
        order.status, order.ordered, order.reserved = status, 0, 0

    def expire(self, moment: datetime) -> None:
        for order in self.orders.values():
            if order.reserved and order.expires_at is not None and order.expires_at <= moment:
                order.reserved = 0
                if order.status == "released":
                    order.status = "expired"

    def invoice(self, number: str, amount: int, reference: str | None) -> None:
        self.invoices[number] = InvoiceModel(amount, amount)
        if reference is not None:
            self._bill(self.orders[reference], amount)

    def pay(self, number: str, amount: int, invoice: str | None) -> None:
        self.payments[number] = PaymentModel(amount, amount)
        self.allocations[number] = []
        if invoice is not None:
            self.apply(number, invoice, min(amount, self.invoices[invoice].open))

    def apply(self, payment: str, invoice: str, amount: int) -> None:
        if amount:
            self.payments[payment].unapplied -= amount
            self.invoices[invoice].open -= amount
            self.allocations[payment].append((invoice, amount))

    def unapply(self, payment: str) -> None:
        for invoice, amount in self.allocations[payment]:
            self.payments[payment].unapplied += amount
            self.invoices[invoice].open += amount
        self.allocations[payment] = []

    def credit(self, number: str, amount: int, invoice: str) -> None:
        taken = min(amount, self.invoices[invoice].open)
        self.credits[number] = PaymentModel(amount, amount - taken)
        self.invoices[invoice].open -= taken

    def _bill(self, order: OrderModel, amount: int) -> None:
        wanted = amount
        for position, left in enumerate(order.deliveries):
            taken = min(wanted, left)
            order.deliveries[position] -= taken
            wanted -= taken
        if wanted:
            self._post_reserved(order)
            order.ordered -= min(wanted, order.ordered)
        order.invoiced += amount
        if order.invoiced >= order.amount and order.is_under_way:
            order.status = "invoiced"

    @staticmethod
    def _post_reserved(order: OrderModel) -> None:
        order.ordered += order.reserved
        order.reserved = 0
