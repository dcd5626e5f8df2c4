from __future__ import annotations

from datetime import timedelta

import pytest

from factories import companies, orders
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.monitoring import queries
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.orders import check_order_credit
from tradecredit.flows.watch import freeze_by_hand
from tradecredit.flows.watch.freeze_by_hand import UnableToFreezeError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def customer(company):
    orders.policy(company)
    return orders.creditworthy(company)


@pytest.fixture
def manager(company):
    return companies.person(company, Role.CREDIT_MANAGER)


def freeze(company, customer, actor, scope="orders", **fields):
    return freeze_by_hand.freeze(
        company=company, customer_id=customer.pk, scope=scope, reason="等待担保", actor=actor, **fields
    )


def outcome(company, reference="SO-2001"):
    found = check_order_credit.check_order_credit(
        requests=[orders.request(company, reference=reference)], actor=SYSTEM
    )
    return found[0].decision.outcome.text


class TestFreeze:
    def test_stops_what_it_names_and_nothing_else(self, company, customer, manager):
        freeze(company, customer, manager, scope="shipments")
        shipments_only = outcome(company)
        freeze(company, customer, manager)

        assert (shipments_only, outcome(company, "SO-2002")) == ("warn", "hold")

    def test_ends_by_itself_on_its_day(self, company, customer, manager):
        freeze(company, customer, manager, ends_on=orders.DAY + timedelta(days=5))

        before = freeze_by_hand.end_freezes(company=company, actor=SYSTEM, day=orders.DAY + timedelta(days=4))
        on_the_day = freeze_by_hand.end_freezes(
            company=company, actor=SYSTEM, day=orders.DAY + timedelta(days=5)
        )

        assert (before, on_the_day) == (0, 1)

    def test_refuses_a_second_one_and_one_without_reason(self, company, customer, manager):
        freeze(company, customer, manager)

        with pytest.raises(UnableToFreezeError):
            freeze(company, customer, manager)
        with pytest.raises(UnableToFreezeError):
            freeze_by_hand.freeze(
                company=company, customer_id=customer.pk, scope="limit", reason=" ", actor=manager
            )


class TestLift:
    def test_waits_for_a_second_person(self, company, customer, manager):
        director = companies.person(company, Role.RISK_DIRECTOR)
        found = freeze(company, customer, manager)

        is_off = freeze_by_hand.lift(company=company, freeze_id=found.id, reason="已付款", actor=manager)
        with db.unit_of_work(SYSTEM):
            asked = approvals.open_of_subjects(kind="freeze_lift", subject_ids=[found.id])[found.id]
        with pytest.raises(UnableToApproveError):
            decide_approval.decide_approval(request_id=asked.id, approves=True, reason="ok", actor=manager)
        still = outcome(company)
        decide_approval.decide_approval(request_id=asked.id, approves=True, reason="同意", actor=director)

        assert (is_off, still, outcome(company, "SO-2002")) == (False, "hold", "warn")
        with db.unit_of_work(SYSTEM):
            assert queries.freeze(found.id) is None

    def test_alone_where_policy_says_so(self, company, manager):
        control = {**orders.section("five-pillars", "order_control"), "four_eyes_to_lift": False}
        orders.policy(company, order_control=control)
        customer = orders.creditworthy(company)
        found = freeze(company, customer, manager)

        assert freeze_by_hand.lift(company=company, freeze_id=found.id, reason="已付款", actor=manager)
