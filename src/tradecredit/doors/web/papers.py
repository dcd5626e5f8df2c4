"""A letter's text as a page of paper: headings, paragraphs, lists, tables, the place of the seal, the slip to cut off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.utils.html import format_html, format_html_join

from tradecredit.analytics.collections import letter_papers
from tradecredit.core.collections import letter_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from tradecredit.plumbing.letter_paper import PaperBlock

_MARK: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def page(text: str, *, is_sealed: bool = False) -> SafeString:
    """Return the letter as HTML; its words are escaped."""
    blocks = letter_papers.blocks(text, is_sealed=is_sealed)
    return format_html_join(
        "", "{}", ((_block(block, is_first=place == 0),) for place, block in enumerate(blocks))
    )


def with_fields(text: str, *, language: str) -> SafeString:
    """Return a template's words with each field as a chip that bears its name; an unknown one is marked as wrong."""
    pieces = _MARK.split(text)
    return format_html_join(
        "",
        "{}",
        ((_chip(piece, language) if place % 2 else piece,) for place, piece in enumerate(pieces)),
    )


def _chip(name: str, language: str) -> SafeString:
    field = letter_fields.field(name)
    if field is None:
        return format_html('<span class="field-chip is-wrong">{}</span>', name)
    return format_html('<span class="field-chip">{}</span>', field.label.in_language(language))


def _block(block: PaperBlock, *, is_first: bool) -> SafeString:
    if block.kind == "table":
        return _table(block.rows)
    if block.kind == "heading":
        return format_html("<{0}>{1}</{0}>", "h2" if is_first else "h3", block.lines[0])
    if block.kind in {"list", "numbers"}:
        items = format_html_join("", "<li>{}</li>", ((line,) for line in block.lines))
        return format_html("<{0}>{1}</{0}>", "ul" if block.kind == "list" else "ol", items)
    words = "\n".join(block.lines)
    if block.kind in {"slip", "seal", "closing"}:
        return format_html('<p class="paper-{}">{}</p>', block.kind, words)
    return format_html("<p>{}</p>", words)


def _table(rows: Sequence[tuple[str, ...]]) -> SafeString:
    head, *body = rows
    return format_html(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in head)),
        format_html_join(
            "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((c,) for c in row)),) for row in body)
        ),
    )
