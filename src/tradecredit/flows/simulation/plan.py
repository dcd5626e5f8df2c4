"""What will happen on which day: orders are planned, the rest follows from what the flows answer."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from tradecredit.flows.simulation import world as worlds
from tradecredit.flows.simulation.world import Habit, SimCustomer

if TYPE_CHECKING:
    from collections.abc import Iterator

_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
# Until so many weeks before the end the books are worked on every fourth and every second week.
_FORTNIGHTLY, _WEEKLY = 28, 11
_AMOUNT_STEP = Decimal(10)


class Kind(StrEnum):
    """What happens, in the order of a day."""

    FACT = "fact"
    PAYMENT = "payment"
    ORDER = "order"
    ANSWER = "answer"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happens to one customer in one company."""

    kind: Kind
    company: str
    customer: str
    reference: str
    amount: Decimal
    currency: str = "CNY"
    terms_days: int = 0
    refers_to: str = ""


class Agenda:
    """The days ahead."""

    def __init__(self) -> None:
        self._heap: list[tuple[date, int, Happening]] = []
        self._tie = count()

    def add(self, day: date, happening: Happening) -> None:
        """Put a happening on a day; weekends move to Monday."""
        heapq.heappush(self._heap, (workday(day), next(self._tie), happening))

    def take(self, day: date) -> list[Happening]:
        """Take everything due by the day."""
        found = []
        while self._heap and self._heap[0][0] <= day:
            found.append(heapq.heappop(self._heap)[2])
        return found


def workday(day: date) -> date:
    """Return the day, or Monday for a weekend."""
    if day.weekday() == _SATURDAY:
        return day + timedelta(days=2)
    return day + timedelta(days=1) if day.weekday() == _SUNDAY else day


def is_posting_day(day: date, *, latest: date) -> bool:
    """Tell whether the books are worked on: Fridays, every fourth one at first, and every day of the last days.

    What happened in between is entered on the next posting day.
    """
    if day > latest - timedelta(days=11):
        return True
    if day.weekday() != _FRIDAY:
        return False
    weeks_left = (latest - day).days // 7
    return weeks_left <= _WEEKLY or weeks_left % (2 if weeks_left <= _FORTNIGHTLY else 4) == 0


def orders(world: worlds.World, *, first: date, latest: date) -> Iterator[tuple[date, Happening]]:
    """Plan every order of the period but the hero's, which are scripted."""
    random = Random(world.seed + 1)  # noqa: S311 - play, not secrets
    numbers = count(1)
    for customer in world.customers:
        if customer.code == worlds.HERO:
            continue
        for company in customer.companies:
            for day in _order_days(random, customer, first=first, latest=latest):
                yield (
                    day,
                    Happening(
                        kind=Kind.ORDER,
                        company=company,
                        customer=customer.code,
                        reference=f"SO-{company[2:]}-{next(numbers):05d}",
                        amount=amount(random, customer),
                        currency=customer.currency,
                        terms_days=customer.terms_days,
                    ),
                )


def _order_days(random: Random, customer: SimCustomer, *, first: date, latest: date) -> Iterator[date]:
    gap = 30 / customer.orders_per_month
    start = max(first, customer.since) if customer.habit is Habit.NEW else first
    offset = Decimal(random.randint(0, int(gap)))
    while True:
        day = start + timedelta(days=int(offset))
        if day > latest or (
            customer.habit is Habit.BREAKING and day > worlds.GROUP_BREAKS_ON + timedelta(days=45)
        ):
            return
        yield day
        offset += gap * Decimal(random.randint(70, 130)) / 100


def amount(random: Random, customer: SimCustomer) -> Decimal:
    """Draw the amount of an order."""
    factor = Decimal(random.choice((55, 70, 85, 100, 100, 115, 130, 170))) / 100
    size = customer.order_size / (7 if customer.currency == "USD" else 1)
    cents = Decimal(random.choice((0, 0, 0, 50, 80))) / 100
    return (size * factor / _AMOUNT_STEP).to_integral_value() * _AMOUNT_STEP + cents


@dataclass(frozen=True, slots=True)
class HeroOrder:
    """An order of the hero as the demo's story needs it; days that are None never come."""

    reference: str
    invoice: str
    amount: Decimal
    ordered_on: date
    delivered_on: date | None
    invoiced_on: date | None
    paid_on: date | None


def _hero(reference: int, amount: int, ordered: date, *days: date | None) -> HeroOrder:
    delivered, invoiced, paid = days
    return HeroOrder(
        f"SO-JD-H{reference}", f"INV-{reference}", Decimal(amount), ordered, delivered, invoiced, paid
    )


# The last rows leave: INV-1042 overdue by 18 days, three invoices not due, goods not billed, one open order.
HERO_ORDERS = (
    _hero(1003, 64000, date(2025, 6, 6), date(2025, 7, 4), date(2025, 8, 1), date(2025, 8, 29)),
    _hero(1007, 71500, date(2025, 8, 1), date(2025, 8, 29), date(2025, 9, 26), date(2025, 10, 24)),
    _hero(1012, 88000, date(2025, 9, 26), date(2025, 10, 24), date(2025, 11, 21), date(2025, 12, 19)),
    _hero(1017, 93200, date(2025, 12, 19), date(2026, 1, 16), date(2026, 2, 13), date(2026, 3, 13)),
    _hero(1021, 76000, date(2026, 1, 16), date(2026, 2, 13), date(2026, 3, 13), date(2026, 5, 8)),
    _hero(1026, 101000, date(2026, 3, 13), date(2026, 4, 10), date(2026, 5, 8), date(2026, 6, 19)),
    _hero(1031, 97500, date(2026, 5, 8), date(2026, 5, 22), date(2026, 6, 5), date(2026, 7, 17)),
    _hero(1036, 112000, date(2026, 7, 3), date(2026, 7, 17), date(2026, 7, 31), date(2026, 9, 18)),
    _hero(1039, 108000, date(2026, 7, 31), date(2026, 8, 14), date(2026, 8, 28), date(2026, 10, 16)),
    _hero(1042, 82000, date(2026, 9, 4), date(2026, 9, 11), date(2026, 9, 18), None),
    _hero(1044, 120000, date(2026, 9, 25), date(2026, 10, 2), date(2026, 10, 9), None),
    _hero(1046, 95000, date(2026, 10, 9), date(2026, 10, 16), date(2026, 10, 23), None),
    _hero(1047, 134000, date(2026, 10, 16), date(2026, 10, 23), date(2026, 10, 30), None),
    _hero(1049, 45000, date(2026, 10, 30), date(2026, 11, 6), None, None),
    _hero(1050, 60000, date(2026, 11, 6), None, None, None),
)
HERO_FIRST_LIMIT = Decimal(600000)
HERO_LIMIT_CUT_ON = date(2026, 11, 10)
GROUP_LIMIT = Decimal("6000000.00")
USD_RATE = Decimal("7.1")
HERO_LIMIT = Decimal(500000)
