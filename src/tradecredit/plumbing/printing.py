"""Papers that leave the house: tables under a heading as a PDF in Chinese or English, the same bytes for the same content.

What people wrote goes in as data and never as a source text of the typesetter, so that no name can change the page.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.plumbing.tables import Table

_TEMPLATE: Final = Path(__file__).with_name("paper.typ")
# Of pictures: an A4 page is 992 dots wide.
_DOTS_PER_INCH: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper: its title, whose it is, facts about it (label and text), and its tables; an empty table is left out."""

    title: Words
    subtitle: str
    about: tuple[tuple[Words, str], ...]
    tables: tuple[Table, ...]
    foot: Words


def as_pdf(paper: Paper, *, language: str) -> bytes:
    """Return the paper as a PDF of A4 pages."""
    return compiled(_TEMPLATE, _data(paper, language))


def compiled(template: Path, data: str) -> bytes:
    """Return the PDF that a template makes of the data (JSON), with our own fonts only."""
    return b"".join(_typeset(template, data, "pdf"))


def pictured(template: Path, data: str) -> tuple[bytes, ...]:
    """Return the same pages as pictures (PNG), to be looked at where no PDF can be shown."""
    return _typeset(template, data, "png")


def _typeset(template: Path, data: str, kind: Literal["pdf", "png"]) -> tuple[bytes, ...]:
    import typst  # noqa: PLC0415 - eighty megabytes that only papers need

    made: bytes | list[bytes] = typst.compile(
        str(template),
        format=kind,
        ppi=_DOTS_PER_INCH,
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )
    return tuple(made) if isinstance(made, list) else (made,)


def as_workbook(paper: Paper, *, language: str) -> bytes:
    """Return the paper as a workbook: a sheet about it, then one for each table that has rows."""
    label, text = ("项目", "内容") if language.startswith("zh") else ("Item", "Text")
    cover = tables.plain(
        name=paper.title.in_language(language),
        headings=(label, text),
        rows=[(words.in_language(language), value) for words, value in paper.about],
    )
    return tables.as_workbook([cover, *_filled(paper, language)], language=language)


def _filled(paper: Paper, language: str) -> Sequence[Table]:
    """Return the tables that have rows, every sentence in the language."""
    return [
        dataclasses.replace(
            table,
            rows=tuple(
                tuple(cell.in_language(language) if isinstance(cell, Words) else cell for cell in row)
                for row in table.rows
            ),
        )
        for table in paper.tables
        if table.rows
    ]


def _data(paper: Paper, language: str) -> str:
    document = {
        "lang": "zh" if language.startswith("zh") else "en",
        "title": paper.title.in_language(language),
        "subtitle": paper.subtitle,
        "about": [[words.in_language(language), value] for words, value in paper.about],
        "foot": paper.foot.in_language(language),
        "tables": [
            {
                "title": table.title.in_language(language),
                "headings": [column.label.in_language(language) for column in table.columns],
                "is_number": [column.kind in ("amount", "number", "ratio") for column in table.columns],
                "rows": [[tables.as_text(value) for value in row] for row in table.rows],
            }
            for table in _filled(paper, language)
        ],
    }
    return json.dumps(document, ensure_ascii=False)


@cache
def _fonts() -> str:
    return str(resources.files("noto_cjk_sans_otc"))
