"""A grade that moves: terms and shipments of orders that have not left, and in which order goods leave."""

from __future__ import annotations

import json

import pytest

from factories import companies, orders
from factories.credit_facts import section
from tradecredit.analytics.order_checks import shipping
from tradecredit.apps.monitoring import queries as monitoring
from tradecredit.apps.orders import queries as order_queries
from tradecredit.flows.orders import check_order_credit, follow_grade, order_policy
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company():
    made = companies.company()
    orders.policy(made, pack="payment-record", grades=section("payment-record", "grades"))
    return made


def ordered(company, reference="SO-2001", code="C001", **fields):
    request = orders.request(company, "10000.00", reference=reference, customer_code=code, **fields)
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def rerated(company, customer, grade, direction, day=3):
    orders.rating(
        company,
        customer,
        grade,
        as_of=orders.DAY.replace(day=day),
        result=json.dumps({"change": {"direction": direction}}),
    )
    return follow_grade.follow_grade(
        company=company, customer_ids=[customer.pk], actor=SYSTEM, as_of=orders.DAY.replace(day=day)
    )


def terms(company, reference="SO-2001"):
    with scope.entered(SYSTEM):
        found = order_queries.orders_by_reference([(company.pk, reference)])[company.pk, reference]
    return (found.terms_days, found.agreed_terms_days, found.first_terms_days)


class TestFollowGrade:
    def test_terms_default_from_the_grade_and_follow_it_down_and_back(self, company):
        customer = orders.creditworthy(company, grade="A", billed="0")
        ordered(company)
        assert terms(company) == (None, 60, None)

        assert rerated(company, customer, "B", "down").orders == 1
        assert terms(company) == (None, 30, 60)
        assert rerated(company, customer, "B", "same").orders == 0

        assert rerated(company, customer, "A", "up", day=4).orders == 1
        assert terms(company) == (None, 60, None)
        with scope.entered(SYSTEM):
            told = Event.objects.filter(name="order.terms_changed").order_by("sequence")
            assert [one.payload["terms_days"] for one in told] == [30, 60]

    def test_a_downgrade_to_a_pausing_grade_stops_shipments_until_it_is_better(self, company):
        customer = orders.creditworthy(company, grade="B", billed="0")

        assert rerated(company, customer, "D", "down").paused == (customer.pk,)
        assert rerated(company, customer, "D", "same").paused == ()
        assert self.frozen(company, customer) == ["shipments"]

        assert rerated(company, customer, "B", "up", day=4).resumed == (customer.pk,)
        assert self.frozen(company, customer, day=4) == []

    def test_a_first_rating_is_no_downgrade(self, company):
        customer = orders.creditworthy(company, grade="B", billed="0")

        assert rerated(company, customer, "D", "first").paused == ()

    @staticmethod
    def frozen(company, customer, day=3):
        with db.unit_of_work(SYSTEM):
            found = monitoring.active_freezes(
                company_id=company.pk, customer_ids=[customer.pk], as_of=orders.DAY.replace(day=day)
            )
        return [one.scope for one in found.get(customer.pk, ())]


class TestShipping:
    def test_the_better_grade_leaves_first_and_what_may_not_leave_comes_last(self, company):
        slow = orders.creditworthy(company, "C001", grade="B", billed="0")
        orders.creditworthy(company, "C002", grade="A", billed="0")
        ordered(company, "SO-1", "C001")
        ordered(company, "SO-2", "C002")
        assert self.queue(company) == [("SO-2", 1, True), ("SO-1", 2, True)]

        orders.rating(
            company, slow, "A", as_of=orders.DAY, result=json.dumps({"change": {"direction": "up"}})
        )
        assert self.queue(company) == [("SO-1", 1, True), ("SO-2", 1, True)]

        rerated(company, slow, "D", "down")
        assert self.queue(company, day=3) == [("SO-2", 1, True), ("SO-1", 4, False)]

    @staticmethod
    def queue(company, day=2):
        as_of = orders.DAY.replace(day=day)
        with db.unit_of_work(SYSTEM):
            grades = order_policy.in_force({(company.pk, as_of)})[company.pk, as_of].grades
            found = shipping.queue(
                company_id=company.pk, as_of=as_of, grades={one.grade: one for one in grades}
            )
        return [(one.order.reference, one.priority, one.may_leave) for one in found]
