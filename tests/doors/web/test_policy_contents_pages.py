"""Values for a time, whose policy is followed, what colleagues say, whom it concerns: in the browser's words."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import TYPE_CHECKING

from factories import policies
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from django.test import Client

    from doors.web.conftest import House

MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"


def _started(browser: Client) -> str:
    response = browser.post("/policies", {"title": "淡季", "reason": "淡季", "valid_from": "2026-03-03"})
    return response.headers["Location"]


def _version(browser: Client, address: str) -> str:
    return re.search(r'name="version" value="(\d+)"', browser.get(address).content.decode())[1]


def _overlay(browser: Client, draft: str, **more: str):
    typed = {"label": "淡季收紧", "begins": "2026-03-03", "ends": "2026-06-01", "overlay_reason": "淡季"}
    values = {"version": _version(browser, draft), "path": MAXIMUM, "value": "40000.00"}
    return browser.post(f"{draft}/overlays", {**typed, **values, **more}, follow=True).content.decode()


class TestOverlays:
    def test_is_put_into_the_draft_shown_published_and_told_by_the_page_of_values(self, house: House):
        writer, director = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        draft = _started(writer)
        page = _overlay(writer, draft)
        assert "淡季收紧" in page
        assert "<del>3000000.00</del> → <strong>40000.00</strong>" in page

        director.post(f"{draft}/publish", {})

        assert "阶段性调整开始或结束" in writer.get("/policies").content.decode()
        values = writer.get(f"/policies/values?q={MAXIMUM}&as_of=2026-04-01").content.decode()
        assert "<del>3000000.00</del> <strong>40000.00</strong>" in values
        assert "淡季收紧" in values

    def test_what_cannot_hold_is_told_and_one_is_taken_out(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        assert "未保存" in _overlay(writer, draft, path="order_control.wind")
        code = re.search(r"/overlays/([^/]+)/drop", _overlay(writer, draft))[1]
        writer.post(f"{draft}/overlays/{code}/drop", {"version": _version(writer, draft)})
        assert "/drop" not in writer.get(draft).content.decode()


class TestRemarks:
    def test_sales_objects_and_the_publisher_is_asked_why(self, house: House):
        writer, sales = house.client(Role.CREDIT_MANAGER), house.client(Role.SALES_DIRECTOR)
        draft = _started(writer)
        _overlay(writer, draft)
        sales.post(f"{draft}/remarks", {"stance": "object", "text": "旺季客户会流失"})
        page = house.client(Role.RISK_DIRECTOR).get(draft).content.decode()
        assert "旺季客户会流失" in page
        assert 'name="reason" required' in page


class TestValues:
    def test_nothing_found_is_said(self, house: House):
        page = house.client(Role.AUDITOR, language="en").get("/policies/values?q=zzz").content.decode()
        assert "Nothing found." in page

    def test_can_be_narrowed_to_one_origin(self, house: House):
        page = house.client(Role.CREDIT_MANAGER).get("/policies/values?origin=own").content.decode()
        assert "没有找到" in page


class TestAffected:
    def test_a_draft_tells_whose_terms_it_changes(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        _overlay(writer, draft, path="limits.trial.most", value="12000")
        page = writer.get(f"{draft}/affected").content.decode()
        assert "建议额度" in page
        assert "12,000.00" in page
        assert "没有改动" in writer.get("/policies/versions/1/affected").content.decode()


class TestLiveTable:
    def test_typed_rows_are_looked_at_and_asked_before_they_are_saved(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = f"{_started(writer)}/tables/order_warning_line"
        rows = {
            "0:code": "a",
            "0:cell:amount": "> 5",
            "0:outcome": "hold",
            "1:code": "b",
            "1:cell:amount": "> 9",
            "1:outcome": "warn",
        }
        tests = {"t:0:grade": "A", "t:0:currency": "CNY", "t:0:amount": "1000", "t:0:prepaid_share": "0"}
        before = writer.get(address).content.decode()

        told = writer.post(f"{address}/try", {**rows, **tests}).content.decode()

        assert 'data-test="row-finding"' in told
        assert "第 1 行起作用" in told
        assert 'id="answer-0"' in told
        saved = re.compile(r'name="\d+:cell:[^>]+>')
        assert saved.findall(writer.get(address).content.decode()) == saved.findall(before)
        assert "&gt;&gt;" in writer.post(f"{address}/try", {**rows, "0:cell:amount": ">> 5"}).content.decode()

    def test_a_table_of_a_file_is_typed_in_and_drawn(self, house: House):
        policies.published(house.company, pack="authority-matrix", valid_from=date(2025, 1, 1))
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/tables/payment_and_risk"
        page = writer.get(address).content.decode()
        fields = dict(re.findall(r'name="(\d+:(?:code|cell:\w+|output:\w+|zh|en))" value="([^"]*)"', page))
        typed = {name: html.unescape(text) for name, text in fields.items()} | {"0:cell:grade": "E"}
        version = re.search(r'name="version" value="(\d+)"', page)[1]

        writer.post(address, {"version": version, **typed})

        taken = writer.get(f"{draft}/models/order_checks.dmn").content.decode()
        assert '<text>"E"</text>' in taken
        assert "<svg" in writer.get(f"{draft}/models/order_checks/graph").content.decode()


class TestSections:
    def test_an_alert_rule_is_written_from_a_copy_of_another(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/sections/monitoring"
        page = writer.get(address).content.decode()
        path = re.search(r'name="path" value="(monitoring\.rules\.[^"]+)"', page)[1]
        writer.post(f"{address}/copy", {"version": _version(writer, draft), "path": path, "code": "own-rule"})
        level = "line:monitoring.rules.own-rule.level"
        writer.post(address, {"version": _version(writer, draft), level: "purple"})
        told = writer.get(address).content.decode()
        assert 'data-test="block-mistake"' in told
        assert "purple" in told
        writer.post(
            f"{address}/remove",
            {"version": _version(writer, draft), "path": "monitoring.rules.own-rule"},
        )
        assert "own-rule" not in writer.get(address).content.decode()

    def test_what_is_no_section_is_not_there(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        assert writer.get(f"{_started(writer)}/sections/letters").status_code == 404
