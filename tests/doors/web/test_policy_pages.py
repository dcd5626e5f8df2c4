"""Drafting, trying and publishing a policy in the browser's words."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factories import policies
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from django.test import Client

    from doors.web.conftest import House

MAXIMUM = "figure:order_control.checks.single_document_maximum.amounts.CNY"
OVERDUE = "figure:order_control.checks.overdue_days.days"


def _started(browser: Client) -> str:
    response = browser.post("/policies", {"title": "逾期放宽", "reason": "旺季", "valid_from": "2026-03-03"})
    return response.headers["Location"]


def _version(browser: Client, address: str) -> str:
    page = browser.get(address).content.decode()
    return re.search(r'name="version" value="(\d+)"', page)[1]


def _saved(browser: Client, address: str, **figures: str):
    values = {"version": _version(browser, address), "valid_from": "2026-03-03", "reason": "旺季"}
    return browser.post(address, {**values, **figures})


class TestPolicies:
    def test_shows_the_version_in_force(self, house: House):
        page = house.client(Role.CREDIT_MANAGER).get("/policies").content.decode()
        assert "第 1 版" in page

    def test_an_auditor_reads_but_does_not_draft(self, house: House):
        browser = house.client(Role.AUDITOR)
        assert "disabled" in browser.get("/policies").content.decode()
        refused = browser.post("/policies", {"title": "x", "reason": "y"}).content.decode()
        assert "您的角色不能执行此操作" in refused


class TestPolicyDraft:
    def test_from_a_figure_to_its_effect_to_publication_by_another(self, house: House):
        writer, director = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        address = _started(writer)

        saved = _saved(writer, address, **{OVERDUE: "90", MAXIMUM: "3000000.00"})
        shown = writer.get(saved.headers["Location"]).content.decode()
        assert "<del>7</del> → <ins>90</ins>" in shown
        assert 'data-test="newly-held">0<' in shown
        assert "起草人不能自己发布" in shown

        done = director.post(f"{address}/publish", {})
        assert done.headers["Location"] == "/policies"
        page = director.get("/policies").content.decode()
        assert "第 2 版" in page
        assert "已发布" in page

    def test_tells_who_changed_a_colleagues_draft_that_somebody_else_publishes_it(self, house: House):
        writer, director = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        address = _started(writer)
        _saved(director, address, **{OVERDUE: "90"})

        page = director.get(address).content.decode()
        refused = director.post(f"{address}/publish", {})

        assert f"{house.people[Role.RISK_DIRECTOR].name} 改过这份草稿，不能发布" in html.unescape(page)
        assert 'data-test="publish-draft"' not in page
        assert refused.status_code == 409
        assert "第 2 版" not in director.get("/policies").content.decode()

    def test_examples_of_the_pack_that_come_out_otherwise_stand_in_the_draft(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = _started(writer)
        assert 'data-test="example-otherwise"' not in writer.get(address).content.decode()

        page = writer.get(_saved(writer, address, **{MAXIMUM: "9.90"}).headers["Location"]).content.decode()

        assert page.count('data-test="example-otherwise"') == 4

    def test_mistakes_stand_in_the_draft_and_keep_it_from_being_tried(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = _started(writer)
        page = writer.get(_saved(writer, address, **{OVERDUE: "soon"}).headers["Location"]).content.decode()
        assert 'data-test="policy-mistakes"' in page
        assert "更正后才能试算" in page

    def test_a_change_on_an_older_state_is_refused_and_lost_nothing(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = _started(writer)
        _saved(writer, address, **{OVERDUE: "14"})
        stale = writer.post(
            address, {"version": "1", "valid_from": "2026-03-03", "reason": "x", OVERDUE: "21"}
        )
        assert stale.status_code == 409
        page = stale.content.decode()
        assert "已被修改" in page
        assert "<ins>14</ins>" in page

    def test_can_be_withdrawn(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = _started(writer)
        writer.post(f"{address}/withdraw", {})
        assert "已撤回" in writer.get("/policies").content.decode()

    def test_reads_in_english(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER, language="en")
        page = writer.get(_started(writer)).content.decode()
        assert "Figures of order control" in page
        assert "Nothing is changed yet." in page


class TestPolicyTable:
    def test_a_row_is_changed_in_the_grid_and_asked(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/tables/order_warning_line"
        page = writer.get(address).content.decode()
        fields = dict(re.findall(r'name="(\d+:(?:code|cell:\w+|zh|en))" value="([^"]*)"', page))
        numbers = sorted({int(name.split(":")[0]) for name in fields})
        fields |= {f"{number}:outcome": "warn" for number in numbers}
        first = next(name for name, value in fields.items() if name.endswith("cell:amount") and value)
        typed = {name: html.unescape(value) for name, value in fields.items()} | {first: "> 777"}

        writer.post(address, {"version": _version(writer, draft), **typed})

        assert "777" in writer.get(draft).content.decode(), "the change stands in the draft"
        asked = writer.get(f"{address}?grade=A&currency=CNY&amount=1000&prepaid_share=0").content.decode()
        assert "第 1 行起作用" in asked
        assert "warn" in asked

    def test_a_cell_that_cannot_be_read_is_told_in_place(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/tables/order_warning_line"
        rows = {"0:code": "a", "0:cell:grade": "A", "0:cell:amount": ">> 5", "0:outcome": "warn"}
        writer.post(address, {"version": _version(writer, draft), **rows})
        page = writer.get(address).content.decode()
        assert 'data-test="table-problem"' in page
        assert "&gt;&gt; 5" in page

    def test_a_row_that_never_fires_is_told_beside_it(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/tables/order_warning_line"
        rows = {
            "0:code": "a",
            "0:cell:amount": "> 5",
            "0:outcome": "warn",
            "1:code": "b",
            "1:cell:amount": "> 9",
            "1:outcome": "hold",
        }
        writer.post(address, {"version": _version(writer, draft), **rows})
        assert 'data-test="row-finding"' in writer.get(address).content.decode()

    def test_what_is_no_table_is_not_there(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        assert writer.get(f"{_started(writer)}/tables/headroom").status_code == 404


class TestPolicyModel:
    def drafted(self, house: House) -> tuple[Client, str]:
        policies.published(house.company, pack="authority-matrix", valid_from=date(2025, 1, 1))
        writer = house.client(Role.CREDIT_MANAGER)
        return writer, _started(writer)

    def upload(self, writer: Client, draft: str, content: bytes):
        values = {"version": _version(writer, draft), "file": SimpleUploadedFile("own.dmn", content)}
        return writer.post(f"{draft}/models/order_checks.dmn", values)

    def test_a_table_of_a_file_is_read_asked_taken_out_and_taken_in_changed(self, house: House):
        writer, draft = self.drafted(house)
        table = f"{draft}/tables/payment_and_risk"
        assert table in writer.get(draft).content.decode()
        example = "high_risk=no&alert_level=green&control_point=order&overdue_days=0"
        asked = writer.get(f"{table}?grade=D&{example}").content.decode()
        assert "第 1 行起作用" in asked
        assert "自动驳回并通知销售" in asked

        taken = writer.get(f"{draft}/models/order_checks.dmn")
        assert 'filename="order_checks.dmn"' in taken.headers["Content-Disposition"]
        self.upload(writer, draft, taken.content.replace(b'"D"', b'"E"'))

        again = writer.get(f"{table}?grade=E&{example}").content.decode()
        assert "第 1 行起作用" in again
        assert "tables.order_checks" in writer.get(draft).content.decode(), "the change stands in the draft"

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"<html/>", "DMN"),
            (b"\xff\xfe\x00", "UTF-8"),
            (b"", ".dmn"),
            (None, "wind_speed"),
        ],
        ids=["no model", "no text", "nothing", "an unknown fact"],
    )
    def test_what_does_not_fit_is_refused_and_changes_nothing(self, house: House, content, why):
        writer, draft = self.drafted(house)
        before = writer.get(f"{draft}/models/order_checks.dmn").content

        sent = before.replace(b"overdue_days", b"wind_speed") if content is None else content
        self.upload(writer, draft, sent)

        assert why in writer.get(draft).content.decode()
        assert writer.get(f"{draft}/models/order_checks.dmn").content == before


class TestTrials:
    def test_a_shadow_is_started_shown_and_ended(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        writer.post(f"{draft}/shadow", {"share": "20"})
        page = writer.get("/policies").content.decode()
        address = re.search(r"/policies/shadows/[0-9a-f-]{36}", page)[0]
        assert (
            "影子运行" in writer.get(address).content.decode()
            or "并行" in writer.get(address).content.decode()
        )
        writer.post(f"{address}/end", {})
        assert "已结束" in writer.get("/policies").content.decode()

    def test_is_decided_among_the_tasks_reported_and_taken_back(self, house: House):
        writer, director = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        draft = _started(writer)
        _saved(writer, draft, **{OVERDUE: "90"})
        writer.post(f"{draft}/submit", {})
        tasks = director.get("/tasks").content.decode()
        decide = re.findall(r"/tasks/[0-9a-f-]{36}/decide", tasks)[-1]
        director.post(decide, {"answer": "approve"})

        report = director.get("/policies/versions/2").content.decode()
        assert 'data-test="version-changes"' in report
        assert "<ins>90</ins>" in report
        back = writer.post("/policies/versions/1/go-back", {"reason": "误伤"})
        assert "回退到第 1 版" in writer.get(back.headers["Location"]).content.decode()
