"""A credit manager changes a weight, sees who moves, a second person publishes, and a customer's page says why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

# History with us weighs less, statements more: customers that pay late with good statements rise.
WEIGHTS = {"solvency": "40", "credit_history": "10"}


def signed_in(browser, demo, role: str) -> Page:
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(demo.entrance(role))
    return page


def drafted(page: Page, demo) -> str:
    page.goto(f"{demo.base}/ratings/model")
    page.fill("#title", "看重偿债能力")
    page.fill("#reason", "季度复盘")
    page.click("[data-test=begin-draft]")
    page.wait_for_selector("[data-test=model-form]")
    return page.url


def changed(page: Page) -> None:
    for name, weight in WEIGHTS.items():
        page.fill(f"#w-{name}", weight)
    page.keyboard.press("Tab")
    page.wait_for_selector("#model-trial [data-test=model-changes]")
    assert "偿债能力:权重 25% → 40%" in page.inner_text("#model-trial"), "told before it is saved"
    page.click("[data-test=save-model]")
    page.wait_for_selector("#model-trial [data-test=model-changes]")


def first_mover(page: Page) -> tuple[str, str, str]:
    """Return a customer that moves, with the grade before and after."""
    page.click("[data-test=see-movers]")
    page.wait_for_selector("[data-test=movers]")
    row = page.locator("[data-test=movers] tbody tr").first
    before, after = row.locator(".grade").all_inner_texts()
    return row.locator("th .sub").inner_text(), before, after


def advance_one_day(page: Page) -> None:
    page.locator("form[action$='/clock/advance'] input[name=days]").evaluate("field => field.value = '1'")
    day = page.inner_text("[data-test=sandbox-day]")
    page.click("[data-test=advance-clock]")
    page.click("[data-test=confirm-yes]")
    page.wait_for_function(
        "before => document.querySelector('[data-test=sandbox-day]').innerText !== before", arg=day
    )


def test_a_weight_is_changed_and_a_customers_page_says_why(demo, browser):
    manager = signed_in(browser, demo, "credit_manager")
    draft = drafted(manager, demo)
    changed(manager)
    code, before, after = first_mover(manager)
    assert before != after
    manager.click("[data-test=submit-draft]")
    manager.wait_for_selector("[data-test=asked]")

    director = signed_in(browser, demo, "risk_director")
    director.goto(draft.removesuffix("/model"))
    assert "偿债能力:权重 25% → 40%" in director.inner_text("[data-test=policy-changes]")
    director.click("[data-test=publish-draft]")
    director.wait_for_url(re.compile(r"/policies$"))
    advance_one_day(director)

    director.goto(f"{demo.base}/customers/{code}?tab=rating")
    told = director.inner_text("[data-test=rating-change]")
    assert f"{before} → {after}" in told
    assert "评分模型更新" in told
    assert "权重" in told
    assert director.locator("[data-test=ways]").is_visible()
