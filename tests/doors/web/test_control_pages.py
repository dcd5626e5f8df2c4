"""The control tab: parties recorded, settings asked for and decided; limits of levels decided in the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factories import nodes
from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.apps.decisions.models import Setting
from tradecredit.apps.dossier.models import CustomerParty
from tradecredit.apps.exposure.node_models import NodeLimit
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

_SYSTEM = Actor.system("test")
_TAB = "/customers/C001?tab=control"


class TestParties:
    def test_a_payer_is_recorded_and_shown(self, house: House):
        browser = house.client(Role.CREDIT_MANAGER)

        browser.post("/customers/C001/parties", {"role": "payer", "party": "C002", "reason": "代付协议"})

        page = browser.get(_TAB).content.decode()
        assert "示例长安汽车配件有限公司" in page
        with scope.entered(_SYSTEM):
            assert CustomerParty.objects.get().role == "payer"

    def test_sales_do_not_record_one(self, house: House):
        house.client(Role.SALES).post(
            "/customers/C001/parties", {"role": "payer", "party": "C002", "reason": "x"}
        )

        with scope.entered(_SYSTEM):
            assert CustomerParty.objects.count() == 0

    def test_a_missing_reason_is_said_and_nothing_is_recorded(self, house: House):
        answer = house.client(Role.CREDIT_MANAGER).post(
            "/customers/C001/parties", {"role": "payer", "party": "C002"}, follow=True
        )

        assert "理由" in answer.content.decode()
        with scope.entered(_SYSTEM):
            assert CustomerParty.objects.count() == 0


class TestSettings:
    def ask(self, house: House) -> Setting:
        house.client(Role.CREDIT_MANAGER).post(
            "/customers/C001/settings", {"name": "strength.order", "value": "warn", "reason": "战略客户"}
        )
        with scope.entered(_SYSTEM):
            return Setting.objects.get()

    def test_waits_until_somebody_else_approves_it(self, house: House):
        asked = self.ask(house)
        path = f"/customers/C001/settings/{asked.pk}/decide"

        house.client(Role.CREDIT_MANAGER).post(path, {"verdict": "approve"})
        with scope.entered(_SYSTEM):
            after_own = Setting.objects.get().status
        house.client(Role.CFO).post(path, {"verdict": "approve"})

        page = house.client(Role.CFO, language="en").get(_TAB).content.decode()
        with scope.entered(_SYSTEM):
            assert (after_own, Setting.objects.get().status) == ("open", "approved")
        assert "Settings that wait" not in page

    def test_a_value_that_means_nothing_is_refused(self, house: House):
        answer = house.client(Role.CREDIT_MANAGER).post(
            "/customers/C001/settings",
            {"name": "strength.order", "value": "maybe", "reason": "x"},
            follow=True,
        )

        assert "none, warn, special, block。" in answer.content.decode()
        with scope.entered(_SYSTEM):
            assert Setting.objects.count() == 0


class TestWideSettings:
    def test_a_setting_of_a_class_waits_for_a_second_person_and_then_stands_on_the_page(self, house: House):
        house.client(Role.CREDIT_MANAGER).post(
            "/settings/control/ask",
            {
                "level": "class",
                "class_name": "B",
                "name": "strength.order",
                "value": "warn",
                "reason": "旺季",
            },
        )
        with scope.entered(_SYSTEM):
            asked = Setting.objects.get()
        path = f"/settings/control/{asked.pk}/decide"

        own = house.client(Role.CREDIT_MANAGER).get("/settings/control").content.decode()
        house.client(Role.CREDIT_MANAGER).post(path, {"verdict": "approve"})
        with scope.entered(_SYSTEM):
            after_own = Setting.objects.get().status
        house.client(Role.CFO).post(path, {"verdict": "approve"})
        page = house.client(Role.SALES, language="en").get("/settings/control").content.decode()

        assert "须由他人决定" in own
        assert (asked.level, asked.class_name, after_own) == ("class", "B", "open")
        assert 'data-test="wide-settings"' in page
        assert 'data-test="wide-waiting"' not in page
        assert 'data-test="wide-form"' not in page

    def test_a_class_without_its_name_is_refused(self, house: House):
        answer = house.client(Role.CREDIT_MANAGER).post(
            "/settings/control/ask",
            {"level": "class", "name": "reservation_days", "value": "10", "reason": "x"},
            follow=True,
        )

        assert "写明类别或评级" in answer.content.decode()
        with scope.entered(_SYSTEM):
            assert Setting.objects.count() == 0


class TestLevelLimits:
    def test_a_limit_asked_for_on_the_page_is_decided_in_the_inbox(self, house: House):
        nodes.node("G1", None)
        house.client(Role.CREDIT_MANAGER).post(
            "/levels", {"code": "G1", "amount": "600万", "reason": "合并授信"}
        )
        with scope.entered(_SYSTEM):
            asked = ApprovalRequest.objects.get(kind="level_limit")
        director = house.client(Role.RISK_DIRECTOR)

        inbox = director.get("/tasks").content.decode()
        director.post(f"/tasks/{asked.pk}/decide", {"answer": "approve"})

        assert "批准集团或组合额度" in inbox
        with scope.entered(_SYSTEM):
            assert NodeLimit.objects.get().status == "approved"
