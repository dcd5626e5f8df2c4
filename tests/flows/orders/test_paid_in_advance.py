"""An order paid in advance takes no more of anybody's room than it is not paid for; the cash gone, it does again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from factories import companies, documents, nodes, orders, receivables
from factories.credit_facts import section
from factories.documents import DAY, check, room
from factories.receivables import SYSTEM, payment_row
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import return_payment
from tradecredit.flows.orders import check_order_credit, replay_decisions, split_order, verify_exposure
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    made = companies.company()
    orders.policy(made, receivables=section("five-pillars", "receivables"))
    with scope.entered(SYSTEM), clock.on(made, DAY):
        yield made


@pytest.fixture
def customer(company):
    """A line of 500,000 and nothing owed."""
    return orders.creditworthy(company, billed="0")


def pay(company, amount, number="PAY-1", order_number="SO-9"):
    row = payment_row(number, amount, customer_code="C001", payment_date=DAY, order_number=order_number)
    receivables.payments(company, row)


def give_back(company, amount, number="PAY-1"):
    return_payment.return_payment(
        company=company, payment_number=number, amount=Decimal(amount), day=DAY, reason="changed", actor=SYSTEM
    )  # fmt: skip


class TestRoom:
    def test_is_free_of_what_an_order_paid_in_advance(self, company, customer):
        check(company, "60000.00", reference="SO-9")
        assert room(company, customer) == "440000.00"

        pay(company, "40000")

        assert room(company, customer) == "480000.00"
        assert check(company, "480000.00", reference="SO-2").lets_through

    def test_is_short_by_a_cent_beyond_that(self, company, customer):
        pay(company, "40000")
        check(company, "60000.00", reference="SO-9")

        assert not check(company, "480000.01", reference="SO-2").lets_through

    def test_is_never_more_than_without_the_order(self, company, customer):
        pay(company, "100000")
        check(company, "60000.00", reference="SO-9")

        assert room(company, customer) == "500000.00"

    def test_comes_from_no_order_that_is_not_there(self, company, customer):
        pay(company, "100000")

        assert room(company, customer) == "500000.00"

    def test_is_taken_again_when_the_cash_goes_back(self, company, customer):
        check(company, "60000.00", reference="SO-9")
        pay(company, "40000")

        give_back(company, "30000")
        assert room(company, customer) == "450000.00"

        give_back(company, "10000")
        assert room(company, customer) == "440000.00"

    def test_stays_free_while_goods_leave(self, company, customer):
        check(company, "60000.00", reference="SO-9")
        pay(company, "40000")

        documents.deliver(company, "30000.00", reference="SO-9")

        assert documents.stages(company, customer)["delivered"] == "30000.00"
        assert room(company, customer) == "480000.00"

    def test_is_counted_within_one_call_as_between_two(self, company, customer):
        pay(company, "40000")
        asked = [
            orders.request(company, "60000.00", reference="SO-9"),
            orders.request(company, "480000.00", reference="SO-2"),
            orders.request(company, "0.01", reference="SO-3"),
        ]

        views = check_order_credit.check_order_credit(requests=asked, actor=SYSTEM)

        assert [view.lets_through for view in views] == [True, True, False]

    def test_of_the_order_itself_counts_the_cash_once(self, company, customer):
        pay(company, "40000")
        check(company, "60000.00", reference="SO-9")

        again = check(company, "60000.00", reference="SO-9")

        assert again.decision.headroom.exposure.text() == "-40000.00"

    def test_leaves_the_row_the_sum_of_its_parts(self, company, customer):
        check(company, "60000.00", reference="SO-9")
        pay(company, "40000")
        give_back(company, "30000")

        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole


class TestRemainder:
    """SO-9 of 100,000 while 20,000 of room are left, 60,000 paid for it, 50,000 sent ahead as a part."""

    @pytest.fixture
    def halves(self, company, customer):
        check(company, "480000.00", reference="SO-1")
        pay(company, "60000")
        check(company, "100000.00", reference="SO-9")
        part = split_order.Part(amount=Money.of("50000", "CNY"))
        return split_order.split_order(company=company, reference="SO-9", part=part, actor=SYSTEM)

    def test_has_what_the_order_leaves_of_its_cash(self, halves):
        assert halves.part.lets_through
        assert not halves.rest.lets_through
        assert halves.rest.facts.request.prepaid == Money.of("10000", "CNY")

    def test_passes_once_more_cash_for_the_order_leaves_it_enough(self, company, customer, halves):
        pay(company, "19999.99", number="PAY-2")
        assert not check(company, "50000.00", reference=halves.rest_reference).lets_through

        pay(company, "0.01", number="PAY-3")

        assert check(company, "50000.00", reference=halves.rest_reference).lets_through
        assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
        assert replay_decisions.replay_decisions(actor=SYSTEM).different == ()

    def test_of_two_remainders_the_second_waits_for_the_first(self, company, customer, halves):
        part = split_order.Part(amount=Money.of("30000", "CNY"))
        again = split_order.split_order(
            company=company, reference=halves.rest_reference, part=part, actor=SYSTEM
        )

        first, second = again.part.facts.request.prepaid, again.rest.facts.request.prepaid
        assert (first, second) == (Money.of("10000", "CNY"), None)


class TestLevel:
    def test_is_free_of_what_a_member_paid_in_advance(self, company, customer):
        nodes.node("G1", "100000.00", members=(customer, orders.creditworthy(company, "C002", billed="0")))
        check(company, "60000.00", reference="SO-9")
        assert not check(company, "80000.00", "SO-2", customer_code="C002").lets_through

        pay(company, "40000")

        assert check(company, "80000.00", "SO-3", customer_code="C002").lets_through
        assert not check(company, "0.01", "SO-4", customer_code="C002").lets_through


class TestReplay:
    def test_gives_the_same(self, company, customer):
        pay(company, "40000")
        check(company, "60000.00", reference="SO-9")
        check(company, "480000.00", reference="SO-2")

        done = replay_decisions.replay_decisions(actor=SYSTEM)

        assert (done.replayed, done.identical) == (2, 2)
