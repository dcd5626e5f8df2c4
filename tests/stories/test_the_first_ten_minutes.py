"""A newcomer's first minutes with the demo, in both languages, in a real browser, with a picture of each step."""

from __future__ import annotations

import json
import re
import urllib.request
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from conftest_pictures import Album

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

HERO = "示例五金甲有限公司"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 740}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
VERDICT = {"zh": "拦截", "en": "Held"}


def exact(page: Page, selector: str) -> Decimal:
    """Return the exact amount that stands behind a figure."""
    value = page.locator(f"{selector} data").first.get_attribute("value")
    assert value is not None
    return Decimal(value.split()[0])


def is_language(page: Page, language: str) -> bool:
    return (page.locator("html").get_attribute("lang") or "").startswith(language)


def use_language(page: Page, language: str) -> None:
    if not is_language(page, language):
        page.locator("[data-test=language-switch]").click()
        page.wait_for_load_state()
    assert is_language(page, language)


class Journey:
    def __init__(self, *, page: Page, demo: Any, language: str, album: Album) -> None:
        self.page, self.demo, self.language, self.album = page, demo, language, album

    def sees_the_dashboard(self) -> None:
        self.page.goto(self.demo.entrance("finance_manager"))
        use_language(self.page, self.language)
        assert self.page.locator("[data-test=sandbox-day]").is_visible()
        assert self.page.locator("[data-test=heat-map]").is_visible()
        self.album.take(self.page, "01-dashboard")

    def opens_the_overdue_card(self) -> None:
        on_card = exact(self.page, "[data-test=card-overdue]")
        self.page.locator("[data-test=card-overdue]").click()
        self.page.wait_for_selector("[data-test=receivables-table]")
        in_list = exact(self.page, "[data-test=total-CNY] [data-test=total-open]")
        self.album.take(self.page, "02-overdue")
        assert in_list == on_card
        assert HERO in self.page.locator("[data-test=receivables-table]").inner_text()

    def finds_the_customer_by_initials(self) -> None:
        self.page.keyboard.press("Control+k")
        self.page.locator("[data-test=search-input]").press_sequentially("slwj")
        found = self.page.locator("[data-test=found-customer]", has_text=HERO)
        found.first.wait_for()
        self.album.take(self.page, "03-search")
        found.first.click()
        self.page.wait_for_selector("[data-test=customer-name]")

    def reads_the_dossier(self) -> None:
        assert self.page.locator("[data-test=customer-name]").inner_text() == HERO
        assert exact(self.page, "[data-test=available]") == Decimal(-36000)
        assert self.page.locator("[data-test=timeline]").is_visible()
        self.album.take(self.page, "04-customer")

    def checks_a_test_order(self) -> None:
        self.page.locator("[data-test=new-test-order]").click()
        self.page.locator("input[name=amount]").fill("120000")
        self.page.locator("[data-test=check]").click()
        verdict = self.page.locator("[data-test=verdict]")
        verdict.wait_for()
        self.album.take(self.page, "05-held-order")
        assert verdict.get_attribute("data-outcome") == "hold"
        assert VERDICT[self.language].lower() in verdict.inner_text().lower()
        assert self.page.locator("[data-test=reasons] li").count() >= 3
        assert self.page.locator("[data-test=remedies] .remedy").count() >= 3
        assert self.page.locator("[data-test=deciders] li").count() >= 1
        self._adds_the_equation()

    def _adds_the_equation(self) -> None:
        total = Decimal(0)
        for term in self.page.locator("[data-test=equation] strong").all():
            operator = term.get_attribute("data-op")
            value = term.locator("data").first.get_attribute("value") or ""
            amount = Decimal(value.split()[0])
            if operator == "=":
                assert total == amount
            else:
                total += -amount if operator in {"−", "-"} else amount

    def asks_for_a_temporary_line(self) -> None:
        held_at = self.page.url
        self.page.locator("[data-test=remedy-temporary_line] a, [data-test=remedy-temporary] a").first.click()
        form = self.page.locator("[data-test=temporary-line-form]")
        form.wait_for()
        self.album.take(self.page, "06-temporary-line")
        visible = [field for field in form.locator("input, textarea, select").all() if field.is_visible()]
        assert len(visible) <= 3
        self.page.goto(held_at)

    def lets_the_risk_director_release_it_on_the_phone(self) -> None:
        held_at = self.page.url
        reference = (
            re.search(r"TEST-[\d-]+", self.page.locator("h1, title, .crumbs").all_inner_texts().__str__())
            or [""]
        )[0]
        assert reference
        self.page.set_viewport_size(PHONE)
        self.page.goto(self.demo.entrance("risk_director"))
        use_language_on_phone(self.page, self.language)
        self.page.goto(self.demo.base + "/tasks")
        card = self.page.locator("[data-test=request]", has_text=reference)
        card.first.wait_for()
        self.album.take(self.page, "07-tasks-phone")
        assert fits(self.page)
        self._agrees(card.first)
        self.page.wait_for_load_state()
        self.page.goto(held_at)
        self.album.take(self.page, "08-released-phone")
        status = self.page.locator("[data-test=verdict]").inner_text()
        assert {"zh": "已放行", "en": "released"}[self.language] in status.lower()
        assert self.page.locator("[data-test=released-since]").is_visible()
        self.page.set_viewport_size(DESK)

    def _agrees(self, card: Any) -> None:
        """One tap on the phone; in the English run the keyboard alone: J to the card, A to agree."""
        if self.language == "zh":
            card.locator("[data-test=approve]").click()
            return
        for _ in range(30):
            self.page.keyboard.press("j")
            if card.evaluate("one => one === document.activeElement"):
                break
        with self.page.expect_navigation():
            self.page.keyboard.press("a")

    def calls_the_interface_twice(self) -> None:
        self.page.goto(self.demo.entrance("admin"))
        self.page.goto(self.demo.base + "/settings/api")
        self.page.locator("[data-test=create-token]").click()
        token = self.page.locator("[data-test=token]").inner_text().strip()
        self.album.take(self.page, "09-api")
        body = {"company": "SLJD", "customer": "C0001", "control_point": "order", "reference": "SO-TWICE",
                "amount": "1000.00", "currency": "CNY"}  # fmt: skip
        answers = [_post(f"{self.demo.base}/api/v1/credit-checks", body, token=token) for _ in range(2)]
        assert answers[0]["id"] == answers[1]["id"]

    def removes_the_demo_data(self) -> None:
        self.page.goto(self.demo.base + "/settings")
        phrase = {"zh": "清除演示数据", "en": "remove demo data"}[self.language]
        self.page.locator("[data-test=erase-confirmation]").fill(phrase)
        self.page.locator("[data-test=erase-demo]").click()
        if self.page.locator("[data-test=confirm-yes]").is_visible():
            self.page.locator("[data-test=confirm-yes]").click()
        self.page.wait_for_load_state()
        self.page.goto(self.demo.base + "/customers")
        self.album.take(self.page, "10-without-demo")
        assert HERO not in self.page.locator("main").inner_text()


def use_language_on_phone(page: Page, language: str) -> None:
    if not is_language(page, language):
        page.locator("[data-test=user-menu]").click()
        page.locator("details[open] button[name=language]").click()
        page.wait_for_load_state()


def fits(page: Page) -> bool:
    """Tell whether nothing is wider than the phone."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def _post(url: str, body: dict[str, str], *, token: str) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - our own address
        url,
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": "the-same-key-twice",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - our own address
        return json.loads(answer.read())


class TestTheFirstTenMinutes:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_a_newcomer_understands_a_held_order_and_frees_it(self, demo, browser, language):
        album = Album(language)
        page = browser.new_page(viewport=DESK, locale=LOCALES[language])
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda entry: failures.append(entry.text) if entry.type == "error" else None)
        journey = Journey(page=page, demo=demo, language=language, album=album)

        journey.sees_the_dashboard()
        journey.opens_the_overdue_card()
        journey.finds_the_customer_by_initials()
        journey.reads_the_dossier()
        journey.checks_a_test_order()
        journey.asks_for_a_temporary_line()
        journey.lets_the_risk_director_release_it_on_the_phone()
        journey.calls_the_interface_twice()
        journey.removes_the_demo_data()

        assert album.findings == []
        assert failures == []
