"""Races, writes that fan out, reads that write: what other systems' users met, and what happens here."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from django.db import connections

from factories import accounts, companies, customers, orders
from tradecredit.analytics.order_checks import exposures
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.exposure import operations
from tradecredit.apps.exposure import queries as exposure
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports import import_limits
from tradecredit.flows.imports.import_limits import LimitRow
from tradecredit.flows.orders import check_order_credit, move_order, verify_exposure
from tradecredit.plumbing import db, failpoints
from tradecredit.plumbing.access import Actor, Role, scope

SYSTEM = Actor.system("test")
LIMIT = Decimal("500000.00")


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    orders.creditworthy(found, billed="0.00")
    return found


@pytest.fixture
def switched_off(monkeypatch):
    """Switch protections off in this process, as the negative controls of `tradecredit torture` do."""

    def switch(*names):
        monkeypatch.setenv(failpoints.UNSAFE, ",".join(names))
        failpoints.refuse_in_production("proof")

    yield switch
    monkeypatch.undo()
    failpoints.refuse_in_production("test")


def check(company, number, amount="60000.00", code="C001"):
    request = orders.request(company, amount, customer_code=code, reference=f"SO-{number}")
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def together(work, inputs):
    """Run the work in as many threads as there are inputs, let go at once; returns results or what was raised."""
    gate = threading.Barrier(len(inputs))

    def run(one):
        try:
            gate.wait(timeout=60)
            return work(one)
        except (UnableToError, RuntimeError) as refusal:
            return refusal
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(max_workers=len(inputs)) as pool:
        return list(pool.map(run, inputs))


def total():
    with db.unit_of_work(SYSTEM):
        found = exposure.accounts_by_id(exposure.CreditAccount.objects.values_list("pk", flat=True))
    return sum(account.total.amount for account in found.values())


def versions(url, *tables):
    """Return the version (xmin) of every row of the tables: a row that is written again gets another one."""
    with psycopg.connect(url) as owner:
        return {
            (table, str(key)): version
            for table in tables
            for key, version in owner.execute(f"SELECT id, xmin::text FROM {table}")
        }


@pytest.mark.timeout(300)
class TestP49CheckThenWrite:
    def test_p49_parallel_orders_take_the_room_that_there_is_and_no_more(self, company):
        """Shops that check, then write, sold 2 of 1 left; a line of 500,000 let 16 × 60,000 = 960,000 pass. Ours: 480,000."""
        views = together(lambda number: check(company, number), range(16))

        assert sum(view.order_status == "released" for view in views) == 8
        assert total() == Decimal("480000.00")
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole

    def test_p49_control_without_lock_and_ceiling_the_same_orders_go_over(
        self, company, switched_off, monkeypatch
    ):
        """The race is real: with the protections off, 8 × 100,000 against 500,000 pass together."""
        gathered = threading.Barrier(8)
        reserve = operations.reserve

        def reserve_together(*, wanted):
            gathered.wait(timeout=60)
            return reserve(wanted=wanted)

        switched_off("skip-lock")
        monkeypatch.setattr(operations, "reserve", reserve_together)

        together(lambda number: check(company, number, "100000.00"), range(8))

        assert total() == Decimal("800000.00") > LIMIT

    def test_p49_closing_reopening_and_raising_at_once_never_passes_the_line(self, company):
        """ERPNext: close an order, make another, reopen the first: never checked again. Ours: each re-creation is a check."""
        for number in range(5):
            check(company, number, "100000.00")
        move_order.close_order(company=company, reference="SO-0", actor=SYSTEM)

        def act(number):
            if number % 2:
                return move_order.reopen_order(company=company, reference="SO-0", actor=SYSTEM)
            return check(company, f"new-{number}", "100000.00")

        together(act, range(8))

        assert total() == LIMIT
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole

    def test_p49_batches_over_the_same_customers_in_any_order_do_not_deadlock(self, company):
        """Rows locked in the order of the request deadlock; ours are locked in the order of their identifiers."""
        for code in ("C002", "C003"):
            customer = customers.customer(company, code, f"示例五金{code}有限公司")
            orders.line(company, customer)
            orders.rating(company, customer)
            accounts.account(company, customer)
        codes = ("C001", "C002", "C003")

        def batch(number):
            order = codes if number % 2 else codes[::-1]
            return check_order_credit.check_order_credit(
                requests=[
                    orders.request(company, "1000.00", customer_code=code, reference=f"SO-{number}-{code}")
                    for code in order
                ],
                actor=SYSTEM,
            )

        views = together(batch, range(12))

        assert [len(found) for found in views] == [3] * 12
        assert total() == Decimal("36000.00")


class TestP17StoredRiskFields:
    def test_p17_a_check_does_not_write_the_customer(self, company, own_database):
        """OCA: stored risk fields kept rewriting the partner row (2 writes an order, crashes). Ours: 0 writes of it."""
        before = versions(own_database, "dossier_customer")

        for number in range(3):
            check(company, number)
        move_order.cancel_order(company=company, reference="SO-1", actor=SYSTEM)

        assert versions(own_database, "dossier_customer") == before

    def test_p17_a_check_goes_on_while_somebody_edits_the_customer(self, company, own_database):
        """Balances on the partner row made order entry wait for whoever edited an address. Ours waits for nobody."""
        with psycopg.connect(own_database) as editing:
            editing.execute("UPDATE dossier_customer SET name = name || '!'")

            view = check(company, 1)

            editing.rollback()
        assert view.order_status == "released"

    def test_p17_the_stored_exposure_is_searchable_and_right(self, company):
        """Fields that were not stored could not be searched. Ours: one row an account, equal to its events."""
        check(company, 1)

        with db.unit_of_work(SYSTEM):
            found = exposure.CreditAccount.objects.filter(reserved__gte="60000.00")
            assert [str(row.reserved) for row in found] == ["60000.0000"]


class TestP18FanOutOfLimits:
    def test_p18_a_new_limit_writes_one_row_however_many_children_there_are(self, company, own_database):
        """OCA bb96d8e0: changing a parent's limit recomputed dozens of children. Ours: 1 line is added, 0 rows rewritten."""
        with scope.entered(SYSTEM):
            parent = Customer.objects.get(code="C001")
        for number in range(30):
            child = customers.customer(company, f"K{number}", f"示例子公司{number}", parent=parent)
            accounts.account(company, child)
        tables = ("dossier_customer", "exposure_creditaccount", "limits_creditline")
        before = versions(own_database, *tables)

        import_limits.import_limits(
            rows=[LimitRow(customer_code="C001", limit="700000.00", valid_from=date(2026, 3, 1))],
            company=company,
            actor=SYSTEM,
        )

        after = versions(own_database, *tables)
        assert {key: version for key, version in after.items() if key in before} == before
        assert len(after) - len(before) == 1


