"""The backtest's page and workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl

from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from doors.web.conftest import House


class TestBacktest:
    def test_says_in_both_languages_that_there_are_too_few(self, house: House):
        zh = house.client(Role.RISK_DIRECTOR).get("/ratings/backtest").content.decode()
        en = house.client(Role.RISK_DIRECTOR, language="en").get("/ratings/backtest").content.decode()

        assert "样本太少" in zh
        assert "Too few to say" in en

    def test_gives_a_workbook(self, house: House):
        found = house.client(Role.RISK_DIRECTOR, language="en").get("/ratings/backtest?format=xlsx")

        book = openpyxl.load_workbook(io.BytesIO(found.content))
        assert book.sheetnames == ["summary", "grades", "migration", "vintages"]
