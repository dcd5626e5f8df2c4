"""A small demo, played once, cloned for each journey, and a web server on it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "tests" / "output"
SIGNER = "signer@example.com"
_CUSTOMERS = 14
# How long a page may take before a journey gives up: only a hang is a failure here, timings are measured elsewhere.
_PATIENCE_MS = 180_000


@dataclass(frozen=True)
class Demo:
    """A running demo: its address and the entrances by mail address."""

    base: str
    entrances: dict[str, str]
    database_url: str
    database_name: str
    password: str

    def entrance(self, role: str) -> str:
        return self.base + self.entrances[f"{role.replace('_', '-')}@demo.example.com"]


@pytest.fixture(scope="session")
def demo_template(server, django_db_setup, django_db_blocker) -> Iterator[str]:
    """A database in which the demo was played with a few customers; the name of the database."""
    from conftest_database import pointed_at
    from tradecredit.flows import ports
    from tradecredit.flows.simulation import run, world
    from tradecredit.integrations.mail.null import NullMailer

    name = server.clone()
    with django_db_blocker.unblock(), pointed_at(server, name):
        packs = ports.find(ports.PolicyPacks)
        documents = {code: packs.load_pack("five-pillars") for code, _, _ in world.COMPANIES}
        run.run(run.Script(documents=documents, customer_count=_CUSTOMERS), mailer=NullMailer())
    yield name
    server.drop(name)


@pytest.fixture
def demo(server, demo_template, django_db_blocker) -> Iterator[Demo]:
    """A clone of the demo with a web server on it."""
    from conftest_database import pointed_at
    from tradecredit.analytics import demo_entrances
    from tradecredit.doors.cli import serving
    from tradecredit.flows import set_up_company
    from tradecredit.plumbing.access import Role
    from tradecredit.plumbing.access.models import Company

    name = server.clone(demo_template)
    with django_db_blocker.unblock(), pointed_at(server, name):
        entrances = dict(demo_entrances.entrances())
        signer, password = set_up_company.ensure_user(email=SIGNER, name="示例登录")
        company = Company.objects.order_by("code").first()
        set_up_company.grant_roles(user=signer, company=company, roles=[Role.CFO])
    url = server.address_of(name)
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tradecredit.config.settings.test",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT / "src")]),
    }
    # The very command of `tradecredit serve`: the front of checks, with Django's pages behind it.
    (command,) = serving.commands("127.0.0.1", port, with_worker=False)
    process = subprocess.Popen(command, env=environment)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(base, process)
        yield Demo(base, entrances, url, name, password or "")
    finally:
        process.terminate()
        process.wait(timeout=120)
        server.drop(name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        assert process.poll() is None, "the web server ended"
        try:
            with urllib.request.urlopen(f"{base}/api/v1/ready", timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail("the web server did not become ready")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium; without one the journeys are skipped."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip(
        "no Chromium here: install one (Debian: apt-get install chromium fonts-noto-cjk) to run the journeys"
    )


@pytest.fixture
def browser(chromium_path) -> Iterator[object]:
    """A headless browser without any network of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        )  # fmt: skip
        yield _Patient(browser)
        browser.close()


class _Patient:
    """A browser whose pages wait longer than they do by themselves, so that a busy machine fails no journey."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def new_context(self, **options: Any) -> BrowserContext:
        context = self._browser.new_context(**options)
        context.set_default_timeout(_PATIENCE_MS)
        return context

    def new_page(self, **options: Any) -> Page:
        page = self._browser.new_page(**options)
        page.set_default_timeout(_PATIENCE_MS)
        return page
