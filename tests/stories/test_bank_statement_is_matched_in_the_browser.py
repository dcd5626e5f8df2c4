"""A finance manager brings the bank's file (GBK): some lines match, some wait, and the statement adds up."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from conftest_pictures import Album

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 740}


def open_invoices(page: Page, base: str) -> list[dict[str, str]]:
    text = page.request.get(f"{base}/receivables?format=csv").body().decode("utf-8-sig")
    return [row for row in csv.DictReader(io.StringIO(text)) if row["币种"] == "CNY"]


def bank_csv(invoices: list[dict[str, str]]) -> bytes:
    """Three payments that name their invoice, one of a known name only, one of nobody."""
    balance = Decimal(1000)
    lines = [
        "账号:6200000000000001,币种:人民币",
        "交易日期,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,交易流水号",
    ]
    first = invoices[0]
    rows = [(row["客户名称"], row["未结清"], f"货款 {row['发票号']}") for row in invoices[:3]]
    rows += [(first["客户名称"], "1.37", "往来款"), ("示例无名有限公司", "33.00", "款")]
    for number, (name, amount, text) in enumerate(rows, start=1):
        value = Decimal(amount.replace(",", ""))
        balance += value
        lines.append(f"2026-03-02,,{value},{balance},{name},62000000000001{number:02},{text},EX{number:06}")
    return "\n".join(lines).encode("gb18030")


class TestBankFile:
    def test_lines_match_or_wait_and_the_same_file_again_adds_nothing(self, demo, browser) -> None:
        page = browser.new_context(locale="zh-CN", reduced_motion="reduce").new_page()
        album = Album("bank")
        page.set_viewport_size(DESK)
        page.goto(demo.entrance("finance_manager"))
        if not (page.locator("html").get_attribute("lang") or "").startswith("zh"):
            page.locator("[data-test=language-switch]").click()
            page.wait_for_load_state()
        data = bank_csv(open_invoices(page, demo.base))

        page.goto(f"{demo.base}/bank")
        for _ in range(2):
            file = {"name": "bank.csv", "mimeType": "text/csv", "buffer": data}
            page.locator("#b-file").set_input_files(files=[file])
            page.locator("[data-test=bank-import]").click()
            page.locator("[data-test=bank-report]").wait_for()
            album.take(page, "imported")
            figures = {
                name: page.locator(f"[data-test={name}]").first.inner_text()
                for name in ("lines", "matched", "suggested", "unidentified", "duplicates")
            }
            if figures["duplicates"] == "0":
                assert (figures["lines"], figures["unidentified"]) == ("5", "1")
                assert int(figures["matched"]) >= 3
        assert figures == {
            "lines": "5",
            "matched": "0",
            "suggested": "0",
            "unidentified": "0",
            "duplicates": "5",
        }
        page.locator("[data-test=bank-statements] a[data-open]").first.click()
        page.locator("[data-test=bank-check]").wait_for()
        assert re.fullmatch(r".*0\.00", page.locator("[data-test=difference]").inner_text())
        album.take(page, "statement")
        page.set_viewport_size(PHONE)
        album.take(page, "statement-phone")
        page.goto(f"{demo.base}/bank")
        album.take(page, "bank-phone")
        width = page.evaluate("document.documentElement.scrollWidth")

        assert width <= PHONE["width"]
        assert album.findings == []
