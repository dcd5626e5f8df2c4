"""Each page answers in both languages, for each role, with few statements, and only to those who may see."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from factories import companies, customers
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from doors.web.conftest import House

PAGES = (
    "/",
    "/receivables",
    "/receivables?scheme=age&state=overdue",
    "/customers",
    "/customers/C001",
    "/customers/C001?tab=receivables",
    "/customers/C001?tab=orders",
    "/customers/C001?tab=facts",
    "/customers/C001?tab=rating",
    "/customers/C001?tab=limits",
    "/customers/C001?tab=control",
    "/customers/C001?tab=exposure",
    "/customers/C001?tab=securities",
    "/securities",
    "/inbox",
    "/customers/C001?tab=letters",
    "/orders/check?customer=C001&amount=120000",
    "/orders/held",
    "/orders/to-ship",
    "/decisions/{decision}",
    "/tasks",
    "/tasks?box=done",
    "/tasks?box=mine",
    "/tasks?box=told",
    "/tasks/delegations",
    "/flows",
    "/flows/moves",
    "/ratings",
    "/ratings/indicators?customer=C001",
    "/ratings/industries",
    "/limits",
    "/limits/temporary?customer=C001&amount=5000&days=15",
    "/levels",
    "/coverage",
    "/alerts?state=all",
    "/letters",
    "/bank",
    "/import",
    "/settings",
    "/settings/control",
    "/settings/api",
    "/search?q=示例",
)
# Names of things and of people, units and file kinds that are the same in both languages.
_DATA = re.compile(
    r"示例|华东|西南|DEMO|SO-|INV-|C00|TradeCredit|English|中文|@|XLSX|Ctrl|five-pillars|tradecredit|curl|-H |-d "
)


def _texts(html: str) -> list[str]:
    body = re.sub(r"<pre.*?</pre>|<script.*?</script>|<code.*?</code>", " ", html, flags=re.DOTALL)
    return [text.strip() for text in re.split(r"<[^>]+>", body) if text.strip() and not _DATA.search(text)]


@pytest.mark.parametrize("path", PAGES)
class TestEveryPage:
    def test_answers_in_chinese_with_few_statements(self, house: House, path: str):
        browser = house.client(Role.RISK_DIRECTOR)

        with CaptureQueriesContext(connection) as statements:
            response = browser.get(path.format(decision=house.decision_id))

        assert response.status_code == 200
        assert len(statements) <= 25
        assert '<html lang="zh-CN">' in response.content.decode()

    def test_has_no_chinese_left_in_english(self, house: House, path: str):
        browser = house.client(Role.RISK_DIRECTOR, language="en")

        page = browser.get(path.format(decision=house.decision_id)).content.decode()

        assert [text for text in _texts(page) if re.search(r"[\u4e00-\u9fff]", text)] == []

    def test_has_neither_inline_script_nor_inline_style(self, house: House, path: str):
        page = house.client(Role.ADMIN).get(path.format(decision=house.decision_id)).content.decode()

        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))

    def test_sends_strangers_to_sign_in(self, house: House, path: str):
        response = Client().get(path.format(decision=house.decision_id))

        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", list(Role))
class TestEveryRole:
    def test_sees_the_overview_and_the_work(self, house: House, role: Role):
        browser = house.client(role)

        answers = [
            browser.get(path).status_code for path in ("/", "/tasks", "/customers", "/orders/held", "/limits")
        ]

        assert answers == [200] * 5


class TestForeignRows:
    def test_a_foreign_customer_is_not_found(self, house: House):
        other = companies.company("OTHER", "示例别家")
        customers.customer(other, "X001", "示例别家客户")

        assert house.client(Role.CFO).get("/customers/X001").status_code == 404

    def test_a_salesperson_sees_only_their_own_customers(self, house: House):
        browser = house.client(Role.SALES)

        assert browser.get("/customers/C001").status_code == 200
        assert browser.get("/customers/C002").status_code == 404
        listed = browser.get("/receivables").content.decode()
        assert "INV-1042" in listed
        assert "INV-2001" not in listed
        assert 'data-test="found-document"' not in browser.get("/search?q=INV-2001").content.decode()

    def test_a_foreign_decision_is_not_found(self, house: House):
        other = companies.company("OTHER", "示例别家")
        stranger = companies.person(other, Role.CFO)
        house.people[Role.CFO] = stranger

        assert house.client(Role.CFO).get(f"/decisions/{house.decision_id}").status_code == 404


class TestExport:
    def test_csv_holds_what_the_filter_finds(self, house: House):
        response = house.client(Role.CFO).get("/receivables?format=csv&customer=C001")

        lines = response.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("客户编码,客户名称,发票号")
        assert [line.split(",")[2] for line in lines[1:]] == ["INV-1042", "INV-1043"]

    def test_xlsx_is_a_workbook(self, house: House):
        response = house.client(Role.CFO).get("/customers?format=xlsx")

        book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
        rows = book.get_sheet_by_name("数据").to_python()
        assert book.sheet_names == ["数据", "说明"]
        assert rows[0][0] == "客户编码"
        assert [row[0] for row in rows[1:]] == ["C001", "C002", "C002"]
        assert ["行数", "3"] in book.get_sheet_by_name("说明").to_python()
