"""The world in which the cases of the table happen: two companies, two currencies, three generations of customers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from factories import companies, customers, nodes, orders
from factories.credit_facts import section
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.dossier.models import Customer
    from tradecredit.plumbing.access.models import Company

SYSTEM: Final = Actor.system("test")
DAY: Final = date(2026, 3, 2)
COMPANIES: Final = {"HOME": "示例机电有限公司", "AWAY": "示例外贸有限公司"}
# Each customer with the one above it.
FAMILY: Final = {"TOP": None, "CHILD": "TOP", "GRAND": "CHILD"}
LINES: Final = {"CNY": "100000.00", "USD": "20000.00"}
RATE: Final = "7.00"
FAMILY_LIMIT: Final = "500000.00"


def money(text: str, currency: str) -> Money:
    """Return the amount as the table writes it, such as 60,000.00."""
    return Money.of(text.replace(",", ""), currency)


@dataclass(slots=True, kw_only=True)
class World:
    """What a case acts on, and what was answered."""

    companies: dict[str, Company]
    customers: dict[str, Customer]
    people: dict[tuple[str, Role], Actor]
    day: date = DAY
    homes: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    clock_: ExitStack = field(default_factory=ExitStack)
    lines_set: int = 0

    def person(self, company: str, role: Role) -> Actor:
        """Return somebody with the role in the company."""
        return self.people[company, role]

    def company_of(self, reference: str) -> Company:
        """Return the company in which the document stands."""
        return self.companies[self.homes[reference]]

    def set_day(self, day: date) -> None:
        """Let it be another day, in both companies."""
        self.clock_.close()
        self.day = day
        self.clock_.enter_context(clock.on(self.companies["HOME"], day))

    def line_day(self) -> date:
        """Return a day from which a line of this case holds: each later one replaces the earlier."""
        self.lines_set += 1
        return self.day - timedelta(days=30 - self.lines_set)

    def order(self, reference: str) -> order_queries.OrderRecord:
        """Return the order as it stands."""
        key = (self.company_of(reference).pk, reference)
        with scope.entered(SYSTEM):
            return order_queries.orders_by_reference([key])[key]

    def question_of(self, reference: str) -> UUID:
        """Return the question that people have been asked about the order."""
        order = self.order(reference)
        with scope.entered(SYSTEM):
            return approvals.open_of_subjects(kind="order_release", subject_ids=[order.id])[order.id].id

    def publish(self, company: str, control: dict[str, Any]) -> None:
        """Let another policy of order control hold in the company."""
        orders.policy(
            self.companies[company],
            order_control=control,
            receivables=section("five-pillars", "receivables"),
            valid_from=DAY,
        )


def build() -> World:
    """Return the world: each customer has a line of 100,000 CNY and of 20,000 USD in each company.

    One USD is 7.00 CNY; the family of TOP may owe 500,000 CNY over both companies and all currencies.
    """
    homes = {code: companies.company(code, name, day=DAY) for code, name in COMPANIES.items()}
    people = {
        (code, role): companies.person(home, role)
        for code, home in homes.items()
        for role in (Role.SALES, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO)
    }
    found: dict[str, Customer] = {}
    for home in homes.values():
        orders.policy(home, receivables=section("five-pillars", "receivables"))
    for code, above in FAMILY.items():
        found[code] = _customer(code, found.get(above or ""), homes)
    nodes.rate("USD", "CNY", RATE)
    nodes.node("FAMILY", FAMILY_LIMIT, kind="family", value="TOP")
    return World(companies=homes, customers=found, people=people)


def _customer(code: str, above: Customer | None, homes: dict[str, Company]) -> Customer:
    customer = customers.customer(homes["HOME"], code, f"示例{code}有限公司", parent=above)
    with db.unit_of_work(SYSTEM):
        customer.company_ids = [home.pk for home in homes.values()]
        customer.save()
    for home in homes.values():
        orders.rating(home, customer)
        for currency, amount in LINES.items():
            orders.line(home, customer, amount, currency=currency)
    return customer


def in_family(amounts: dict[str, Decimal]) -> Decimal:
    """Return what amounts by currency are in CNY at the world's rate."""
    rates = {"CNY": Decimal(1), "USD": Decimal(RATE)}
    return sum((amount * rates[currency] for currency, amount in amounts.items()), Decimal(0))
