"""Half past five: a bank file is dropped in, most of it matches by itself, the rest is done without a mouse."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from conftest_pictures import Album

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 740}
# What a browser does when a file falls onto the page.
DROP = """([place, name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dragged = new DataTransfer();
  dragged.items.add(new File([bytes], name, {type: "text/csv"}));
  for (const kind of ["dragover", "drop"])
    document.querySelector(place).dispatchEvent(
      new DragEvent(kind, {dataTransfer: dragged, bubbles: true, cancelable: true}));
}"""
CURRENT = "[data-test=desk-line][aria-current=true]"
# A small demo has few open invoices: the visitor brings two for each of these customers.
NAMES = ("安澜泵业", "柏川阀门", "辰溪轴承", "岱山电机", "鄂渚仪表", "枫林模具", "广陵齿轮", "鹤鸣机床")
HEADINGS = "客户编码,客户名称,发票号码,开票日期,到期日,金额,币种"


def open_amount(page: Page, base: str) -> Decimal:
    """Return what is open in the books now."""
    page.goto(base + "/receivables")
    value = page.locator("[data-test=total-CNY] [data-test=total-open] data").first.get_attribute("value")
    assert value is not None
    return Decimal(value.split()[0])


def figure(page: Page, name: str) -> int:
    return int(page.locator(f"[data-test=bank-report] [data-test={name}]").inner_text())


def waiting(page: Page) -> int:
    return int(page.locator("[data-test=waiting-count]").inner_text())


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def bring_invoices(page: Page, base: str, folder: Path) -> None:
    """Import a sheet of invoices through the page, as a visitor does."""
    rows = [
        f"V90{place},示例{name}有限公司,VI-{place}{part}01,2026-10-0{part},2026-12-0{part},{place * 1370 + part * 411}.{place}{part},CNY"
        for place, name in enumerate(NAMES, start=1)
        for part in (1, 2)
    ]
    path = folder / "invoices.csv"
    path.write_text("\n".join([HEADINGS, *rows, ""]), encoding="utf-8")
    page.goto(base + "/import")
    page.locator("#i-kind").select_option("invoices")
    page.locator("#i-file").set_input_files(path)
    page.locator("[data-test=dry-run]").click()
    page.locator("[data-test=import]").click()
    page.wait_for_selector("[data-test=created]")
    assert page.locator("[data-test=created]").inner_text() == str(len(rows))


def take_the_sample(page: Page, folder: Path) -> Path:
    """Fetch the sample file as a visitor does."""
    with page.expect_download() as started:
        page.locator("[data-test=sample-file]").click()
    path = folder / "bank.csv"
    started.value.save_as(path)
    return path


def amounts_of(path: Path) -> list[Decimal]:
    """Return the receipts of the file, which is in Chinese letters of a bank (GB18030)."""
    lines = path.read_text("gb18030").splitlines()[3:]
    return [Decimal(line.split(",")[2]) for line in lines if line]


class TestTheCashDesk:
    def test_a_bank_file_is_matched_and_the_rest_done_by_keyboard(self, demo, browser, tmp_path):
        album = Album("cash")
        page = browser.new_page(viewport=DESK, locale="zh-CN")
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(demo.entrance("finance_manager"))
        bring_invoices(page, demo.base, tmp_path)
        before = open_amount(page, demo.base)
        page.goto(demo.base + "/cash")
        waited = waiting(page)
        album.take(page, "01-desk")
        path = take_the_sample(page, tmp_path)

        page.evaluate(DROP, ["[data-drop]", "bank.csv", base64.b64encode(path.read_bytes()).decode()])
        page.wait_for_selector("[data-test=bank-report]")
        album.take(page, "02-imported")

        assert figure(page, "lines") == 12
        assert [figure(page, name) for name in ("matched", "suggested", "unidentified")] == [9, 2, 1]
        reasons = page.locator("[data-test=bank-report] [data-test=bank-line]").all_inner_texts()
        assert sum("金额正好等于" in reason for reason in reasons) == 9
        assert waiting(page) == waited + 3
        assert open_amount(page, demo.base) == before - sum(amounts_of(path)[:9])

        page.goto(demo.base + "/cash")
        self._works_by_keyboard(page, album)
        page.set_viewport_size(PHONE)
        page.goto(demo.base + "/cash")
        album.take(page, "04-phone")
        assert fits(page)
        assert album.findings == []
        assert failures == []

    def _works_by_keyboard(self, page: Page, album: Album) -> None:
        """Move with J and K, accept with Enter, undo with U: the mouse stays where it is."""
        first = page.locator(CURRENT).get_attribute("data-line")
        count = waiting(page)
        page.keyboard.press("j")
        page.wait_for_url("**/cash?line=*")
        assert page.locator(CURRENT).get_attribute("data-line") != first
        page.keyboard.press("k")
        page.wait_for_function(
            "([place, line]) => document.querySelector(place)?.dataset.line === line", arg=[CURRENT, first]
        )
        assert page.locator("[data-test=accept]").count() >= 1
        page.keyboard.press("Enter")
        self._waits_for(page, count - 1)
        album.take(page, "03-accepted")
        page.keyboard.press("s")
        assert page.evaluate("document.activeElement?.id") == "d-invoices"
        page.keyboard.press("Escape")
        page.keyboard.press("u")
        page.keyboard.type("试一试撤销")
        page.keyboard.press("Enter")
        self._waits_for(page, count)

    def _waits_for(self, page: Page, count: int) -> None:
        page.wait_for_function(
            "count => Number(document.querySelector('[data-test=waiting-count]')?.innerText) === count",
            arg=count,
        )
