"""A company with a customer that owes, a held order and people of every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from factories import companies, customers, limits, policies, receivables
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import check_order_credit
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing.access import Actor, Role
from tradecredit.plumbing.access.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from tradecredit.plumbing.access.models import Company

TODAY = date(2026, 3, 2)
SYSTEM = Actor.system("test")


@dataclass(frozen=True)
class House:
    """What the pages are looked at with."""

    company: Company
    decision_id: UUID
    people: dict[Role, Actor]

    def client(self, role: Role, *, language: str = "zh-hans") -> Client:
        browser = Client()
        browser.force_login(
            User.objects.get(pk=self.people[role].user_id),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        browser.cookies["django_language"] = language
        return browser


@pytest.fixture(autouse=True)
def _built_house(request, worlds) -> Iterator[House | None]:
    """Enter the house before any other fixture writes, where the test looks at one."""
    if "house" not in request.fixturenames:
        yield None
        return
    with worlds.entered("house", _built) as found:
        yield found


@pytest.fixture
def house(_built_house: House, db) -> House:
    return _built_house


@pytest.fixture
def company(request, db) -> Company:
    """The company of the house where the test looks at one, else an empty one."""
    if "house" in request.fixturenames:
        return request.getfixturevalue("house").company
    return companies.company()


def _built() -> House:
    company = companies.company()
    policies.published(company)
    first = customers.customer(company, "C001", "示例五金甲有限公司", salesperson="示例李明", region="华东")
    customers.customer(company, "C002", "示例长安汽车配件有限公司", salesperson="示例王芳", region="西南")
    limits.opening(company, "C001", "100000")
    limits.opening(company, "C002", "300000")
    receivables.invoices(
        company,
        receivables.invoice_row("INV-1042", "82000.00", due_date=TODAY - timedelta(days=20)),
        receivables.invoice_row("INV-1043", "12500.55", due_date=TODAY + timedelta(days=12)),
        receivables.invoice_row(
            "INV-2001", "45000.10", customer_code="C002", due_date=TODAY - timedelta(days=3)
        ),
        receivables.invoice_row("INV-2002", "7000.00", customer_code="C002", currency="USD"),
    )
    people = {
        role: companies.person(
            company,
            role,
            row_kind="own" if role is Role.SALES else "all",
            row_value="示例李明" if role is Role.SALES else "",
        )
        for role in Role
    }
    rerate_customer.rerate_customers(company=company, customer_ids=[first.pk], cause="test", actor=SYSTEM)
    asked = CheckRequest(
        company=company, customer_code="C001", reference="SO-1", amount=Money.of("120000.00", "CNY")
    )
    held = check_order_credit.check_order_credit(requests=[asked], actor=people[Role.SALES_DIRECTOR])
    return House(company=company, decision_id=held[0].id, people=people)
