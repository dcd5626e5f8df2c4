"""Words mean one thing: the glossary is whole, and pages use its words."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "GLOSSARY.md"

# Words that mean one of our terms, and the word that the glossary gives it.
FORBIDDEN = {
    "授信限额": "授信额度",
    "信用限额": "信用额度",
    "超期天数": "逾期天数",
    "帐龄": "账龄",
    "帐期": "账期",
}


def _rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


class TestGlossary:
    def test_every_term_has_both_languages_and_a_meaning(self):
        terms = [
            row
            for row in _rows()
            if len(row) == 3 and row[0] != "English" and not row[0].startswith("Metric")
        ]
        bad = [row[0] for row in terms if not all(row) and re.search(r"[一-鿿]", row[1])]

        assert len(terms) > 50
        assert bad == []

    def test_sources_use_the_glossarys_words(self):
        found = []
        for folder, pattern in (("src/tradecredit", "**/*.py"), ("src/tradecredit", "**/*.html"),
                                ("src/tradecredit/policies", "**/*.yaml")):  # fmt: skip
            for path in (ROOT / folder).glob(pattern):
                text = path.read_text(encoding="utf-8")
                found += [
                    f"{path.relative_to(ROOT)}: {word} → {better}"
                    for word, better in FORBIDDEN.items()
                    if word in text
                ]
        assert found == []

    def test_rooms_have_their_page(self):
        from django.conf import settings

        missing = [room for room in settings.ROOMS if not (ROOT / "docs" / "rooms" / f"{room}.md").exists()]
        assert missing == []
