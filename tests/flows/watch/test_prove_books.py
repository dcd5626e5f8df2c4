"""The nightly proof of the books: one wrong figure freezes its own account, names the figure, and is lifted when repaired."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import psycopg
import pytest

from factories import accounts, companies, customers, orders
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.monitoring import queries as monitoring
from tradecredit.apps.worklist.models import Task
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import check_order_credit
from tradecredit.flows.watch import prove_books
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

SYSTEM = Actor.system("test")


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    customer = orders.creditworthy(found, billed="0.00")
    orders.line(found, customer, "90000.00", currency="USD")
    accounts.account(found, customer, currency="USD")
    other = customers.customer(found, "C002", "示例五金乙有限公司")
    orders.line(found, other)
    orders.rating(found, other)
    accounts.account(found, other)
    return found


def plant(url, amount, *, stage="billed"):
    """Move one balance of C001 in CNY behind everybody's back, as only the owner can."""
    with psycopg.connect(url) as owner:
        owner.execute(
            f"UPDATE exposure_creditaccount a SET {stage} = {stage} + %s FROM dossier_customer c"
            " WHERE c.id = a.customer_id AND c.code = 'C001' AND a.currency = 'CNY'",
            [amount],
        )


def prove(company):
    return prove_books.prove_books(company=company, as_of=orders.DAY, actor=SYSTEM)


def outcome(company, code="C001", currency="CNY"):
    request = orders.request(company, customer_code=code)
    request = dataclasses.replace(request, amount=Money.of("100.00", currency))
    view = check_order_credit.check_order_credit(requests=[request], actor=SYSTEM, commit=False)[0]
    return view.decision.outcome.text


class TestProveBooks:
    def test_finds_nothing_in_whole_books(self, company):
        found = prove(company)

        assert (found.accounts, found.findings, found.frozen) == (3, (), 0)
        assert outcome(company) == "approve"

    def test_freezes_the_account_concerned_and_no_other(self, company, own_database):
        plant(own_database, "0.01")

        found = prove(company)

        assert {(one.figure, one.words.en) for one in found.findings} == {
            ("billed", "billed is 0.01, rebuilt 0.00")
        }
        assert found.frozen == 1
        assert outcome(company) in {"hold", "reject"}
        assert outcome(company, currency="USD") == "approve"
        assert outcome(company, code="C002") == "approve"

    def test_asks_people_to_repair_the_figure_it_names(self, company, own_database):
        plant(own_database, "0.01")

        prove(company)

        with db.unit_of_work(SYSTEM):
            tasks = list(Task.objects.filter(kind="books.disagree").order_by("role"))
        assert [task.role for task in tasks] == ["admin", "credit_manager"] * (len(tasks) // 2)
        assert "C001 in CNY do not agree: billed is 0.01, rebuilt 0.00" in tasks[0].text_en

    def test_repaired_the_account_is_open_again(self, company, own_database):
        plant(own_database, "0.01")
        prove(company)
        plant(own_database, "-0.01")

        found = prove(company)

        assert (found.findings, found.lifted) == ((), 1)
        assert outcome(company) == "approve"
        with db.unit_of_work(SYSTEM):
            assert monitoring.freezes_on(company_id=company.pk, cause=prove_books.CAUSE) == ()

    def test_twice_changes_nothing(self, company, own_database):
        plant(own_database, "0.01")
        prove(company)

        again = prove(company)

        assert (again.frozen, again.lifted) == (0, 0)
        with db.unit_of_work(SYSTEM):
            assert len(monitoring.freezes_on(company_id=company.pk, cause=prove_books.CAUSE)) == 1

    def test_room_kept_for_a_cancelled_order_is_found(self, company, own_database):
        check_order_credit.check_order_credit(requests=[orders.request(company, "100.00")], actor=SYSTEM)
        with psycopg.connect(own_database) as owner:
            owner.execute("UPDATE orders_order SET status = 'cancelled'")

        found = prove(company)

        assert [one.words.en for one in found.findings] == [
            "order SO-2001 is cancelled and still keeps 100.00"
        ]

    def test_room_without_its_decision_is_found(self, company, own_database):
        check_order_credit.check_order_credit(requests=[orders.request(company, "100.00")], actor=SYSTEM)
        with psycopg.connect(own_database) as owner:
            owner.execute("UPDATE exposure_reservation SET decision_id = gen_random_uuid()")

        found = prove(company)

        assert [one.words.en for one in found.findings] == ["SO-2001: no such decision"]

    def test_proving_changes_no_balance(self, company, own_database):
        plant(own_database, "0.01")
        prove(company)

        with db.unit_of_work(SYSTEM):
            found = exposure.accounts_by_id(exposure.CreditAccount.objects.values_list("pk", flat=True))
        assert sum(one.billed.amount for one in found.values()) == Decimal("0.0100")
