"""Trials of strategies: set up in a draft without code, published by two people, read on a page."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from django.test import Client

    from doors.web.conftest import House

FORM = {
    "label": "提前十天提醒",
    "begins": "2026-03-10",
    "ends": "2026-06-07",
    "share": "50",
    "paid_within_days": "30",
    "reminders": "10、3",
    "letter.stage-2": "friendly",
    "workdays.stage-2": "8",
    "quiet_days": "",
    "grades": "A，B",
}


def _started(browser: Client) -> str:
    response = browser.post("/policies", {"title": "试验", "reason": "试验", "valid_from": "2026-03-03"})
    return response.headers["Location"]


def _typed(browser: Client, draft: str, **more: str) -> str:
    version = re.search(r'name="version" value="(\d+)"', browser.get(draft).content.decode())[1]
    response = browser.post(f"{draft}/strategy-trials", {**FORM, "version": version, **more}, follow=True)
    return html.unescape(response.content.decode())


class TestATrialWithoutCode:
    def test_is_filled_in_published_and_read(self, house: House):
        writer, director = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        assert "还没有试验" in writer.get("/collections/trials").content.decode()
        draft = _started(writer)

        page = _typed(writer, draft)

        assert "到期前几天提醒：7, 3 → 10, 3" in page
        assert "限几个工作日付清：5 → 8" in page
        director.post(f"{draft}/publish", {})
        page = html.unescape(director.get("/collections/trials").content.decode())
        assert "提前十天提醒" in page
        assert "函件：formal → friendly" in page
        assert "等级 A, B" in page
        assert 'data-test="told"' in page

    def test_is_taken_out_again(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        code = re.search(r"/strategy-trials/([^/]+)/drop", _typed(writer, draft))[1]
        version = re.search(r'name="version" value="(\d+)"', writer.get(draft).content.decode())[1]

        writer.post(f"{draft}/strategy-trials/{code}/drop", {"version": version})

        assert 'data-test="draft-trials"' not in writer.get(draft).content.decode()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"share": "half"}, "“half”不是整数"),
            ({"begins": "spring"}, "“spring”不是日期"),
            ({"share": "100"}, "未保存"),
            ({"ends": "2026-01-01"}, "未保存"),
            ({"reminders": "", "letter.stage-2": "", "workdays.stage-2": ""}, "未保存"),
        ],
    )
    def test_what_makes_no_trial_is_told_and_nothing_is_kept(self, house: House, typed, told):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)

        page = _typed(writer, draft, **typed)

        assert told in page
        assert 'data-test="draft-trials"' not in page

    def test_a_side_that_is_never_reminded(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)

        assert "到期前几天提醒：7, 3 → –" in _typed(writer, _started(writer), reminders="-")

    def test_whoever_may_not_change_the_policy_may_not_set_one_up(self, house: House):
        writer, seller = house.client(Role.CREDIT_MANAGER), house.client(Role.SALES)
        draft = _started(writer)

        response = seller.post(f"{draft}/strategy-trials", {**FORM, "version": "1"})

        assert response.status_code in {302, 303, 403}
        assert 'data-test="draft-trials"' not in writer.get(draft).content.decode()
