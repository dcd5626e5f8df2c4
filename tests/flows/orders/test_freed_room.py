"""Room that came back is offered to what waits for it, at the account and at the levels above it."""

from __future__ import annotations

import pytest

from factories import companies, nodes, orders
from tradecredit.apps.orders import queries as order_queries
from tradecredit.flows import reactions
from tradecredit.flows.orders import check_order_credit, move_order
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company():
    made = companies.company()
    orders.policy(made)
    return made


def ordered(company, reference, amount, code="C001"):
    request = orders.request(company, amount, reference=reference, customer_code=code)
    view = check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]
    return view.order_status


def status(company, reference):
    with scope.entered(SYSTEM):
        return order_queries.orders_by_reference([(company.pk, reference)])[company.pk, reference].status


class TestFreedRoom:
    def test_a_cancelled_order_gives_its_room_to_the_one_that_waits(self, company):
        orders.creditworthy(company)
        assert ordered(company, "SO-1", "60000.00") == "released"
        assert ordered(company, "SO-2", "50000.00") == "held"

        move_order.cancel_order(company=company, reference="SO-1", actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        assert status(company, "SO-2") == "released"

    def test_an_order_amended_to_less_does_the_same(self, company):
        orders.creditworthy(company)
        ordered(company, "SO-1", "60000.00")
        ordered(company, "SO-2", "50000.00")

        less = orders.request(company, "30000.00").amount
        move_order.amend_order(company=company, reference="SO-1", amount=less, actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        assert status(company, "SO-2") == "released"

    def test_nothing_is_told_where_nothing_is_held(self, company):
        orders.creditworthy(company)
        ordered(company, "SO-1", "60000.00")

        move_order.cancel_order(company=company, reference="SO-1", actor=SYSTEM)

        with scope.entered(SYSTEM):
            assert not Event.objects.filter(name="room.freed").exists()

    def test_room_at_a_group_goes_to_another_member_that_waits_for_it(self, company):
        first = orders.creditworthy(company, "C001", billed="0")
        second = orders.creditworthy(company, "C002", billed="0")
        nodes.node("G1", "100000.00", members=(first, second))
        assert ordered(company, "SO-1", "80000.00", "C001") == "released"
        assert ordered(company, "SO-2", "50000.00", "C002") == "held"

        move_order.cancel_order(company=company, reference="SO-1", actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        assert status(company, "SO-2") == "released"
