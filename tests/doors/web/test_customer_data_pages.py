"""The customer's page: own fields, time travel, ties, consents, the credit report; and how many statements it takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tradecredit.apps.dossier import queries, seals
from tradecredit.doors.web.views import customers as customer_views
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")
PAGE = "/customers/C001"
FORM = {"components": [
    {"type": "number", "key": "shop_count", "label": {"zh": "门店数", "en": "Shops"}, "validate": {"min": 0}},
    {"type": "checkbox", "key": "often_disputes", "label": "常有争议", "properties": {"tag": "risk"}},
]}  # fmt: skip
STATEMENTS_MOST = 25


@pytest.fixture
def browser(house: House):
    return house.client(Role.CREDIT_MANAGER)


def text(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def said(answer):
    return [str(message) for message in answer.context["messages"]]


class TestOwnFields:
    def test_a_form_is_kept_and_filled_in_and_shows_as_a_tag(self, browser) -> None:
        browser.post("/customers/forms/save", {"document": json.dumps(FORM), "reason": "2026"})
        forms = text(browser, "/customers/forms")
        saved = browser.post(
            f"{PAGE}/fields", {"own_shop_count": "12", "own_often_disputes": "yes"}, follow=True
        )
        wrong = browser.post(f"{PAGE}/fields", {"own_shop_count": "-1"}, follow=True)

        page = text(browser, f"{PAGE}?tab=fields")
        assert "门店数" in forms
        assert 'data-test="tag">常有争议' in saved.content.decode()
        assert any("不小于 0" in one for one in said(wrong))
        assert 'value="12"' in page
        assert "优先级 1" in page
        assert "C001" in text(browser, "/customers?own=often_disputes")

    def test_a_form_that_cannot_be_used_says_where(self, browser) -> None:
        answer = browser.post("/customers/forms/save", {"document": '{"components": [{}]}'}, follow=True)
        torn = browser.post("/customers/forms/save", {"document": "{"}, follow=True)

        assert any("components[0].type" in one for one in said(answer))
        assert any("JSON" in one for one in said(torn))

    def test_sales_see_and_do_not_keep(self, house: House) -> None:
        answer = house.client(Role.SALES).post(f"{PAGE}/fields", {"own_shop_count": "1"}, follow=True)

        assert any("不能执行" in one for one in said(answer))


class TestWhatPeopleWrite:
    def test_a_complaint_is_a_typed_fact_with_its_evidence(self, browser) -> None:
        given = {"fact": "complaints_open", "value": "2", "valid_from": "2026-02-01", "evidence": "工单 88"}
        browser.post(f"{PAGE}/dealings", given)
        wrong = browser.post(f"{PAGE}/dealings", {**given, "value": "several"}, follow=True)
        strange = browser.post(f"{PAGE}/dealings", {"fact": "bank_inflow", "value": "1"}, follow=True)

        page = text(browser, f"{PAGE}?tab=facts")
        assert "未结投诉数" in page
        assert "2026-02-01 · form · 工单 88" in page
        assert any("应为数字" in one for one in said(wrong))
        assert any("请选择记录的内容" in one for one in said(strange))

    def test_a_tie_is_recorded_and_shown(self, browser) -> None:
        given = {"kind": "shareholder", "party_name": "示例控股", "percent": "60%", "evidence": "章程"}
        browser.post(f"{PAGE}/relations", given)
        refused = browser.post(f"{PAGE}/relations", {**given, "evidence": ""}, follow=True)

        page = text(browser, f"{PAGE}?tab=relations")
        assert "示例控股" in page
        assert "60.00%" in page
        assert any("依据" in one for one in said(refused))

    def test_a_stage_a_consent_and_an_erasure(self, browser) -> None:
        browser.post(f"{PAGE}/stage", {"stage": "watch", "cause": "连续逾期"})
        browser.post(f"{PAGE}/consent", {"scope": "bank", "verdict": "given", "purpose": "年度评审"})
        browser.post(f"{PAGE}/fields", {"own_bank_inflow": "8800000"})
        facts = text(browser, f"{PAGE}?tab=facts")
        browser.post(f"{PAGE}/erase", {"scope": "bank", "reason": "客户要求"})

        page = text(browser, f"{PAGE}?tab=fields")
        with scope.entered(SYSTEM):
            customer = queries.customers_by_code(["C001"])["C001"]
            (gone,) = seals.erased(customer_id=customer.id)
        assert customer.lifecycle == "watch"
        assert "8800000" not in facts
        assert "•••" in facts
        assert (gone.name, gone.reason) == ("bank_inflow", "客户要求")
        assert 'data-test="erased"' in page


class TestTimeTravel:
    def test_the_slider_and_the_day_go_back(self, browser) -> None:
        by_day = text(browser, f"{PAGE}?tab=timeline&known_at=2020-01-01")
        by_slider = text(browser, f"{PAGE}?tab=facts&back=365")
        now = text(browser, PAGE)

        assert 'type="range"' in now
        assert 'data-test="then"' not in now
        assert "当时还没有这家客户的档案" in by_day
        assert 'data-test="then"' in by_slider


class TestCreditReport:
    @pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
    def test_is_a_file(self, browser, form, start) -> None:
        answer = browser.get(f"{PAGE}/credit-report?format={form}")

        assert answer.content.startswith(start)
        assert f".{form}" in answer["Content-Disposition"]

    def test_of_nobody_is_not_found(self, browser) -> None:
        assert browser.get("/customers/NONE/credit-report").status_code == 404


class TestStatements:
    def test_every_tab_takes_few(self, browser) -> None:
        text(browser, PAGE)
        counts = {}
        for tab in customer_views.FILE_TABS:
            sent: list[str] = []

            def note(execute, sql, *rest, sent=sent):
                sent.append(sql)
                return execute(sql, *rest)

            with connection.execute_wrapper(note):
                text(browser, f"{PAGE}?tab={tab}")
            counts[tab] = len(sent)

        assert {tab: count for tab, count in counts.items() if count > STATEMENTS_MOST} == {}
