"""A sentence of a letter is changed on its sheet and a field put into it; a colleague publishes; the next letter carries it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from conftest_database import pointed_at
from conftest_pictures import Album
from factories import customers, receivables
from tradecredit.apps.collections.models import Letter
from tradecredit.flows import advance_clock
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

SYSTEM = Actor.system("test")
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 740}
TITLE = "催款函改写"


class Journey:
    """The books behind the pages, and two people at their desks."""

    def __init__(self, *, demo: Any, server: Any, browser: Browser, blocker: Any) -> None:
        self.demo, self.server, self.blocker, self.browser = demo, server, blocker, browser
        self.failures: list[str] = []
        self.album = Album("letters")

    @contextmanager
    def books(self):
        with self.blocker.unblock(), pointed_at(self.server, self.demo.database_name), scope.entered(SYSTEM):
            yield Company.objects.get(code="SLJD")

    def enters(self, role: str, *, on: dict[str, int] = DESK) -> Page:
        page = self.browser.new_context(viewport=on, locale="zh-CN").new_page()
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", lambda one: self.failures.append(one.text) if one.type == "error" else None)
        page.goto(self.demo.entrance(role))
        return page

    def owes(self) -> None:
        """A new customer whose invoice comes into the second stage within days."""
        with self.books() as company:
            customers.customer(company, "LET1", "示例函件有限公司", salesperson="示例李明")
            due = clock.today(company) - timedelta(days=6)
            row = receivables.invoice_row(
                "INV-LET1",
                "64000.00",
                customer_code="LET1",
                due_date=due,
                invoice_date=due - timedelta(days=30),
            )
            assert not receivables.invoices(company, row).refused

    def days_pass(self, days: int) -> None:
        with self.books() as company:
            advance_clock.advance_clock(company=company, days=days, actor=SYSTEM, mailer=NullMailer())

    def letters(self) -> list[str]:
        """What was written to the customer in the second stage."""
        with self.books():
            rows = Letter.objects.filter(customer__code="LET1", kind="letter").order_by("id")
            return [row.body for row in rows if row.subject.startswith("催款函")]


def rewrites(journey: Journey, manager: Page) -> None:
    manager.goto(journey.demo.base + "/policies")
    form = manager.locator("[data-test=start-draft]")
    form.locator("[name=title]").fill(TITLE)
    form.locator("[name=reason]").fill("客户看不懂")
    form.locator("button").click()
    manager.locator("[data-test=to-letters]").click()
    journey.album.take(manager, "01-grid")
    manager.locator("[data-test=edit-formal-zh]").click()
    manager.wait_for_selector("#sheet[data-ready]")

    sentence = manager.locator(".sheet-text", has_text="款项付清之前")
    sentence.click()
    manager.keyboard.press("Control+End")
    manager.keyboard.type("请务必于")
    manager.locator("[data-test=field-menu] summary").click()
    manager.locator("[data-field=pay_by_date]").click()
    manager.keyboard.type("前联系")
    # A field may be typed as well, and becomes its chip when it is complete.
    manager.keyboard.type("{{ contact_name }}")
    manager.keyboard.type("。")
    assert sentence.locator(".field-chip").all_inner_texts() == ["付款期限", "联系人"]
    manager.wait_for_selector("[data-test=letter-diff] ins")
    assert "请务必于" in manager.locator("[data-test=letter-preview]").inner_text()
    journey.album.take(manager, "02-typed")


def meets_a_refusal(journey: Journey, manager: Page) -> None:
    """A field that does not exist is told while it is typed, and the letter is not kept with it."""
    manager.keyboard.press("Enter")
    manager.keyboard.type("另见 {{ totl }}")
    manager.wait_for_selector("[data-test=letter-problems] >> text=totl")
    manager.locator("[data-test=save-letter]").click()
    manager.wait_for_selector("[data-test=letter-refused]")
    manager.wait_for_selector("#sheet[data-ready]")
    journey.album.take(manager, "03-refused")
    wrong = manager.locator("[data-part].is-wrong")
    assert wrong.count() == 1
    assert "不是可用的字段" in wrong.inner_text()
    wrong.locator(".sheet-text").click()
    wrong.locator("[name=act][value^=drop]").click()
    manager.wait_for_selector("[data-test=letter-preview]")
    manager.locator("[data-test=save-letter]").click()
    manager.wait_for_selector("[data-test=letter-saved]")


def looks_at_the_paper(journey: Journey, manager: Page) -> None:
    manager.wait_for_selector("#sheet[data-ready]")
    manager.locator("[data-test=show-pages]").click()
    manager.wait_for_selector("[data-test=paper-page]")
    assert manager.locator("[data-test=paper-page]").count() == 2
    journey.album.take(manager, "04-paper")


def is_published_by_another(journey: Journey, manager: Page, director: Page) -> None:
    manager.locator("nav.crumbs a", has_text=TITLE).click()
    told = manager.locator("[data-test=letters-changed]")
    assert "formal-zh" in told.inner_text()
    assert "请务必于" in told.locator("ins").first.inner_text()
    journey.album.take(manager, "05-told")
    manager.locator("[data-test=submit-draft]").click()
    manager.wait_for_selector("[data-test=asked]")
    director.goto(journey.demo.base + "/tasks")
    card = director.locator("[data-test=request]", has_text=TITLE)
    with director.expect_navigation():
        card.locator("[data-test=approve]").click()


def test_a_letter_is_rewritten_published_and_the_next_one_carries_it(
    demo, server, browser, django_db_blocker, monkeypatch
):
    # The browser's own loop runs in this thread, between which the books are looked into.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    journey = Journey(demo=demo, server=server, browser=browser, blocker=django_db_blocker)
    journey.owes()
    manager = journey.enters("credit_manager")

    rewrites(journey, manager)
    meets_a_refusal(journey, manager)
    looks_at_the_paper(journey, manager)
    is_published_by_another(journey, manager, journey.enters("risk_director"))
    assert journey.letters() == []
    journey.days_pass(8)

    (body,) = journey.letters()
    assert re.search(r"请务必于20\d\d年\d+月\d+日前联系\S+。", body), "the fields were filled"
    assert "{{" not in body
    phone = journey.enters("credit_manager", on=PHONE)
    phone.goto(journey.demo.base + "/policies")
    phone.locator("a[href*='/policies/drafts/']", has_text=TITLE).first.click()
    phone.locator("[data-test=to-letters]").click()
    phone.locator("[data-test=edit-formal-zh]").click()
    assert phone.locator("[data-test=letter-form]").count() == 0, "what is published is closed"
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    journey.album.take(phone, "06-published-on-the-phone")
    # A refusal is an answer with its own status: the browser notes it, and nothing else.
    assert [one for one in journey.failures if "422" not in one] == []
    assert journey.album.findings == []
