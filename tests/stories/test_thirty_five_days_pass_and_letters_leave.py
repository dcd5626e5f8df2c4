"""The clock of the demo is moved on by 35 days: letters of the right stage, two freezes, an alert, and the letter on paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from conftest_pictures import Album

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

HERO, CODE = "示例五金甲有限公司", "C0001"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 740}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
TODAY = {"zh": "2026年12月25日", "en": "25 Dec 2026"}
# What the hero has open, by the day it fell due: INV over 82,000, 120,000, 95,000 and 134,000.
# Each step comes on its day overdue and once: -7 and -3 remind, 1 is friendly, 8 formal, 31 final.
LETTERS = (
    ("2026-12-24", "final", "120,000.00", 31),
    ("2026-12-22", "formal", "134,000.00", 8),
    ("2026-12-15", "friendly", "134,000.00", 1),
    ("2026-12-15", "formal", "95,000.00", 8),
    ("2026-12-11", "reminder", "134,000.00", -3),
    ("2026-12-08", "friendly", "95,000.00", 1),
    ("2026-12-07", "reminder", "134,000.00", -7),
    ("2026-12-04", "reminder", "95,000.00", -3),
    ("2026-12-03", "final", "82,000.00", 31),
    ("2026-12-01", "formal", "120,000.00", 8),
    ("2026-11-30", "reminder", "95,000.00", -7),
    ("2026-11-24", "friendly", "120,000.00", 1),
)
TITLES = {
    "付款到期提醒": "reminder",
    "友情提醒": "friendly",
    "催款函": "formal",
    "最后催告函": "final",
}
FROZEN = {"zh": {"新订单", "发货"}, "en": {"new orders", "shipments"}}
STAGE = {"zh": "第三阶段", "en": "Stage 3"}
ALERTS = {"zh": ("最长逾期已达30天", "橙色"), "en": ("The oldest item is 30 days overdue", "Orange")}


class Journey:
    def __init__(self, *, page: Page, demo: Any, language: str, album: Album) -> None:
        self.page, self.demo, self.language, self.album = page, demo, language, album

    def enters(self) -> None:
        self.page.goto(self.demo.entrance("finance_manager"))
        if not (self.page.locator("html").get_attribute("lang") or "").startswith(self.language):
            self.page.locator("[data-test=language-switch]").click()
            self.page.wait_for_load_state()

    def moves_the_clock(self) -> None:
        self.page.locator("[data-test=advance-clock]").click()
        with self.page.expect_navigation():
            self.page.locator("[data-test=confirm-yes]").click()
        assert self.page.locator("[data-test=sandbox-day]").inner_text() == TODAY[self.language]
        self.album.take(self.page, "01-after-35-days")

    def reads_the_letters(self) -> None:
        self.page.goto(self.demo.base + "/letters")
        self.album.take(self.page, "02-letters")
        rows = self.page.locator("[data-test=letters] tbody tr", has_text=HERO).all_inner_texts()
        found = [self._told(row) for row in rows]
        assert [one for one in found if one[0] > "2026-11-20"] == [one[:3] for one in LETTERS]

    @staticmethod
    def _told(row: str) -> tuple[str, str, str]:
        day = re.search(r"2026-\d\d-\d\d", row)
        step = next((code for words, code in TITLES.items() if words in row), "?")
        amount = re.search(r"CNY ([\d,.]+\d)", row)
        assert day is not None
        assert amount is not None
        return day.group(), step, amount.group(1)

    def opens_the_final_demand_as_a_paper(self) -> None:
        self.page.goto(self.demo.base + "/letters")
        row = self.page.locator("[data-test=letters] tbody tr", has_text="2026-12-24").filter(has_text=HERO)
        row.locator("a").first.click()
        self.page.wait_for_selector("[data-test=letter-pdf]")
        self.album.take(self.page, "03-final-demand")
        # The customer's letter is in the customer's language, whoever looks at it.
        text = self.page.locator("main").inner_text()
        assert "最后催告" in text
        assert re.search(r"2026年11月23日\s+31\s+CNY 120,000.00", text)
        assert "人民币壹拾贰万元整" in text
        paper = self.page.request.get(self.page.url + ".pdf")
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.body().startswith(b"%PDF")
        assert len(re.findall(rb"/Type\s*/Page\b", paper.body())) >= 1

    def sees_orders_and_shipments_frozen(self) -> None:
        self.page.goto(self.demo.base + "/freezes")
        self.album.take(self.page, "04-freezes")
        rows = self.page.locator("[data-test=freezes] tbody tr", has_text=HERO).filter(
            has_text=re.compile("第二阶段|第三阶段|Stage 2|Stage 3")
        )
        found = {row.locator("td").first.inner_text().strip().lower() for row in rows.all()}
        assert found == FROZEN[self.language]

    def has_a_new_order_held_by_it(self) -> None:
        self.page.goto(f"{self.demo.base}/customers/{CODE}")
        assert self.page.locator("[data-test=frozen]").is_visible()
        self.page.locator("[data-test=new-test-order]").click()
        self.page.locator("input[name=amount]").fill("1000")
        self.page.locator("[data-test=check]").click()
        verdict = self.page.locator("[data-test=verdict]")
        verdict.wait_for()
        self.album.take(self.page, "05-held-by-the-freeze")
        assert verdict.get_attribute("data-outcome") in {"hold", "reject"}
        frozen = {"zh": "冻结", "en": "frozen"}[self.language]
        assert frozen in self.page.locator("[data-test=reasons]").inner_text().lower()

    def reads_why_it_is_warned(self) -> None:
        self.page.goto(self.demo.base + "/alerts?state=all")
        cards = self.page.locator("[id^=alert-]", has_text=HERO)
        self.album.take(self.page, "06-alerts")
        told = " ".join(cards.all_inner_texts())
        for words in (*ALERTS[self.language], STAGE[self.language]):
            assert words in told, words

    def fits_on_a_phone(self) -> None:
        self.page.set_viewport_size(PHONE)
        for address in ("/letters", "/freezes", "/alerts?state=all"):
            self.page.goto(self.demo.base + address)
            assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        self.album.take(self.page, "07-alerts-phone")


class TestThirtyFiveDays:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_letters_leave_on_their_days_and_what_must_stop_stops(self, demo, browser, language):
        album = Album(f"35-days-{language}")
        page = browser.new_page(viewport=DESK, locale=LOCALES[language])
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda entry: failures.append(entry.text) if entry.type == "error" else None)
        journey = Journey(page=page, demo=demo, language=language, album=album)

        journey.enters()
        journey.moves_the_clock()
        journey.reads_the_letters()
        journey.opens_the_final_demand_as_a_paper()
        journey.sees_orders_and_shipments_frozen()
        journey.has_a_new_order_held_by_it()
        journey.reads_why_it_is_warned()
        journey.fits_on_a_phone()

        assert album.findings == []
        assert failures == []
