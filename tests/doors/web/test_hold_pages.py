"""The hold queue and what its buttons do: many at once, in part, and looked back on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.orders.models import HoldReview, Order, Release
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

_SYSTEM = Actor.system("test")


def _held() -> dict[str, str]:
    with scope.entered(_SYSTEM):
        return {row.reference: str(row.pk) for row in Order.objects.filter(status="held")}


class TestHeldOrders:
    def test_shows_every_reason_and_whom_it_waits_for(self, house: House):
        page = house.client(Role.RISK_DIRECTOR).get("/orders/held").content.decode()

        assert page.count('data-test="choose"') == 1
        assert "可用额度" in page
        assert "逾期天数" in page

    def test_filters_leave_out_what_is_not_asked_for(self, house: House):
        browser = house.client(Role.RISK_DIRECTOR)

        assert 'data-test="choose"' not in browser.get("/orders/held?reason=freeze").content.decode()
        assert 'data-test="choose"' in browser.get("/orders/held?reason=headroom&sort=over").content.decode()


class TestToShip:
    def test_what_is_held_stands_last_and_says_so(self, house: House):
        page = house.client(Role.SALES_MANAGER).get("/orders/to-ship").content.decode()

        assert 'data-test="to-ship"' in page
        assert "被拦</span>" in page


class TestAct:
    def test_rejects_what_was_chosen_and_leaves_the_rest(self, house: House):
        chosen = _held()["SO-1"]
        browser = house.client(Role.RISK_DIRECTOR)

        browser.post(
            "/orders/held/act",
            {"action": "reject", "hold": chosen, "reason": "先付款", "reject_code": "payment_first"},
        )

        assert "SO-1" not in _held()

    def test_nobody_without_authority_releases(self, house: House):
        chosen = _held()["SO-1"]

        page = house.client(Role.COLLECTOR).post(
            "/orders/held/act", {"action": "release", "hold": chosen}, follow=True
        )

        assert "SO-1" in _held()
        assert "您的角色不能执行此操作" in page.content.decode()


class TestSplit:
    def test_lets_the_typed_amount_go_by_itself(self, house: House):
        browser = house.client(Role.CREDIT_MANAGER)

        browser.post("/orders/SO-1/split", {"amount": "2万", "currency": "CNY"})

        with scope.entered(_SYSTEM):
            amounts = dict(Order.objects.values_list("reference", "amount"))
        assert {name: str(amount) for name, amount in amounts.items()} == {
            "SO-1": "20000.0000",
            "SO-1~2": "100000.0000",
        }


class TestReview:
    def test_a_wrong_hold_needs_its_reason(self, house: House):
        browser = house.client(Role.RISK_DIRECTOR)
        address = f"/decisions/{house.decision_id}/review"

        browser.post(address, {"right": "no", "note": ""})
        browser.post(address, {"right": "no", "note": "回款已到账"})

        with scope.entered(_SYSTEM):
            assert list(HoldReview.objects.values_list("was_right", "note")) == [(False, "回款已到账")]


class TestOverrides:
    def test_shows_what_people_released(self, house: House):
        page = house.client(Role.CFO).get("/orders/releases").content.decode()

        with scope.entered(_SYSTEM):
            assert Release.objects.count() == 0
        assert "还没有人工放行" in page
