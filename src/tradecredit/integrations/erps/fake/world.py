"""The fake's books: records of each kind with the moment of their last change, and what it was told about customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record in canonical words: a whole number as its key, when it was last changed, its values as texts."""

    number: int
    changed_at: datetime
    values: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class World:
    """What the fake knows; ``told`` holds what was written to it, by customer."""

    entries: dict[str, dict[int, Entry]] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, kind: str, number: int, *, changed_at: datetime | None = None, **values: str) -> None:
        """Add a record or replace it by one that changed later."""
        self.keep(kind, number, values, changed_at=changed_at)

    def keep(
        self, kind: str, number: int, values: Mapping[str, str], *, changed_at: datetime | None = None
    ) -> None:
        """Add or replace a record whose values come together."""
        moment = changed_at or _BEGAN + timedelta(minutes=number)
        self.entries.setdefault(kind, {})[number] = Entry(number=number, changed_at=moment, values=values)

    def of(self, kind: str) -> list[Entry]:
        """Return the records of a kind in the order of their keys."""
        return [entry for _, entry in sorted(self.entries.get(kind, {}).items())]


def invented(*, customers: int, invoices: int) -> World:
    """Return books with customers, an invoice a day for them in turn, every second one paid, every tenth credited."""
    world = World()
    for number in range(1, customers + 1):
        name = f"示例客户{number:04d}有限公司"
        world.put("customers", number, customer_code=str(number), customer_name=name)
    for number in range(1, invoices + 1):
        _add_invoice(world, number, customer=str(1 + number % customers))
    return world


def _add_invoice(world: World, number: int, *, customer: str) -> None:
    day, amount = _day(number), f"{100 + number}.50"
    shared = {"customer_code": customer, "currency": "CNY"}
    name = f"INV-{number:05d}"
    dates = {"invoice_date": day, "due_date": _day(number + 30)}
    world.keep("invoices", number, {**shared, **dates, "invoice_number": name, "amount": amount})
    if number % 2 == 0:
        paid = {"payment_number": f"PAY-{number:05d}", "payment_date": _day(number + 10)}
        world.keep("payments", number, {**shared, **paid, "amount": amount, "invoice_number": name})
    if number % 10 == 0:
        credit = {"credit_note_number": f"CN-{number:05d}", "date": day}
        world.keep("credit-notes", number, {**shared, **credit, "amount": "10.00"})


def _day(number: int) -> str:
    return (_BEGAN + timedelta(days=number % 200)).date().isoformat()
