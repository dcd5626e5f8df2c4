from __future__ import annotations

from datetime import date

import pytest

from factories import orders
from tradecredit.apps.decisions import policies, shadows
from tradecredit.core.kernel import document_changes
from tradecredit.flows import reactions
from tradecredit.flows.orders import check_order_credit
from tradecredit.flows.policy import shadow_policy
from tradecredit.flows.policy.shadow_policy import UnableToShadowPolicyError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor
from tradecredit.plumbing.ids import new_id

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"


@pytest.fixture
def house(company):
    orders.policy(company)
    orders.creditworthy(company)
    return company


def check(company, reference, amount):
    request = orders.request(company, amount, reference=reference)
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]


def stricter(company):
    with db.unit_of_work(SYSTEM):
        document = policies.in_force(company_id=company.pk, as_of=date(2026, 3, 2)).document
    return document_changes.changed(document, MAXIMUM, "11000.00")


def started(company, **fields):
    values = {"document": stricter(company), "title": "更严", "share": 100, "actor": SYSTEM, **fields}
    return shadow_policy.start_shadow(company=company, **values)


def tally(shadow):
    with db.unit_of_work(SYSTEM):
        return shadows.tally(shadow.id)


class TestAskShadows:
    def test_says_what_it_would_have_said_and_decides_nothing(self, house):
        shadow = started(house)

        assert check(house, "SO-1", "10000.00").decision.outcome.text == "approve"
        assert check(house, "SO-2", "20000.00").decision.outcome.text == "approve"
        assert tally(shadow).asked == 0, "the check itself does not ask shadows"
        reactions.drain(actor=SYSTEM, company=house)

        found = tally(shadow)
        assert (found.asked, found.differed, found.newly_held, found.newly_released) == (2, 1, 1, 0)
        assert found.agreement_percent == "50.0"
        with db.unit_of_work(SYSTEM):
            (flip,) = shadows.flipped(shadow.id)
        assert (flip.reference, flip.live, flip.said) == ("SO-2", "approve", "review")
        assert flip.newly_against == ("single_document_maximum",)

    def test_is_not_asked_about_what_was_decided_before(self, house):
        check(house, "SO-1", "20000.00")
        shadow = started(house)
        reactions.drain(actor=SYSTEM, company=house)
        assert tally(shadow).asked == 0

    def test_is_asked_no_more_once_it_has_ended(self, house):
        shadow = started(house)
        shadow_policy.end_shadow(shadow_id=shadow.id, actor=SYSTEM)
        check(house, "SO-1", "20000.00")
        reactions.drain(actor=SYSTEM, company=house)
        assert tally(shadow).asked == 0
        with pytest.raises(UnableToShadowPolicyError):
            shadow_policy.end_shadow(shadow_id=shadow.id, actor=SYSTEM)

    def test_an_event_answered_twice_is_counted_once(self, house):
        shadow = started(house)
        made = check(house, "SO-1", "20000.00")
        for _ in range(2):
            with db.unit_of_work(SYSTEM):
                shadow_policy.ask_shadows(company_id=house.pk, decision_ids=[made.id])
        assert tally(shadow).asked == 1


class TestStartShadow:
    @pytest.mark.parametrize("share", [0, 101])
    def test_refuses_a_share_that_is_none(self, house, share):
        with pytest.raises(UnableToShadowPolicyError):
            started(house, share=share)

    def test_refuses_who_may_not_write_policies(self, house):
        with pytest.raises(UnableToShadowPolicyError):
            started(house, actor=Actor(user_id=new_id(), name="somebody"))


class TestIsInShare:
    def test_takes_the_share_of_the_customers_that_was_asked_for(self):
        shadow, customers = new_id(), [new_id() for _ in range(2000)]
        taken = [
            one for one in customers if shadow_policy.is_in_share(shadow_id=shadow, customer_id=one, share=20)
        ]
        assert 300 < len(taken) < 500
        assert all(shadow_policy.is_in_share(shadow_id=shadow, customer_id=one, share=60) for one in taken), (
            "a larger share keeps the customers of a smaller one"
        )
