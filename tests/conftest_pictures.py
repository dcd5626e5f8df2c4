"""Pictures of the journeys, and what an accessibility check finds on the pages they visit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

OUTPUT = Path(__file__).resolve().parent / "output"
_GRAVE = {"serious", "critical"}


class Album:
    """One journey's strip of pictures."""

    def __init__(self, name: str) -> None:
        self.folder = OUTPUT / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.findings: list[str] = []

    def take(self, page: Page, name: str) -> None:
        """Take a picture and note every serious accessibility finding."""
        page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in _GRAVE:
                places = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
                self.findings.append(f"{name}: {violation['id']}: {places}")
