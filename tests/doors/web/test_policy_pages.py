"""Drafting, trying and publishing a policy in the browser's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
