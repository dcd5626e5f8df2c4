"""Pairs to decide on, merges taken apart, and asking bureaus from the customer's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factories import bureaus as fakes
from factories import customers
from tradecredit.apps.dossier import queries
from tradecredit.apps.dossier.models import BureauRequest, CustomerMerge, DuplicateVerdict
from tradecredit.flows import ports
from tradecredit.flows.bureaus import answer_wishes
from tradecredit.integrations.bureaus.fake.bureau import FakeBureau
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")


@pytest.fixture
def browser(house: House):
    customers.customer(house.company, "C009", "示例五金甲有限责任公司")
    return house.client(Role.CREDIT_MANAGER)


class TestDuplicates:
    def pair(self, browser):
        browser.post("/customers/duplicates/look")
        with scope.entered(SYSTEM):
            return DuplicateVerdict.objects.get()

    def test_are_merged_and_taken_apart_on_the_page(self, browser):
        pair = self.pair(browser)

        page = browser.get("/customers/duplicates").content.decode()
        browser.post(f"/customers/duplicates/{pair.pk}", {"keep": "C001"})
        with scope.entered(SYSTEM):
            merged = queries.customers_by_code(["C009"])["C009"].code
            merge = CustomerMerge.objects.get()
        browser.post(f"/customers/merges/{merge.pk}/undo")

        assert "C009" in page
        assert merged == "C001"
        with scope.entered(SYSTEM):
            assert queries.customers_by_code(["C009"])["C009"].code == "C009"
        assert "已拆分" in browser.get("/customers/duplicates").content.decode()

    def test_two_customers_are_not_asked_about_again(self, browser):
        pair = self.pair(browser)

        browser.post(f"/customers/duplicates/{pair.pk}", {"keep": ""})
        again = self.pair(browser)

        assert (again.pk, again.verdict) == (pair.pk, "other")

    def test_are_not_merged_by_just_anybody(self, browser, house):
        pair = self.pair(browser)

        house.client(Role.SALES).post(f"/customers/duplicates/{pair.pk}", {"keep": "C001"})

        with scope.entered(SYSTEM):
            assert not CustomerMerge.objects.exists()


class TestAskBureau:
    def test_records_a_wish_and_shows_what_came(self, browser, house, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_TIANYANCHA_TOKEN", "hush")
        asked = browser.post("/customers/C001/bureau", {"provider": "tianyancha"}, follow=True)
        waiting = asked.content.decode()

        fake = FakeBureau(name_of=lambda subject: subject)
        with clock.visits():
            clock.visit(house.company)
            answer_wishes.answer_wishes(company=house.company, actor=SYSTEM, bureaus=fakes.bureaus(fake))
        page = browser.get("/customers/C001?tab=facts").content.decode()
        before = browser.get("/customers/C001?tab=facts&known_at=2026-01-01").content.decode()

        assert "等待中" in waiting
        assert "hush" not in waiting + page
        assert "工商登记" in page
        assert "登记状态" in page
        assert "登记状态" not in before

    def test_without_credentials_says_so(self, browser):
        page = browser.post("/customers/C001/bureau", {"provider": "qichacha"}, follow=True)

        assert "还没有配置密钥" in page.content.decode()
        with scope.entered(SYSTEM):
            assert not BureauRequest.objects.exists()

    def test_the_port_is_wired(self):
        assert set(ports.find(ports.Bureaus).names()) >= {"tianyancha", "qichacha", "qixinbao", "generic"}
