"""The editor in a real browser: a step is added with the mouse and kept; reference models come in and go out whole."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

import tradecredit.doors.web
from tradecredit.apps.decisions import drafts
from tradecredit.core.approvals.diagrams import flows, reading
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doors.web.conftest import House

pytestmark = pytest.mark.browser
STATIC = Path(tradecredit.doors.web.__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@pytest.fixture
def drawn(house: House) -> tuple[Any, str, Any]:
    """A draft, the address of its flow and the answer with the page, as a writer of policies gets it."""
    draft = draft_policy.start_draft(
        company=house.company, title="加一步", reason="法务", valid_from=date(2026, 3, 3),
        actor=house.people[Role.CREDIT_MANAGER],
    )  # fmt: skip
    address = f"/flows/credit_limit?draft={draft.id}"
    return draft, address, house.client(Role.CREDIT_MANAGER).get(address)


@contextmanager
def opened(answer: Any, sent: list[str]) -> Iterator[Any]:
    """The page in a browser under its own content policy, without a server; what its form sends is kept."""
    from playwright.sync_api import sync_playwright

    chromium = next(
        (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
    )
    if chromium is None:
        pytest.skip("no Chromium here: install one to look at the editor")
    policy = {"Content-Security-Policy": answer.headers["Content-Security-Policy"]}

    def serve(route: Any) -> None:
        path = route.request.url.split("//", 1)[1].partition("/")[2].partition("?")[0]
        file = STATIC / path.removeprefix("static/")
        if route.request.method == "POST":
            sent.append(route.request.post_data)
            route.fulfill(status=200, body="kept", content_type="text/html")
        elif path.startswith("static/") and file.is_file():
            route.fulfill(path=str(file), content_type=TYPES.get(file.suffix, "text/plain"))
        else:
            route.fulfill(
                body=answer.content.decode(), content_type="text/html; charset=utf-8", headers=policy
            )

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.route("**/*", serve)
        page.goto("http://editor.example/flows/credit_limit")
        page.wait_for_selector("[data-ready=yes]")
        yield page
        browser.close()


def exported(page: Any) -> str:
    with page.expect_download() as download:
        page.click("#flow-export")
    return Path(download.value.path()).read_text("utf-8")


class TestFlowEditor:
    def test_a_step_is_added_with_the_mouse_and_kept_in_the_draft(self, house: House, drawn):
        draft, address, answer = drawn
        sent: list[str] = []
        with opened(answer, sent) as page:
            page.click("[data-element-id=decide]")
            page.click("[data-action='append.append-task']")
            # The name may be typed at once; here it is given in the panel.
            page.keyboard.press("Escape")
            page.wait_for_timeout(300)
            page.click("[data-action='replace']")
            page.click("[data-id='replace-with-user-task']")
            page.fill("#p-name", "法务复核")
            page.press("#p-name", "Tab")
            page.select_option("#p-who", "role")
            page.select_option("#p-roles", ["legal"])
            page.fill("#p-sla", "2")
            page.press("#p-sla", "Tab")
            assert page.is_visible(".bjs-powered-by")
            page.click("[data-test=save-flow]")
            page.wait_for_selector("text=kept")

        house.client(Role.CREDIT_MANAGER).post(
            address, {name: one[0] for name, one in parse_qs(sent[0]).items()}
        )

        with db.unit_of_work(Actor.system("test")):
            text = drafts.by_id(draft.id).document["flows"]["credit_limit"]
        step = next(one for one in reading.read(text).of_type(reading.PERSON) if one.name == "法务复核")
        assert step.properties == {"who": "role", "roles": "legal", "slaDays": "2"}
        # It hangs beside the first step until the arrows are drawn: the page says what is missing.
        assert {one.code for one in flows.findings(text, tables=())} == {"many_ways", "dead_end"}

    @pytest.mark.realdata
    def test_reference_models_are_shown_and_go_out_as_they_came_in(self, drawn, shared_data):
        folder = shared_data / "bpmn_miwg"
        expected = json.loads((folder / "EXPECTED_counts.json").read_text("utf-8"))
        with opened(drawn[2], []) as page:
            for name, counts in expected.items():
                page.evaluate("document.querySelector('.flow-editor').dataset.ready = ''")
                page.set_input_files("#flow-file", str(folder / name))
                page.wait_for_selector("[data-ready=yes]")
                found = reading.read(exported(page)).counts
                assert {kind: found.get(kind, 0) for kind in counts} == counts, name
                assert not page.is_visible("#flow-problem")
