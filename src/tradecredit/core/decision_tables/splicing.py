"""Rows of a table written into its file: nothing else of the file changes, not even what nobody here knows.

Note [Text, not trees]
A tool's file holds more than the standard: its own namespaces, drawings, comments, prefixes. A tree written anew would
lose some of it, so the places of the changed cells are found in the text and only they are replaced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from tradecredit.core.decision_tables import xml_text
from tradecredit.core.decision_tables.model import UnableToDecideError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ENTRIES: Final = ("inputEntry", "outputEntry", "annotationEntry")
_TAG: Final = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_SPACE: Final = re.compile(rb"\s*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it is to be: the number (from 1) of the row of the file that it was, 0 for a new one."""

    number: int
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...] = ()

    @property
    def cells(self) -> Mapping[str, tuple[str, ...]]:
        """Return the texts by the kind of cell."""
        return dict(zip(_ENTRIES, (self.tests, self.outputs, self.annotations), strict=True))


@dataclass(slots=True)
class _Element:
    """A place in the text: from its first byte to the one after its last; ``inner`` is what is between its tags."""

    name: str
    label: str
    begin: int
    opened: int = 0
    closing: int = 0
    end: int = 0
    children: list[_Element] = field(default_factory=list)

    def of(self, name: str) -> list[_Element]:
        return [one for one in self.children if one.name.rpartition(":")[2] == name]


def with_rows(text: str, *, decision: str, rows: Sequence[Row]) -> str:
    """Return the file with these rows in the table of a decision.

    Rows keep what else stands in them (identifiers, descriptions, extensions); what is not among ``rows`` goes. Raises
    UnableToReadModelError for what is no XML, UnableToDecideError where no such decision is a table.
    """
    xml_text.read(text)
    source = text.encode()
    table = next(
        (
            found
            for one in _every(_tree(source))
            if one.name.rpartition(":")[2] == "decision" and one.label == decision
            for found in one.of("decisionTable")
        ),
        None,
    )
    if table is None:
        raise UnableToDecideError(name=decision)
    rules = table.of("rule")
    prefix = table.name.rpartition("decisionTable")[0].encode()
    indent = _indent(source, rules[0].begin if rules else table.closing)
    made = [
        _changed(source, rules[row.number - 1], row, prefix) if row.number else _new(row, prefix)
        for row in rows
    ]
    begin, end = (rules[0].begin, rules[-1].end) if rules else (table.closing, table.closing)
    return (source[:begin] + indent.join(made) + source[end:]).decode()


def _changed(source: bytes, rule: _Element, row: Row, prefix: bytes) -> bytes:
    """Return a row of the file with its cells' texts replaced where they are others."""
    cuts: list[tuple[int, int, bytes]] = []
    for name, texts in row.cells.items():
        entries = rule.of(name)
        for entry, wanted in zip(entries, texts, strict=False):
            cuts += _cut(source, entry, wanted, prefix)
        added = b"".join(_entry(name, wanted, prefix) for wanted in texts[len(entries) :] if wanted)
        if added:
            cuts.append((rule.closing, rule.closing, added))
    result = source[rule.begin : rule.end]
    for begin, end, new in sorted(cuts, reverse=True):
        result = result[: begin - rule.begin] + new + result[end - rule.begin :]
    return result


def _cut(source: bytes, entry: _Element, wanted: str, prefix: bytes) -> Iterator[tuple[int, int, bytes]]:
    inner = entry.of("text")
    if inner and _plain(source[inner[0].opened : inner[0].closing]) == wanted.strip():
        return
    if inner and inner[0].opened < inner[0].end:
        yield inner[0].opened, inner[0].closing, escape(wanted).encode()
        return
    made = _tagged(prefix + b"text", escape(wanted).encode())
    if inner:
        yield inner[0].begin, inner[0].end, made
    elif entry.opened < entry.end:
        yield entry.opened, entry.opened, made
    else:
        yield entry.begin, entry.end, _tagged(prefix + entry.name.rpartition(":")[2].encode(), made)


def _plain(inner: bytes) -> str:
    """Return the text between tags, as it is meant."""
    wrapped = xml_text.read(f"<text>{inner.decode()}</text>")
    return (wrapped.text or "").strip()


def _new(row: Row, prefix: bytes) -> bytes:
    entries = b"".join(_entry(name, wanted, prefix) for name, texts in row.cells.items() for wanted in texts)
    return _tagged(prefix + b"rule", entries)


def _entry(name: str, wanted: str, prefix: bytes) -> bytes:
    return _tagged(prefix + name.encode(), _tagged(prefix + b"text", escape(wanted).encode()))


def _tagged(name: bytes, inner: bytes) -> bytes:
    return b"<" + name + b">" + inner + b"</" + name + b">"


def _indent(source: bytes, place: int) -> bytes:
    found = _SPACE.search(source[:place])
    return b"" if found is None else found.group()


def _every(element: _Element) -> Iterator[_Element]:
    pending = [element]
    while pending:
        one = pending.pop()
        yield one
        pending += reversed(one.children)


def _tree(source: bytes) -> _Element:
    """Return every element with its place; the text has been read before, so it is sound and bounded."""
    root = _Element(name="", label="", begin=0)
    open_now = [root]
    parser = expat.ParserCreate("UTF-8")

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        at = parser.CurrentByteIndex
        element = _Element(name=name, label=attributes.get("name", ""), begin=at, opened=_after(source, at))
        open_now[-1].children.append(element)
        open_now.append(element)

    def end(_name: str) -> None:
        element = open_now.pop()
        at = parser.CurrentByteIndex
        is_empty = source[element.opened - 2 : element.opened] == b"/>"
        element.closing = element.opened if is_empty else at
        element.end = element.opened if is_empty else _after(source, at)

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.Parse(source, True)
    return root


def _after(source: bytes, at: int) -> int:
    """Return the place behind the tag that begins here."""
    found = _TAG.match(source, at)
    return at if found is None else found.end()
