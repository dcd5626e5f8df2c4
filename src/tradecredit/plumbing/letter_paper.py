"""A letter as a page of paper: its words as blocks, a place for the seal, the list of what it asks for as an annex."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tradecredit.plumbing import printing

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEMPLATE: Final = Path(__file__).with_name("letter.typ")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperBlock:
    """One block of the page: heading, paragraph, list, numbers, table, slip or seal."""

    kind: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """A table on a page of its own."""

    title: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    foot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPaper:
    """All that stands on the paper, in one language."""

    language: str
    title: str
    sender: str
    seal: str
    foot: str
    blocks: Sequence[PaperBlock]
    annex: Annex = field(default_factory=Annex)


def as_pdf(paper: LetterPaper) -> bytes:
    """Return the letter as a PDF of A4 pages, the same bytes for the same words."""
    return printing.compiled(_TEMPLATE, _data(paper))


def as_pictures(paper: LetterPaper) -> tuple[bytes, ...]:
    """Return the same pages as pictures (PNG)."""
    return printing.pictured(_TEMPLATE, _data(paper))


def _data(paper: LetterPaper) -> str:
    document = {
        "lang": "zh" if paper.language.startswith("zh") else "en",
        "title": paper.title,
        "sender": paper.sender,
        "seal": paper.seal,
        "foot": paper.foot,
        "blocks": [
            {"kind": block.kind, "lines": list(block.lines), "rows": [list(row) for row in block.rows]}
            for block in paper.blocks
        ],
        "annex": {
            "title": paper.annex.title,
            "heads": list(paper.annex.heads),
            "rows": [list(row) for row in paper.annex.rows],
            "foot": paper.annex.foot,
        },
    }
    return json.dumps(document, ensure_ascii=False)
