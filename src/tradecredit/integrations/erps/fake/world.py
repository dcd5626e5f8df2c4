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
        moment = changed_at or _BEGAN + timedelta(minutes=number)
        self.entries.setdefault(kind, {})[number] = Entry(number=number, changed_at=moment, values=values)

    def of(self, kind: str) -> list[Entry]:
        """Return the records of a kind in the order of their keys."""
        return [entry for _, entry in sorted(self.entries.get(kind, {}).items())]


def invented(*, customers: int, invoices: int) -> World:
    """Return books with customers, an invoice a day for them in turn, every second one paid, every tenth credited."""
    world = World()
    for number in range(1, customers + 1):
        world.put(
            "customers", number, customer_code=str(number), customer_name=f"示例客户{number:04d}有限公司"
        )
    for number in range(1, invoices + 1):
        customer, day = str(1 + number % customers), _day(number)
        amount = f"{100 + number}.50"
        world.put(
            "invoices",
            number,
            invoice_number=f"INV-{number:05d}",
            customer_code=customer,
            invoice_date=day,
            due_date=_day(number + 30),
            amount=amount,
            currency="CNY",
        )
        if number % 2 == 0:
            world.put(
                "payments",
                number,
                payment_number=f"PAY-{number:05d}",
                customer_code=customer,
                payment_date=_day(number + 10),
                amount=amount,
                currency="CNY",
                invoice_number=f"INV-{number:05d}",
            )
        if number % 10 == 0:
            world.put(
                "credit-notes",
                number,
                credit_note_number=f"CN-{number:05d}",
                customer_code=customer,
                date=day,
                amount="10.00",
                currency="CNY",
            )
    return world


def _day(number: int) -> str:
    return (_BEGAN + timedelta(days=number % 200)).date().isoformat()