class TestP44ReadsThatWrite:
    def test_p44_reading_an_exposure_writes_nothing(self, company):
        """OCA 536: computing one partner wrote another one. Ours: every read runs in a read-only transaction."""
        check(company, 1)
        with scope.entered(SYSTEM):
            customer = Customer.objects.get(code="C001")
            with connections["default"].cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = on")
            try:
                found = exposures.of_customer(
                    customer_id=customer.pk, company_id=company.pk, as_of=orders.DAY, extra_currency="CNY"
                )
                whole = verify_exposure.verify_exposure(actor=SYSTEM)
            finally:
                with connections["default"].cursor() as cursor:
                    cursor.execute("SET default_transaction_read_only = off")

        assert [one.parts.reserved.amount for one in found] == [Decimal("60000.00")]
        assert whole.is_whole

    def test_p44_a_stranger_sees_and_changes_nothing_of_another_company(self, company):
        """Computed with somebody's rights, another partner's fields leaked. Ours: row security answers 0 rows."""
        check(company, 1)
        stranger = companies.person(companies.company("OTHER", "示例贸易有限公司"), Role.CREDIT_MANAGER)

        with scope.entered(stranger):
            assert list(Customer.objects.all()) == []
            assert exposure.CreditAccount.objects.count() == 0
        with pytest.raises(UnableToError):
            check_order_credit.check_order_credit(
                requests=[orders.request(company, "1.00", reference="SO-9")], actor=stranger
            )

        assert total() == Decimal("60000.00")
