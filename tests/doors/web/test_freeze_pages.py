"""Freezing by hand on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.monitoring.models import Freeze
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House


class TestFreezes:
    def test_freezes_with_a_reason_and_an_end(self, house: House):
        browser = house.client(Role.CREDIT_MANAGER)

        browser.post(
            "/freezes",
            {"customer": "C002", "scope": "shipments", "reason": "等待担保", "ends_on": "2026-03-20"},
        )

        with scope.entered(Actor.system("test")):
            found = list(Freeze.objects.filter(cause="person").values_list("scope", "ends_on"))
        assert [(name, str(day)) for name, day in found] == [("shipments", "2026-03-20")]
        assert "等待担保" in browser.get("/freezes").content.decode()

    def test_asks_a_second_person_to_lift(self, house: House):
        browser = house.client(Role.CREDIT_MANAGER)
        browser.post("/freezes", {"customer": "C002", "scope": "orders", "reason": "等待担保"})
        with scope.entered(Actor.system("test")):
            freeze = Freeze.objects.get(cause="person")

        browser.post(f"/freezes/{freeze.pk}/lift", {"reason": "已付款"})

        inbox = house.client(Role.RISK_DIRECTOR).get("/tasks").content.decode()
        assert "解除人工冻结" in inbox
        with scope.entered(Actor.system("test")):
            assert Freeze.objects.filter(pk=freeze.pk, lifted_on__isnull=True).exists()

    def test_shows_one_customer_s_alone_when_asked_for_it(self, house: House):
        browser = house.client(Role.CREDIT_MANAGER)
        browser.post("/freezes", {"customer": "C002", "scope": "shipments", "reason": "等待担保"})

        its_own = browser.get("/freezes?customer=C002").content.decode()
        another_s = browser.get("/freezes?customer=C001").content.decode()

        assert "等待担保" in its_own
        assert "等待担保" not in another_s
        assert "只看 C001 · 看全部" in another_s
