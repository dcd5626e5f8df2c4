"""Settings below the policy: asked for, decided by another, inherited with their origin, felt by the check."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, orders
from tradecredit.analytics.order_checks import effective_settings
from tradecredit.core.kernel.periods import Validity
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.flows.policy import keep_settings
from tradecredit.flows.policy.keep_settings import SettingDraft
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company(db):
    found = companies.company()
    orders.policy(found)
    return found


@pytest.fixture
def people(company):
    return companies.person(company, Role.CREDIT_MANAGER), companies.person(company, Role.CFO)


def put(company, people, level, name, value, *, until=None, **place):
    draft = SettingDraft(
        level=level, name=name, value=value, validity=Validity(orders.DAY, until), reason="测试", **place
    )
    asker, decider = people
    setting_id = keep_settings.propose_setting(company=company, draft=draft, actor=asker)
    keep_settings.decide_setting(company=company, setting_id=setting_id, approves=True, actor=decider)


def effective(company, customer, name, day=orders.DAY):
    with scope.entered(SYSTEM):
        found = effective_settings.of_customer(customer_id=customer.pk, company_id=company.pk, as_of=day)
    return next((one.value, one.origin, one.place) for one in found if one.name == name)


def check(company, amount="120000.00", **fields):
    return check_order_credit.check_order_credit(
        requests=[orders.request(company, amount, **fields)], actor=SYSTEM
    )[0]


class TestResolver:
    def test_the_narrowest_level_that_says_something_holds(self, company, people):
        customer = orders.creditworthy(company, customer_type="经销商")
        assert effective(company, customer, "reservation_days") == ("30", "policy", "")
        put(company, people, "house", "reservation_days", "20")
        assert effective(company, customer, "reservation_days") == ("20", "house", "")
        put(company, people, "company", "reservation_days", "15")
        assert effective(company, customer, "reservation_days") == ("15", "company", "DEMO")
        put(company, people, "class", "reservation_days", "10", class_name="经销商")
        assert effective(company, customer, "reservation_days") == ("10", "class", "经销商")
        put(company, people, "customer", "reservation_days", "0", customer_code="C001")
        assert effective(company, customer, "reservation_days") == ("0", "customer", "C001")
        put(company, people, "customer", "reservation_days", None, customer_code="C001")
        assert effective(company, customer, "reservation_days") == ("10", "class", "经销商")

    def test_not_set_is_not_zero(self, company):
        customer = orders.creditworthy(company)

        assert effective(company, customer, "excluded_from_checks") == (None, "not set", "")

    def test_a_grade_is_a_class(self, company, people):
        customer = orders.creditworthy(company, grade="B")
        put(company, people, "class", "strength.order", "warn", class_name="B")

        assert effective(company, customer, "strength.order") == ("warn", "class", "B")


class TestFourEyes:
    def test_nobody_decides_their_own(self, company, people):
        draft = SettingDraft(
            level="company",
            name="strength.order",
            value="none",
            validity=Validity(orders.DAY),
            reason="x",
        )
        setting_id = keep_settings.propose_setting(company=company, draft=draft, actor=people[0])
        orders.creditworthy(company)

        with pytest.raises(keep_settings.UnableToDecideSettingError):
            keep_settings.decide_setting(
                company=company, setting_id=setting_id, approves=True, actor=people[0]
            )

        assert check(company).decision.outcome.text == "hold"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("strength.order", "soft"),
            ("strength.quotation", "none"),
            ("reservation_days", "-1"),
            ("colour", "red"),
        ],
    )
    def test_refuses_what_is_no_setting(self, company, name, value):
        draft = SettingDraft(
            level="company", name=name, value=value, validity=Validity(orders.DAY), reason="x"
        )
        with pytest.raises(keep_settings.UnableToKeepSettingError):
            keep_settings.propose_setting(company=company, draft=draft, actor=SYSTEM)


class TestCheck:
    def test_follows_the_strength_set_for_the_customer(self, company, people):
        orders.creditworthy(company)
        put(company, people, "customer", "strength.order", "warn", customer_code="C001")

        view = check(company)

        assert view.decision.outcome.text == "warn"
        assert view.facts.settings[0].origin == "customer"
        assert replay_decisions.replay_decisions(actor=SYSTEM).identical == 1

    def test_an_exclusion_holds_for_its_time_and_says_so(self, company, people):
        orders.creditworthy(company)
        put(
            company, people, "customer", "excluded_from_checks", "yes",
            until=date(2026, 3, 10), customer_code="C001",
        )  # fmt: skip

        during = check(company, reference="SO-1")
        after = check_order_credit.check_order_credit(
            requests=[orders.request(company, "900000.00", reference="SO-2")],
            actor=SYSTEM,
            as_of=date(2026, 3, 10),
        )[0]

        assert during.decision.outcome.text == "approve"
        assert {one.finding.sentence for one in during.decision.results} == {"rule.excluded"}
        assert during.decision.results[0].finding.ours == "2026-03-02"
        assert after.decision.outcome.text == "hold"

    def test_keeps_room_for_the_days_that_are_set(self, company, people):
        orders.creditworthy(company)
        put(company, people, "company", "reservation_days", "3")

        view = check(company, "1000.00")

        assert view.reservation.expires_at.date() == date(2026, 3, 5)
