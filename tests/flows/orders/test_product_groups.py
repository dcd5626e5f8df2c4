"""A product group that names items counts the order lines about them, not whole orders."""

from __future__ import annotations

from decimal import Decimal

import pytest

from factories import companies, documents, nodes, orders
from factories.documents import DAY
from factories.receivables import SYSTEM
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.exposure.parting import PartLine
from tradecredit.flows import reactions
from tradecredit.flows.levels import save_node
from tradecredit.flows.levels.save_node import NodeDraft, UnableToKeepNodeError
from tradecredit.flows.orders import check_order_credit, move_order, replay_decisions
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    made = companies.company()
    orders.policy(made)
    orders.creditworthy(made, "C001", billed="0")
    orders.creditworthy(made, "C002", billed="0")
    with scope.entered(SYSTEM), clock.on(made, DAY):
        yield made


def asked(company, reference, code="C001", **amounts):
    lines = tuple(
        PartLine(line=place, item=item, quantity=None, amount=Decimal(amount))
        for place, (item, amount) in enumerate(amounts.items(), start=1)
    )
    total = sum((line.amount for line in lines), Decimal(0))
    return orders.request(company, str(total), reference=reference, customer_code=code, lines=lines)


def check(company, reference, code="C001", **amounts):
    request = asked(company, reference, code, **amounts)
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def steel(view):
    return [
        (found.finding.state.value, found.finding.ours, found.finding.limit)
        for found in view.decision.results
        if found.check == "control_nodes" and found.finding.level == "STEEL"
    ]


class TestProductGroup:
    def test_counts_only_the_lines_about_its_items(self, company):
        nodes.node("STEEL", "50000.00", kind="product_group", value="ST*")

        first = check(company, "SO-1", ST1="30000.00", WOOD="60000.00")
        second = check(company, "SO-2", "C002", ST2="20000.01", WOOD="1000.00")

        assert first.lets_through
        assert steel(first) == [("passed", "30000.00", "50000.00")]
        assert steel(second) == [("failed", "20000.01", "20000.00")]

    def test_each_of_a_batch_sees_what_those_before_it_took(self, company):
        nodes.node("STEEL", "50000.00", kind="product_group", value="ST*")
        batch = [
            asked(company, "SO-1", ST1="30000.00", WOOD="60000.00"),
            asked(company, "SO-2", "C002", ST1="30000.00"),
        ]

        views = check_order_credit.check_order_credit(requests=batch, actor=SYSTEM)

        assert [steel(view) for view in views] == [
            [("passed", "30000.00", "50000.00")],
            [("failed", "30000.00", "20000.00")],
        ]

    def test_an_order_of_other_items_does_not_concern_it(self, company):
        nodes.node("STEEL", "1.00", kind="product_group", value="ST*")

        view = check(company, "SO-1", WOOD="60000.00")

        assert view.lets_through
        assert steel(view) == []

    def test_an_order_that_tells_no_items_goes_to_a_person(self, company):
        nodes.node("STEEL", "50000.00", kind="product_group", value="ST*")

        view = documents.check(company, "1000.00")

        assert view.decision.outcome.text == "review"
        assert steel(view) == [("unknown", "", "")]

    def test_concerns_only_the_customers_that_are_named(self, company):
        named = orders.creditworthy(company, "C003", billed="0")
        nodes.node("STEEL", "50000.00", kind="product_group", value="ST*", members=(named,))

        assert steel(check(company, "SO-1", ST1="60000.00")) == []
        assert steel(check(company, "SO-3", "C003", ST1="60000.00")) == [("failed", "60000.00", "50000.00")]

    def test_goods_and_invoices_count_on_in_proportion(self, company):
        nodes.node("STEEL", "50000.00", kind="product_group", value="ST*")
        check(company, "SO-1", ST1="30000.00", WOOD="30000.00")
        documents.deliver(company, "40000.00")
        documents.bill(company, "INV-1", "20000", order_number="SO-1")

        view = check(company, "SO-2", "C002", ST1="1000.00")

        assert steel(view) == [("passed", "1000.00", "20000.00")]

    def test_says_how_much_of_the_whole_order_fits(self, company):
        nodes.node("STEEL", "10000.00", kind="product_group", value="ST*")

        view = check(company, "SO-1", ST1="30000.00", WOOD="60000.00")

        part = next(one for one in view.decision.remedies if one.code == "ship_part")
        assert part.amount.text() == "30000.00"

    def test_room_that_comes_back_goes_to_who_waits_for_it(self, company):
        nodes.node("STEEL", "50000.00", kind="product_group", value="ST*")
        check(company, "SO-1", ST1="30000.00")
        held = check(company, "SO-2", "C002", ST1="30000.00")
        assert held.order_status == "held"

        move_order.cancel_order(company=company, reference="SO-1", actor=SYSTEM)
        reactions.drain(actor=SYSTEM)

        found = order_queries.orders_by_reference([(company.pk, "SO-2")])
        assert found[company.pk, "SO-2"].status == "released"

    def test_replays_identically(self, company):
        nodes.node("STEEL", "50000.00", kind="product_group", value="ST*")
        check(company, "SO-1", ST1="30000.00", WOOD="60000.00")
        check(company, "SO-2", "C002", ST1="30000.00")

        done = replay_decisions.replay_decisions(actor=SYSTEM)

        assert (done.replayed, done.identical) == (2, 2)

    def test_stands_alone(self, company):
        nodes.node("G1")
        draft = NodeDraft(code="STEEL", kind="product_group", value="ST*", parent_code="G1")

        with pytest.raises(UnableToKeepNodeError, match="order lines"):
            save_node.save_node(company=company, draft=draft, actor=SYSTEM)
