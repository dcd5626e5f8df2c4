"""A letter's text as a page of paper: headings, paragraphs and tables; everything else stays as it was written."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString


def page(text: str) -> SafeString:
    """Return the letter as HTML; its words are escaped."""
    blocks: list[SafeString] = []
    for is_table, group in groupby(text.splitlines(), key=lambda line: line.startswith("|")):
        lines = list(group)
        blocks.append(_table(lines) if is_table else _prose(lines))
    return format_html_join("", "{}", ((block,) for block in blocks))


def _prose(lines: Sequence[str]) -> SafeString:
    parts = []
    for line in lines:
        if line.startswith("#"):
            parts.append(format_html("<h2>{}</h2>", line.lstrip("# ")))
        elif line.strip():
            parts.append(format_html("<p>{}</p>", line))
    return format_html_join("", "{}", ((part,) for part in parts))


def _table(lines: Sequence[str]) -> SafeString:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head, *body = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    return format_html(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in head)),
        format_html_join(
            "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((c,) for c in row)),) for row in body)
        ),
    )
