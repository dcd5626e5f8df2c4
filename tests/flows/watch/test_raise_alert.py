from __future__ import annotations

from datetime import date

import pytest

from factories import companies
from tradecredit.apps.dossier.models import Fact
from tradecredit.apps.monitoring.models import Alert, Freeze
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.watch import close_alert, raise_alert
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Event, Message

SYSTEM = Actor.system("test")


def _fact(scene, name, value, *, days=0):
    with scope.entered(SYSTEM):
        Fact.objects.create(
            customer=scene.customer,
            name=name,
            value=value,
            valid_from=scene.day(days),
            recorded_at=clock.now(),
            recorded_by="test",
        )


def _warn(scene, *, days=0):
    return raise_alert.raise_alert(
        company=scene.company, customer_ids=[scene.customer.pk], as_of=scene.day(days), actor=SYSTEM
    )


def _scopes():
    with scope.entered(SYSTEM):
        return sorted(Freeze.objects.filter(lifted_on__isnull=True).values_list("scope", flat=True))


class TestRaiseAlert:
    @pytest.mark.parametrize(
        ("days", "alerts"),
        [
            (29, []),
            (30, [("overdue-30", "yellow")]),
            (90, [("overdue-30", "yellow"), ("overdue-90", "red")]),
        ],
    )
    def test_warns_by_the_ledger(self, scene, days, alerts):
        scene.invoice()

        assert _warn(scene, days=days) == len(alerts)
        assert scene.alerts() == alerts

    @pytest.mark.parametrize(
        ("name", "value", "alerts"),
        [
            ("equity_pledge_ratio", "0.50", []),
            ("equity_pledge_ratio", "0.51", [("equity-pledge", "orange")]),
            ("equity_pledge_ratio", "51%", [("equity-pledge", "orange")]),
            ("dishonest_debtor", "yes", [("dishonest-debtor", "red")]),
            ("dishonest_debtor", "no", []),
            ("major_lawsuit", "是", [("major-lawsuit", "red")]),
        ],
    )
    def test_warns_by_recorded_facts(self, scene, name, value, alerts):
        _fact(scene, name, value)

        _warn(scene)

        assert scene.alerts() == alerts

    def test_gives_the_risk_department_a_task_first_in_line_for_a_new_enforcement_record(self, scene):
        _fact(scene, "enforcement_records", "1")
        _warn(scene)
        _fact(scene, "enforcement_records", "2", days=3)

        again, third = _warn(scene, days=3), _warn(scene, days=4)

        assert (again, third) == (1, 0)
        with scope.entered(SYSTEM):
            tasks = Task.objects.order_by("id")
            assert [(task.role, task.priority) for task in tasks] == [("credit_manager", 2)] * 2
            assert "新增被执行人信息" in tasks[0].text_zh

    def test_says_nothing_about_a_record_that_was_recorded_again_unchanged(self, scene):
        _fact(scene, "enforcement_records", "1")
        _warn(scene)
        _fact(scene, "enforcement_records", "1", days=5)

        assert _warn(scene, days=5) == 0

    def test_does_not_warn_before_a_fact_is_valid(self, scene):
        _fact(scene, "dishonest_debtor", "yes", days=1)

        assert (_warn(scene, days=0), _warn(scene, days=1)) == (0, 1)

    def test_raises_an_open_alert_once_and_emits_its_event(self, scene):
        companies.person(scene.company, Role.RISK_DIRECTOR)
        _fact(scene, "dishonest_debtor", "yes")

        _warn(scene)
        _warn(scene, days=40)

        assert len(scene.alerts()) == 1
        with scope.entered(SYSTEM):
            assert Event.objects.filter(name="alert.raised").count() == 1
            assert [message.recipient for message in Message.objects.filter(channel="mail")] == [
                "risk_director@demo.example.com"
            ]

    def test_stays_silent_about_an_explained_delay(self, scene):
        scene.invoice()
        _fact(scene, "overdue_explained", "yes")

        assert _warn(scene, days=45) == 0


class TestSettleAlerts:
    def test_lifts_the_freeze_when_the_reason_is_gone_and_leaves_the_alert_for_its_response(self, scene):
        scene.invoice()
        _warn(scene, days=30)
        assert _scopes() == ["limit"]

        scene.pay("100.00", day=scene.day(30))
        raise_alert.settle_alerts(
            company=scene.company, customer_ids=[scene.customer.pk], as_of=scene.day(30), actor=SYSTEM
        )

        assert _scopes() == []
        with scope.entered(SYSTEM):
            assert Alert.objects.get().closed_at is None
            assert Event.objects.filter(name="freeze.lifted").count() == 1

    def test_freezes_again_when_the_reason_comes_back_while_the_alert_is_open(self, scene):
        scene.invoice("INV-1")
        _warn(scene, days=30)
        scene.pay("100.00", day=scene.day(30))
        _warn(scene, days=30)
        assert _scopes() == []

        scene.invoice("INV-2")

        assert _warn(scene, days=31) == 0
        assert _scopes() == ["limit"]

    def test_keeps_the_freeze_of_a_rule_that_cannot_be_answered_any_more(self, scene):
        with scope.entered(SYSTEM):
            Fact.objects.create(
                customer=scene.customer, name="dishonest_debtor", value="yes", valid_from=scene.day(0),
                valid_to=scene.day(5), recorded_at=clock.now(), recorded_by="test",
            )  # fmt: skip
        _warn(scene)

        raise_alert.settle_alerts(
            company=scene.company, customer_ids=[scene.customer.pk], as_of=scene.day(6), actor=SYSTEM
        )

        assert _scopes() == ["limit", "orders", "shipments"]


class TestCloseAlert:
    def _alert(self, scene):
        from tradecredit.apps.monitoring import queries

        with scope.entered(SYSTEM):
            return queries.alerts(company_id=scene.company.pk)[0]

    def test_closes_with_a_response_and_lifts_what_the_alert_froze(self, scene):
        _fact(scene, "dishonest_debtor", "yes")
        _warn(scene)
        assert _scopes() == ["limit", "orders", "shipments"]

        closed = close_alert.close_alert(
            company=scene.company, alert_id=self._alert(scene).id, response="已全额收回", actor=SYSTEM
        )

        assert (closed.response, closed.closed_by) == ("已全额收回", "test")
        assert _scopes() == []

    def test_refuses_to_close_without_a_response(self, scene):
        _fact(scene, "dishonest_debtor", "yes")
        _warn(scene)

        with pytest.raises(close_alert.UnableToCloseAlertError):
            close_alert.close_alert(
                company=scene.company, alert_id=self._alert(scene).id, response=" ", actor=SYSTEM
            )

        assert self._alert(scene).closed_at is None
        assert _scopes() == ["limit", "orders", "shipments"]

    def test_refuses_to_close_twice_or_for_another_company(self, scene):
        other = companies.company("OTHER", "示例贸易有限公司", day=date(2026, 3, 2))
        _fact(scene, "dishonest_debtor", "yes")
        _warn(scene)
        alert = self._alert(scene)

        with pytest.raises(close_alert.UnableToCloseAlertError):
            close_alert.close_alert(company=other, alert_id=alert.id, response="done", actor=SYSTEM)
        close_alert.close_alert(company=scene.company, alert_id=alert.id, response="done", actor=SYSTEM)
        with pytest.raises(close_alert.UnableToCloseAlertError):
            close_alert.close_alert(company=scene.company, alert_id=alert.id, response="again", actor=SYSTEM)

        assert self._alert(scene).response == "done"
