"""A letter's Markdown as blocks of a page: what a heading, a paragraph, a list, a table and a reply slip is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["heading", "paragraph", "list", "numbers", "table", "slip"]
# The slip to be cut off begins with its name, in either language.
SLIPS: Final = ("回执：", "回执:", "Reply slip:")
_ESCAPED: Final = re.compile(r"\\(.)")
_NUMBERED: Final = re.compile(r"\d+\.\s+")
# These are one block however many empty lines stand between their lines.
_TOGETHER: Final = ("list", "numbers", "table")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its lines, or the rows of a table, first the heads."""

    kind: Kind
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def of_letter(body: str) -> tuple[Block, ...]:
    """Return the letter's blocks in order; marks of Markdown are taken off, and a mark with nothing behind it."""
    blocks = (_block(kind, lines) for kind, lines in runs(body))
    return tuple(block for block in blocks if block.rows or any(block.lines))


def runs(body: str) -> Iterator[tuple[Kind, list[str]]]:
    """Yield the lines of each block, stripped and with their marks; an empty line ends a paragraph and a slip."""
    kind: Kind | None = None
    lines: list[str] = []
    for line in [*map(str.strip, body.splitlines()), ""]:
        if not line:
            if kind is not None and kind not in _TOGETHER:
                yield kind, lines
                kind, lines = None, []
            continue
        found = kind_of(line)
        # What stands right below the name of the slip belongs to it.
        if kind == "slip" and found == "paragraph":
            found = "slip"
        if kind is not None and (found != kind or kind == "heading"):
            yield kind, lines
            lines = []
        kind = found
        lines.append(line)
    if kind is not None:
        yield kind, lines


def kind_of(line: str) -> Kind:
    """Return of which kind a line with its marks is."""
    text = line.strip()
    if text.startswith("#"):
        return "heading"
    if text.startswith("|"):
        return "table"
    if text.startswith("- "):
        return "list"
    if _NUMBERED.match(text):
        return "numbers"
    return "slip" if text.startswith(SLIPS) else "paragraph"


def without_mark(kind: Kind, line: str) -> str:
    """Return a line without the mark of its kind; what is escaped in it stays so."""
    if kind == "heading":
        return line.lstrip("# ")
    if kind == "list":
        return line[2:].strip()
    return _NUMBERED.sub("", line, count=1) if kind == "numbers" else line


def unescaped(text: str) -> str:
    r"""Return the text as it is read: ``INV\_1`` is INV_1."""
    return _ESCAPED.sub(r"\1", text)


def _block(kind: Kind, lines: list[str]) -> Block:
    if kind == "table":
        rows = [tuple(unescaped(cell.strip()) for cell in _cells(line)) for line in lines]
        return Block(
            kind, rows=tuple(row for row in rows if not all(set(cell) <= set("-: ") for cell in row))
        )
    return Block(kind, tuple(unescaped(without_mark(kind, line)) for line in lines))


def _cells(line: str) -> list[str]:
    # A cell may hold an escaped bar.
    return re.split(r"(?<!\\)\|", line.strip().strip("|"))
