"""A letter's Markdown as blocks of a page: what a heading, a paragraph, a list, a table and a reply slip is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

Kind = Literal["heading", "paragraph", "list", "numbers", "table", "slip"]
_ESCAPED: Final = re.compile(r"\\(.)")
_NUMBERED: Final = re.compile(r"\d+\.\s+")
# The slip to be cut off begins with its name, in either language.
_SLIPS: Final = ("回执：", "回执:", "Reply slip:")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its lines, or the rows of a table, first the heads."""

    kind: Kind
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def of_letter(body: str) -> tuple[Block, ...]:
    """Return the letter's blocks in order; marks of Markdown are taken off."""
    return tuple(
        _block(kind, [line.strip() for line in lines])
        for kind, lines in groupby(filter(str.strip, body.splitlines()), key=_kind)
    )


def _kind(line: str) -> Kind:
    text = line.strip()
    if text.startswith("#"):
        return "heading"
    if text.startswith("|"):
        return "table"
    if text.startswith("- "):
        return "list"
    if _NUMBERED.match(text):
        return "numbers"
    return "slip" if text.startswith(_SLIPS) else "paragraph"


def _block(kind: Kind, lines: list[str]) -> Block:
    if kind == "table":
        rows = [tuple(_plain(cell.strip()) for cell in _cells(line)) for line in lines]
        return Block(
            kind, rows=tuple(row for row in rows if not all(set(cell) <= set("-: ") for cell in row))
        )
    if kind == "heading":
        return Block(kind, (_plain(lines[0].lstrip("# ")),))
    if kind == "list":
        return Block(kind, tuple(_plain(line[2:]) for line in lines))
    if kind == "numbers":
        return Block(kind, tuple(_plain(_NUMBERED.sub("", line, count=1)) for line in lines))
    return Block(kind, tuple(_plain(line) for line in lines))


def _cells(line: str) -> list[str]:
    # A cell may hold an escaped bar.
    return re.split(r"(?<!\\)\|", line.strip().strip("|"))


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
