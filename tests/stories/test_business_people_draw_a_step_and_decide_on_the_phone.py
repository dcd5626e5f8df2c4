"""A line asked for and granted on a phone; then a step is drawn and a threshold changed, and only new requests meet them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from conftest_database import pointed_at
from conftest_pictures import Album
from factories import orders
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.limits.models import CreditLine
from tradecredit.core.kernel.money import Money
from tradecredit.flows import advance_clock, reactions
from tradecredit.flows.limits import propose_limit
from tradecredit.flows.orders import check_order_credit
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, people, scope
from tradecredit.plumbing.access.models import Company, User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

SYSTEM = Actor.system("test")
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 375, "height": 740}
CODES = {"PH1": "手机", "OLD1": "留守", "OLD2": "迁移", "NEW1": "新申请"}
TITLE = "临时额度加法务复核"
STEP = "法务复核"
BY_TABLE = "按授权表审批"
RULES = "line:authority.rules"
# 120,000 is the credit manager's below 200,000; below 50,000 only, it is the risk director's.
THRESHOLDS = {f"{RULES}.b_below_200k.below": "50000.00", f"{RULES}.b_from_200k.at_least": "50000.00"}


class Journey:
    """The books behind the pages, and people at desks and on phones."""

    def __init__(self, *, demo: Any, server: Any, browser: Browser, blocker: Any) -> None:
        self.demo, self.server, self.blocker, self.browser = demo, server, blocker, browser
        self.failures: list[str] = []
        self.album = Album("flows")

    @contextmanager
    def books(self):
        with self.blocker.unblock(), pointed_at(self.server, self.demo.database_name), scope.entered(SYSTEM):
            yield Company.objects.get(code="SLJD")

    def enters(self, role: str, *, on: dict[str, int]) -> Page:
        page = self.browser.new_context(viewport=on, locale="zh-CN").new_page()
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", lambda one: self.failures.append(one.text) if one.type == "error" else None)
        page.goto(self.demo.entrance(role))
        return page

    def goes(self, page: Page, path: str) -> None:
        page.goto(self.demo.base + path)

    def card(self, page: Page, text: str) -> Locator:
        self.goes(page, "/tasks")
        return page.locator("[data-test=request]", has_text=text)

    def customers(self) -> None:
        """Four customers of grade B with a line of 500,000, of which 416,000 are taken."""
        with self.books() as company:
            for code, name in CODES.items():
                orders.creditworthy(company, code, name=f"示例{name}有限公司")

    def holds_an_order(self) -> Any:
        with self.books() as company:
            request = orders.request(company, "120000.00", customer_code="PH1", reference="SO-PHONE")
            return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)[0]

    def is_asked(self, code: str) -> None:
        """A salesperson's manager asks for a temporary line of 120,000."""
        with self.books() as company:
            propose_limit.request_temporary_line(
                company=company,
                customer_id=Customer.objects.get(code=code).pk,
                amount=Money.of("120000.00", "CNY"),
                until=clock.today(company) + timedelta(days=15),
                actor=people.actor_of(User.objects.get(email="sales-manager@demo.example.com")),
                reason="旺季",
            )

    def granted(self) -> set[str]:
        """The customers of this journey that have a temporary line."""
        with self.books():
            lines = CreditLine.objects.filter(line_kind="temporary")
            return set(lines.values_list("customer__code", flat=True)) & CODES.keys()

    def worker_answers(self) -> None:
        with self.books() as company:
            reactions.drain(company=company, actor=SYSTEM)

    def next_morning_comes(self) -> None:
        with self.books() as company:
            advance_clock.advance_clock(company=company, days=1, actor=SYSTEM, mailer=NullMailer())

    def picture(self, page: Page, name: str) -> None:
        self.album.take(page, name)


def fits(page: Page) -> bool:
    """Tell whether nothing is wider than the phone."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def presses(page: Page, button: Locator) -> None:
    """Press what sends a form, and wait for the page that answers."""
    with page.expect_navigation():
        button.click()


def waits_at(card: Locator) -> list[str]:
    """The names of the steps at which the request on a card waits."""
    return card.locator("[data-test=steps] li[aria-current=step] .flow-name").all_inner_texts()


def is_granted_on_the_phone(journey: Journey) -> None:
    """4:00 to 5:30 of the newcomer's ten minutes: a remedy, a form filled in already, two taps, the order is free."""
    held = journey.holds_an_order()
    asking = journey.enters("finance_manager", on=PHONE)
    journey.goes(asking, f"/decisions/{held.id}")
    asking.locator("[data-test^=remedy-temporary] a").first.click()
    form = asking.locator("[data-test=temporary-line-form]")
    form.wait_for()
    visible = [one for one in form.locator("input, textarea, select").all() if one.is_visible()]
    assert len(visible) <= 3
    assert [one.input_value() for one in visible[:2]] != ["", ""], "amount and days are filled in"
    assert "B" in asking.locator("[data-test=deciders]").locator("..").inner_text(), "the row that asks"
    assert fits(asking)
    journey.picture(asking, "01-asked-on-the-phone")
    form.locator("[name=reason]").fill("旺季备货")
    asking.locator("[data-test=send-request]").click()
    asking.wait_for_url("**/limits")

    deciding = journey.enters("risk_director", on=PHONE)
    card = journey.card(deciding, "示例手机有限公司").filter(has_text="临时额度")
    said = card.inner_text()
    assert "可用额度" in said
    assert "逾期" in said, "the facts for the decision are on the card"
    assert fits(deciding)
    journey.picture(deciding, "02-card-on-the-phone")
    presses(deciding, card.locator("[data-test=approve]"))
    journey.worker_answers()

    journey.goes(asking, f"/decisions/{held.id}")
    assert "已放行" in asking.locator("[data-test=verdict]").inner_text()
    journey.picture(asking, "03-released-on-the-phone")


