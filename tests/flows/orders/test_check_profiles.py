"""Profiles of accounts: built, marked stale by what is written, and never kept when something was missed."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from factories import companies, customers, orders
from tradecredit.apps.decisions.models import CheckProfile, StandingChange
from tradecredit.apps.exposure.models import CreditAccount
from tradecredit.flows.orders import check_profiles, order_cases
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

SYSTEM = Actor.system("test")


def build(company, *codes, currency="CNY"):
    return check_profiles.build(
        company=company, accounts=[(code, currency) for code in codes], day=orders.DAY, actor=SYSTEM
    )


def profile(code="C001"):
    with db.unit_of_work(SYSTEM):
        return CheckProfile.objects.filter(customer__code=code).first()


def marks():
    with db.unit_of_work(SYSTEM):
        return StandingChange.objects.count()


@pytest.mark.django_db
class TestBuild:
    def test_keeps_the_standing_of_an_account_and_takes_its_marks_away(self, company):
        orders.policy(company)
        orders.creditworthy(company)
        before = marks()

        assert build(company, "C001") == 1

        found = profile()
        assert (before, marks()) == (1, 0)
        assert (found.day, found.is_plain) == (orders.DAY, True)

    def test_the_same_standing_is_recorded_once(self, company):
        orders.policy(company)
        orders.creditworthy(company)

        build(company, "C001")
        first = profile().standing_id
        build(company, "C001")

        assert profile().standing_id == first

    def test_passes_over_customers_of_others(self, company):
        other = companies.company(code="OTHER", name="示例外贸有限公司")
        orders.policy(company)
        customers.customer(other, "C900", name="示例别家")

        assert build(company, "C900", "C404") == 0

    def test_takes_as_many_statements_for_many_as_for_one(self, company, django_assert_max_num_queries):
        orders.policy(company)
        codes = [f"C{number:03}" for number in range(5)]
        for code in codes:
            orders.creditworthy(company, code)
        with django_assert_max_num_queries(60) as one:
            build(company, codes[0])

        with django_assert_max_num_queries(len(one)):
            build(company, *codes[1:])

    def test_an_order_bound_temporary_line_makes_the_account_not_plain(self, company):
        orders.policy(company)
        customer = orders.creditworthy(company)
        orders.line(
            company, customer, "1.00", line_kind="temporary", reference="SO-9", valid_from=orders.DAY,
            valid_to=orders.DAY.replace(month=12),
        )  # fmt: skip

        build(company, "C001")

        assert profile().is_plain is False


@pytest.mark.django_db
class TestMarks:
    @pytest.mark.parametrize("source", ["line", "rating", "invoice", "customer"])
    def test_what_is_written_leaves_one_mark_a_transaction(self, company, source):
        orders.policy(company)
        customer = orders.creditworthy(company)
        build(company, "C001")
        write = {
            "line": lambda: orders.line(company, customer, "7.00", valid_from=orders.DAY),
            "rating": lambda: orders.rating(company, customer, "C", as_of=orders.DAY),
            "invoice": lambda: orders.invoice(company, customer, "INV-1", "5.00", due=orders.DAY),
            "customer": lambda: type(customer).objects.filter(pk=customer.pk).update(region="北区"),
        }[source]

        with db.unit_of_work(SYSTEM):
            write()

        assert marks() == 1

    def test_every_table_that_the_facts_are_read_from_has_its_triggers(self, company):
        """Whoever lets the facts read another table has to place it: mark it, or read it afresh in every check."""
        orders.policy(company)
        orders.creditworthy(company)
        read_afresh = {
            *("access_company", "exposure_creditaccount", "decisions_policyversion", "orders_order"),
            # Of an order that is known: the quick check is for those that are not.
            *("orders_delivery", "orders_release", "exposure_exposureentry", "exposure_reservation"),
            # Without a level above the account (which leaves a mark), there is nothing to convert.
            "exposure_exchangerate",
        }
        with CaptureQueriesContext(connection) as captured, db.unit_of_work(SYSTEM):
            order_cases.gather([orders.request(company)], as_of=orders.DAY, is_locked=False)
        read = " ".join(query["sql"] for query in captured.captured_queries)
        tables = set(re.findall(r'(?:FROM|JOIN) "?([a-z]+(?:_[a-z]+)+)', read)) & _tables()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgname IN ('check_profile_update', 'check_profile_all')"
            )
            marked = {table for (table,) in cursor.fetchall()}

        assert {"limits_creditline", "scoring_rating", "receivables_instalment"} <= tables
        assert tables - marked - read_afresh == set()

    def test_the_sweep_forgets_marks_and_profiles_together(self, company):
        orders.policy(company)
        customer = orders.creditworthy(company)
        build(company, "C001")
        orders.line(company, customer, "7.00", valid_from=orders.DAY)

        swept = check_profiles.sweep(actor=SYSTEM)

        assert (swept, marks(), profile()) == (1, 0, None)


class TestRace:
    """A change that commits while a profile is being built leaves its mark, whichever statement it fell between."""

    @pytest.fixture
    def company(self, own_database):
        found = companies.company()
        orders.policy(found)
        orders.creditworthy(found)
        return found

    def test_a_change_under_way_is_never_taken_for_seen(self, company, monkeypatch):
        wrote, go_on = threading.Event(), threading.Event()
        customer = _account().customer

        def late_writer():
            with transaction.atomic():
                orders.rating(company, customer, "D", as_of=orders.DAY)
                wrote.set()
                go_on.wait(30)
            connections["default"].close()

        writer = threading.Thread(target=late_writer)
        writer.start()
        wrote.wait(30)
        build(company, "C001")
        go_on.set()
        writer.join()

        assert profile() is not None
        assert marks() == 1

    def test_a_change_between_the_marks_and_the_reading_counts_as_unseen(self, company, monkeypatch):
        customer = _account().customer
        gather = check_profiles.order_cases.gather

        def with_a_change_before(*args, **named):
            def change():
                orders.rating(company, customer, "D", as_of=orders.DAY)
                connections["default"].close()

            writer = threading.Thread(target=change)
            writer.start()
            writer.join()
            return gather(*args, **named)

        monkeypatch.setattr(check_profiles.order_cases, "gather", with_a_change_before)
        build(company, "C001")

        assert marks() == 1

    def test_read_first_and_marks_after_would_miss_it(self, company, monkeypatch):
        """The control: the other order of the two steps takes away the mark of what it has not read."""
        customer = _account().customer
        begin = check_profiles._begin

        def begin_late(customer_ids):
            def change():
                orders.rating(company, customer, "D", as_of=orders.DAY)
                connections["default"].close()

            gathered = check_profiles.order_cases.gather(
                [check_profiles._nothing(company, "C001", "CNY")], as_of=orders.DAY, is_locked=False
            )
            writer = threading.Thread(target=change)
            writer.start()
            writer.join()
            monkeypatch.setattr(check_profiles.order_cases, "gather", lambda *args, **named: gathered)
            return begin(customer_ids)

        monkeypatch.setattr(check_profiles, "_begin", begin_late)
        build(company, "C001")

        assert profile() is not None
        assert marks() == 0


def _tables():
    return set(connection.introspection.table_names())


def _account():
    with db.unit_of_work(SYSTEM):
        return CreditAccount.objects.select_related("customer").get(customer__code="C001")
