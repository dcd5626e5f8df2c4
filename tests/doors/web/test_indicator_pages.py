"""Indicators, industries and statements on pages and over HTTP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.flows.imports import import_statements
from tradecredit.flows.imports.import_statements import StatementRow
from tradecredit.plumbing.access import Actor, Role

if TYPE_CHECKING:
    from doors.web.conftest import House


class TestRegistry:
    def test_tells_formulas_in_both_languages(self, house: House):
        zh = house.client(Role.CREDIT_MANAGER).get("/ratings/indicators").content.decode()
        en = house.client(Role.CREDIT_MANAGER, language="en").get("/ratings/indicators").content.decode()

        assert "负债合计 ÷ 资产总计" in zh
        assert "550 天内有效" in zh
        assert "liabilities ÷ assets" in en
        assert "lower is better" in en

    def test_a_customer_stands_beside_its_industry(self, house: House):
        page = house.client(Role.CREDIT_MANAGER).get("/ratings/indicators?customer=C001")

        assert "优于同行" in page.content.decode()
        assert house.client(Role.CREDIT_MANAGER).get("/ratings/indicators?customer=NO").status_code == 404


class TestIndustries:
    def test_lists_them_and_knows_no_other(self, house: House):
        browser = house.client(Role.RISK_DIRECTOR, language="en")

        assert "No industry recorded" in browser.get("/ratings/industries").content.decode()
        assert browser.get("/ratings/industries/Fishing").status_code == 404


class TestStatements:
    def test_the_facts_tab_tells_which_check_fails(self, house: House):
        items = {"total_assets": Decimal(100), "total_liabilities": Decimal(40), "equity": Decimal(50)}
        row = StatementRow(customer_code="C001", period_end=date(2025, 12, 31), items=items, basis="合并")
        import_statements.import_statements(rows=[row], company=house.company, actor=Actor.system("test"))

        page = house.client(Role.CREDIT_MANAGER).get("/customers/C001?tab=facts").content.decode()

        assert "1 项不符" in page
        assert "资产总计 100.00，负债合计 + 所有者权益 90.00" in page
        assert "合并 · CNY" in page
