"""A held order, its reason, a threshold changed in a draft, its effect, and a colleague who publishes it from tomorrow."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from conftest_database import pointed_at
from factories import orders
from tradecredit.apps.decisions import queries
from tradecredit.flows import advance_clock
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.flows.policy import run_simulation
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

SYSTEM = Actor.system("test")
DESK = {"width": 1440, "height": 900}
MAXIMUM = "figure:order_control.checks.single_document_maximum.amounts.CNY"
BUYER, AMOUNT = "BIG1", "3200000.00"


class Journey:
    """The books behind the pages, and two people at their desks."""

    def __init__(self, *, demo: Any, server: Any, browser: Browser, blocker: Any) -> None:
        self.demo, self.server, self.blocker, self.browser = demo, server, blocker, browser
        self.failures: list[str] = []

    @contextmanager
    def books(self):
        with self.blocker.unblock(), pointed_at(self.server, self.demo.database_name):
            yield Company.objects.get(code="SLJD")

    def at_desk(self, role: str) -> Page:
        page = self.browser.new_context(viewport=DESK, locale="zh-CN").new_page()
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", lambda one: self.failures.append(one.text) if one.type == "error" else None)
        page.goto(self.demo.entrance(role))
        return page

    def holds_a_large_order(self) -> Any:
        """A customer with a line of nine million orders more than one document may be about."""
        with self.books() as company:
            orders.creditworthy(company, BUYER, limit="9000000.00", billed="0.00", name="示例大单有限公司")
            request = orders.request(company, AMOUNT, customer_code=BUYER, reference="SO-BIG")
            return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]

    def drafts_a_higher_maximum(self, page: Page) -> None:
        page.goto(self.demo.base + "/policies")
        form = page.locator("[data-test=start-draft]")
        form.locator("[name=title]").fill("单笔上限提到四百万")
        form.locator("[name=reason]").fill("旺季")
        form.locator("button").click()
        page.locator(f"[name='{MAXIMUM}']").fill("4000000.00")
        page.locator("[data-test=save-draft]").click()
        page.wait_for_selector("[data-test=policy-changes] >> text=4000000.00")
        with self.books():
            run_simulation.run_waiting(actor=SYSTEM)
        page.reload()

    def checks_another_order(self, page: Page, reference: str) -> str:
        page.goto(f"{self.demo.base}/orders/check")
        page.locator("input[name=customer]").fill(BUYER)
        page.locator("input[name=amount]").fill(AMOUNT)
        page.locator("input[name=reference]").fill(reference)
        page.locator("[data-test=check-trial]").click()
        return page.locator("[data-test=verdict]").get_attribute("data-outcome") or ""

    def next_morning_comes(self) -> None:
        with self.books() as company:
            advance_clock.advance_clock(company=company, days=1, actor=SYSTEM, mailer=NullMailer())


def test_a_threshold_is_changed_by_two_people_from_tomorrow(
    demo, server, browser, django_db_blocker, monkeypatch
):
    # The browser's own loop runs in this thread, between which the books are looked into.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    journey = Journey(demo=demo, server=server, browser=browser, blocker=django_db_blocker)
    held = journey.holds_a_large_order()
    manager = journey.at_desk("credit_manager")

    manager.goto(f"{demo.base}/decisions/{held.id}")
    reason = manager.locator("[data-test=reason-single_document_maximum]").first
    assert "3,000,000" in reason.inner_text(), "the reason names the threshold"

    journey.drafts_a_higher_maximum(manager)
    assert int(manager.locator("[data-test=newly-released]").inner_text()) >= 1
    assert manager.locator("[data-test=newly-held]").inner_text() == "0"
    assert "SO-BIG" in manager.locator("[data-test=flips]").inner_text()

    manager.locator("[data-test=submit-draft]").click()
    manager.wait_for_selector("[data-test=asked]")
    director = journey.at_desk("risk_director")
    director.goto(demo.base + "/tasks")
    card = director.locator("[data-test=request]", has_text="单笔上限提到四百万")
    assert "0.00" not in card.inner_text(), "a policy is not about an amount"
    card.locator("[data-test=approve]").click()
    director.wait_for_load_state()

    assert journey.checks_another_order(manager, "SO-TODAY") == "review"
    journey.next_morning_comes()
    assert journey.checks_another_order(manager, "SO-TOMORROW") == "warn", "large, but it passes"
    with journey.books() as company, db.unit_of_work(SYSTEM):
        verdicts = queries.of_reference(company_id=company.pk, reference="SO-BIG")
        replay = replay_decisions.replay_decision(decision_id=held.id, actor=SYSTEM)
    assert {one.outcome for one in verdicts} == {"review", "warn"}, "looked at again when the version began"
    assert (replay.replayed, replay.different) == (1, ())
    assert journey.failures == []