def draws_a_step(journey: Journey, manager: Page) -> None:
    """In the editor: room is made behind the start, a task dropped on the arrow, made a person's, and described."""
    journey.goes(manager, "/flows")
    manager.locator("[data-test=draw-temporary_line]").click()
    manager.wait_for_selector("[data-ready=yes]")
    for box in ("approved", "decide"):
        _moved_right(manager, box)
    centre = _middle(manager, "to_decide")
    manager.locator("[data-action='create.task']").click()
    manager.mouse.move(centre[0] - 10, centre[1] + 4, steps=4)
    manager.mouse.move(*centre, steps=4)
    manager.mouse.click(*centre)
    manager.keyboard.press("Escape")
    manager.locator("[data-action='replace']").click()
    manager.locator("[data-id='replace-with-user-task']").click()
    manager.fill("#p-name", STEP)
    manager.press("#p-name", "Tab")
    manager.select_option("#p-who", "role")
    manager.select_option("#p-roles", ["legal"])
    manager.fill("#p-sla", "2")
    manager.press("#p-sla", "Tab")
    journey.picture(manager, "04-drawn")
    presses(manager, manager.locator("[data-test=save-flow]"))
    manager.wait_for_selector("[data-ready=yes]")
    assert manager.locator("[data-test=flow-finding]").all_inner_texts() == []


def _moved_right(page: Page, element: str) -> None:
    x, y = _middle(page, element)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 220, y, steps=6)
    page.mouse.up()
    page.keyboard.press("Escape")


def _middle(page: Page, element: str) -> tuple[float, float]:
    box = page.locator(f"[data-element-id={element}] > .djs-visual").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def changes_the_threshold(journey: Journey, manager: Page) -> None:
    manager.locator("nav.crumbs a", has_text=TITLE).click()
    manager.locator("[data-test=sections] a", has_text="授权").click()
    for name, value in THRESHOLDS.items():
        manager.locator(f"[name='{name}']").locator("xpath=ancestor::details").locator("summary").click()
        manager.locator(f"[name='{name}']").fill(value)
    presses(manager, manager.locator("[data-test=save-section]"))
    assert manager.locator("[data-test=section-mistakes]").count() == 0


def are_published_by_a_second_person(journey: Journey, manager: Page, director: Page) -> None:
    manager.locator("nav.crumbs a", has_text=TITLE).click()
    changes = manager.locator("[data-test=policy-changes]").inner_text()
    assert "50000.00" in changes
    journey.picture(manager, "05-both-changes")
    manager.locator("[data-test=submit-draft]").click()
    manager.wait_for_selector("[data-test=asked]")
    presses(director, journey.card(director, TITLE).locator("[data-test=approve]"))


def test_two_changes_are_drawn_published_and_met_by_new_requests_only(
    demo, server, browser, django_db_blocker, monkeypatch
):
    # The browser's own loop runs in this thread, between which the books are looked into.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    journey = Journey(demo=demo, server=server, browser=browser, blocker=django_db_blocker)
    journey.customers()
    is_granted_on_the_phone(journey)
    journey.is_asked("OLD1")
    journey.is_asked("OLD2")

    manager = journey.enters("credit_manager", on=DESK)
    journey.goes(manager, "/policies")
    start = manager.locator("[data-test=start-draft]")
    start.locator("[name=title]").fill(TITLE)
    start.locator("[name=reason]").fill("法务要看临时额度")
    start.locator("button").click()
    manager.wait_for_selector("[data-test=sections]")
    draws_a_step(journey, manager)
    changes_the_threshold(journey, manager)
    director = journey.enters("risk_director", on=DESK)
    are_published_by_a_second_person(journey, manager, director)
    journey.next_morning_comes()

    # What runs stays with its picture; what is asked from now on meets the new step and the new threshold.
    journey.is_asked("NEW1")
    kept = journey.card(director, "示例留守有限公司")
    assert waits_at(kept) == [BY_TABLE]
    assert "B级 20万以下" in (kept.text_content() or "")
    legal = journey.enters("legal", on=PHONE)
    fresh = journey.card(legal, "示例新申请有限公司")
    assert waits_at(fresh) == [STEP]
    journey.picture(legal, "06-legal-on-the-phone")
    assert fits(legal)
    presses(legal, fresh.locator("[data-test=approve]"))
    asked = journey.card(director, "示例新申请有限公司")
    assert waits_at(asked) == [BY_TABLE]
    assert "B级 20万至200万" in (asked.text_content() or ""), "the risk director's from 50,000"

    journey.goes(manager, "/flows/moves")
    row = manager.locator("[data-test=moves] tbody tr", has_text="示例迁移有限公司")
    assert STEP in row.inner_text(), "the preview says where it would wait"
    journey.picture(manager, "07-moves")
    row.locator("[name=request]").check()
    presses(manager, manager.locator("[data-test=move]"))
    assert waits_at(journey.card(legal, "示例迁移有限公司")) == [STEP]

    presses(director, journey.card(director, "示例留守有限公司").locator("[data-test=approve]"))
    assert journey.granted() == {"OLD1", "PH1"}, "the old one needed no legal"
    assert journey.album.findings == []
    assert journey.failures == []
