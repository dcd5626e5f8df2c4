"""Held documents are looked at again in portions, each in a transaction of its own, longest held first."""

from __future__ import annotations

import pytest

from factories import companies, documents, orders
from tradecredit.apps.monitoring.models import Freeze
from tradecredit.apps.orders import held_marks, stopped
from tradecredit.apps.orders import queries as order_queries
from tradecredit.flows import reactions
from tradecredit.flows.orders import check_order_credit, move_order, recheck_held_orders
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company(monkeypatch):
    monkeypatch.setattr(recheck_held_orders, "PORTION", 2)
    made = companies.company()
    orders.policy(made)
    return made


def order(company, reference, amount, code="C001"):
    request = orders.request(company, amount, reference=reference, customer_code=code)
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0].order_status


def held(company):
    with scope.entered(SYSTEM):
        return [one.reference for one in order_queries.held_orders(company_id=company.pk)]


def told():
    with scope.entered(SYSTEM):
        return Event.objects.filter(name="held.remain").count()


class TestRecheckHeldOrders:
    def test_looks_at_all_of_them_portion_after_portion(self, company):
        orders.creditworthy(company)
        order(company, "SO-0", "84000.00")
        for number in range(1, 6):
            order(company, f"SO-{number}", "20000.00")
        assert held(company) == ["SO-1", "SO-2", "SO-3", "SO-4", "SO-5"]

        move_order.cancel_order(company=company, reference="SO-0", actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        assert held(company) == ["SO-5"]
        assert told() == 2

    def test_what_is_held_longest_comes_first(self, company):
        orders.creditworthy(company)
        order(company, "SO-0", "84000.00")
        for number in range(1, 4):
            order(company, f"SO-{number}", "40000.00")

        move_order.cancel_order(company=company, reference="SO-0", actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        assert held(company) == ["SO-3"]

    def test_leaves_an_event_for_those_alone_that_have_more(self, company):
        first = orders.creditworthy(company, "C001")
        second = orders.creditworthy(company, "C002")
        for number in range(1, 4):
            order(company, f"SO-{number}", "90000.00")
        order(company, "SO-9", "90000.00", "C002")

        recheck_held_orders.recheck_held_orders(
            company=company, customer_ids=[first.pk, second.pk], actor=SYSTEM
        )

        with scope.entered(SYSTEM):
            payloads = [one.payload for one in Event.objects.filter(name="held.remain").order_by("sequence")]
            mark = order_queries.orders_by_reference([(company.pk, "SO-2")])[company.pk, "SO-2"]
        assert {one["customer_id"] for one in payloads} == {str(first.pk), str(second.pk)}
        assert {one["after"] for one in payloads} == {held_marks.of(mark).text()}
        assert {one["kind"] for one in payloads} == {"orders"}

    def test_leaves_none_where_one_portion_is_all(self, company):
        customer = orders.creditworthy(company)
        order(company, "SO-1", "90000.00")
        order(company, "SO-2", "90000.00")

        recheck_held_orders.recheck_held_orders(company=company, customer_ids=[customer.pk], actor=SYSTEM)

        assert told() == 0


class TestRecheckHeldDeliveries:
    def test_goes_on_where_the_portion_ended(self, company):
        customer = orders.creditworthy(company, billed="0")
        order(company, "SO-1", "90000.00")
        with scope.entered(SYSTEM):
            Freeze.objects.create(
                company=company, customer=customer, scope="shipments", cause="person", text_zh="停", text_en="stop",
                frozen_on=orders.DAY, created_at=companies.MOMENT, created_by="test",
            )  # fmt: skip
        for number in range(1, 6):
            documents.deliver(company, "1000.00", number=f"DN-{number}")
        with scope.entered(SYSTEM):
            assert len(stopped.held(company_id=company.pk)) == 5
            Freeze.objects.update(lifted_on=orders.DAY)

        recheck_held_orders.recheck_held_deliveries(company=company, customer_ids=[customer.pk], actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        with scope.entered(SYSTEM):
            assert stopped.held(company_id=company.pk) == ()


class TestHeldMark:
    def test_is_read_as_it_was_written(self, company):
        orders.creditworthy(company)
        order(company, "SO-1", "90000.00")
        with scope.entered(SYSTEM):
            mark = held_marks.of(order_queries.held_orders(company_id=company.pk)[0])

        assert held_marks.read(mark.text()) == mark
