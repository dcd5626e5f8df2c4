"""The feed, one alert, the rule bench and the plans, as people see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tradecredit.apps.dossier.models import Fact
from tradecredit.apps.monitoring.models import Alert, RuleMute
from tradecredit.flows.watch import raise_alert
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")


@pytest.fixture
def alert(house: House) -> Alert:
    from tradecredit.apps.dossier.models import Customer

    day = clock.today(house.company)
    with scope.entered(SYSTEM):
        customer = Customer.objects.get(code="C002")
        Fact.objects.create(
            customer=customer, name="equity_pledge_ratio", value="0.62", valid_from=day, recorded_at=clock.now(),
            recorded_by="test",
        )  # fmt: skip
        raise_alert.raise_alert(company=house.company, customer_ids=[customer.pk], as_of=day, actor=SYSTEM)
        return Alert.objects.get(rule="equity-pledge")


class TestFeed:
    @pytest.mark.parametrize(
        ("language", "why"), [("zh-hans", ("股权质押比例", "62%")), ("en", ("equity pledge ratio", "62%"))]
    )
    def test_says_why(self, house: House, alert, language, why):
        page = house.client(Role.CREDIT_MANAGER, language=language).get("/alerts").content.decode()

        assert all(part in page for part in why)

    @pytest.mark.parametrize(
        ("query", "is_there"),
        [("level=orange", True), ("level=red", False), ("state=late", False), ("state=closed", False)],
    )
    def test_shows_what_was_asked_for(self, house: House, alert, query, is_there):
        page = house.client(Role.CREDIT_MANAGER).get(f"/alerts?{query}").content.decode()

        assert (f"alert-{alert.pk}" in page) is is_there


class TestAlert:
    def test_is_taken_up_noted_and_closed(self, house: House, alert):
        browser = house.client(Role.CREDIT_MANAGER)
        browser.post(f"/alerts/{alert.pk}/answer", {"what": "see"})
        browser.post(f"/alerts/{alert.pk}/answer", {"what": "note", "text": "已约见股东"})
        browser.post(f"/alerts/{alert.pk}/close", {"response": "补充担保"})

        page = browser.get(f"/alerts/{alert.pk}").content.decode()

        assert "已约见股东" in page
        assert "补充担保" in page
        with scope.entered(SYSTEM):
            alert.refresh_from_db()
        assert alert.first_response_at is not None

    def test_another_companys_is_not_there(self, house: House, alert):
        assert house.client(Role.CREDIT_MANAGER).get(f"/alerts/{house.decision_id}").status_code == 404


class TestRuleBench:
    def test_shows_rules_thresholds_and_silences_one(self, house: House, alert):
        browser = house.client(Role.CREDIT_MANAGER)
        until = clock.today(house.company) + timedelta(days=30)
        browser.post(
            "/alerts/rules/equity-pledge/mute",
            {"what": "mute", "until": until.isoformat(), "reason": "噪声太多"},
        )

        page = browser.get("/alerts/rules").content.decode()

        assert "核心股东股权质押比例超过50%" in page
        assert "噪声太多" in page
        with scope.entered(SYSTEM):
            assert RuleMute.objects.get().ends_on == until

    @pytest.mark.parametrize(
        ("language", "name"), [("zh-hans", "第三阶段 最后催告"), ("en", "Stage 3: final demand")]
    )
    @pytest.mark.parametrize("path", ["/alerts/rules", "/alerts?state=all&rule=dunning.stage-3"])
    def test_calls_a_step_of_dunning_by_its_name(self, house: House, alert, path, language, name):
        with scope.entered(SYSTEM):
            Alert.objects.filter(pk=alert.pk).update(rule="dunning.stage-3")

        page = house.client(Role.CREDIT_MANAGER, language=language).get(path).content.decode()

        assert name in page


class TestPlans:
    def test_shows_steps_and_what_starts_them(self, house: House):
        page = house.client(Role.CREDIT_MANAGER).get("/alerts/plans").content.decode()

        assert "止损预案＋法律诉讼" in page
        assert "被列为失信被执行人" in page
