r"""A letter's template as the parts that an editor shows, and back to Markdown, letter by letter the same.

Note [One text, two looks]
The Markdown is the letter; the sheet is how people see it. ``written(read(text)) == text`` for every tidy text, and
``read(written(parts)) == tidied(parts)`` for whatever people put together: a line that would be taken for a mark of
Markdown ("1. …" within a paragraph) is written with a backslash and read without it. A text in another spelling of
Markdown (loose lists, three empty lines) keeps it for as long as nobody changes the sheet (``rewritten``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.collections import letter_blocks, letter_fields
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PartKind = Literal["heading", "subheading", "paragraph", "list", "numbers", "table", "field", "slip"]
KINDS: Final[dict[PartKind, Words]] = {
    "heading": Words(zh="标题（主题）", en="Heading (subject)"),
    "paragraph": Words(zh="段落", en="Paragraph"),
    "list": Words(zh="列表", en="List"),
    "numbers": Words(zh="编号列表", en="Numbered list"),
    "subheading": Words(zh="小标题", en="Subheading"),
    "field": Words(zh="整块字段", en="Field of its own"),
    "table": Words(zh="表格", en="Table"),
    "slip": Words(zh="回执", en="Reply slip"),
}
# Stands where words have still to be written; a letter with it is not kept.
UNWRITTEN: Final = "[…]"
_SLIP: Final = {"zh": "回执：", "en": "Reply slip: "}
_MARK: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_MERGED: Final = ("list", "numbers", "table")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sheet: its kind and its lines, without marks of Markdown; fields stay as ``{{ name }}``."""

    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps the letter from being kept: at which part (from 1; 0 for the letter as a whole), and why."""

    place: int
    words: Words


def read(template: str) -> tuple[Part, ...]:
    """Return the parts of a template in order."""
    found: list[Part] = []
    for kind, lines in letter_blocks.runs(template):
        if kind == "table":
            found.append(Part("table", "\n".join(lines)))
            continue
        text = "\n".join(letter_blocks.unescaped(letter_blocks.without_mark(kind, line)) for line in lines)
        found.append(Part("subheading" if kind == "heading" and found else kind, text))
    return tidied(found)


def written(parts: Iterable[Part], *, language: str = "zh") -> str:
    """Return the parts as Markdown; a slip that does not say so gets its name in the language."""
    return "\n\n".join(_written(part, language) for part in tidied(parts)) + "\n"


def rewritten(template: str, parts: Iterable[Part], *, language: str) -> str:
    """Return the template for changed parts; where nothing is changed, the very text that it was."""
    wanted = tidied(parts)
    return template if template and wanted == read(template) else written(wanted, language=language)


def tidied(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts as they are read again: nothing empty, one heading, lists that touch as one list."""
    found: list[Part] = []
    for part in parts:
        lines = [line for line in map(str.strip, part.text.splitlines()) if line]
        if not lines:
            continue
        one = _of_lines(part.kind, lines, is_first=not found)
        if found and one.kind in _MERGED and found[-1].kind == one.kind:
            found[-1] = replace(one, text=f"{found[-1].text}\n{one.text}")
        else:
            found.append(one)
    return tuple(found)


def _of_lines(kind: PartKind, lines: Sequence[str], *, is_first: bool) -> Part:
    if kind in {"heading", "subheading"}:
        return Part("heading" if is_first else "subheading", " ".join(lines))
    if kind == "table":
        return Part(kind, "\n".join(line if line.startswith("|") else f"| {line} |" for line in lines))
    alone = _alone(lines)
    if kind in {"paragraph", "field"}:
        return Part("field", alone) if alone else Part("paragraph", "\n".join(lines))
    return Part(kind, "\n".join(lines))


def _alone(lines: Sequence[str]) -> str:
    """Return the mark of a field that stands alone and is all that the lines hold."""
    match = _MARK.fullmatch(lines[0]) if len(lines) == 1 else None
    found = letter_fields.field(match.group(1)) if match else None
    return found.mark if found is not None and found.stands_alone else ""


def _written(part: Part, language: str) -> str:
    lines = part.text.split("\n")
    if part.kind == "table":
        return part.text
    if part.kind in {"heading", "subheading"}:
        return f"{'#' if part.kind == 'heading' else '##'} {_plain(part.text)}"
    if part.kind == "list":
        return "\n".join(f"- {_doubled(line)}" for line in lines)
    if part.kind == "numbers":
        return "\n".join(f"{place}. {_doubled(line)}" for place, line in enumerate(lines, 1))
    if part.kind == "slip":
        named = lines[0] if lines[0].startswith(letter_blocks.SLIPS) else f"{_SLIP[language]}{lines[0]}"
        return "\n".join((_doubled(named), *map(_plain, lines[1:])))
    return "\n".join(map(_plain, lines))


def _doubled(line: str) -> str:
    return line.replace("\\", "\\\\")


def _plain(line: str) -> str:
    """Return a line so that it is read as words, even where it begins like a list."""
    text = _doubled(line)
    kind = letter_blocks.kind_of(text)
    if kind == "numbers":
        return re.sub(r"^(\d+)\.", r"\1\\.", text)
    return text if kind == "paragraph" else f"\\{text}"


def outline(parts: Iterable[Part], *, language: str) -> tuple[Part, ...]:
    """Return the same parts with their fields, and a mark wherever words are to be written in another language."""
    return tidied(_outlined(part, language) for part in parts)


def _outlined(part: Part, language: str) -> Part:
    if part.kind in {"field", "table"}:
        return part
    lines = []
    for line in part.text.split("\n"):
        marks = [f"{{{{ {name} }}}}" for name in _MARK.findall(line)]
        has_words = bool(re.search(r"\w", _MARK.sub("", line)))
        lines.append(" ".join([UNWRITTEN, *marks] if has_words else marks))
    if part.kind == "slip":
        lines[0] = _SLIP[language] + lines[0]
    return Part(part.kind, "\n".join(lines))


def problems(parts: Sequence[Part]) -> tuple[Problem, ...]:
    """Return everything that keeps a sheet from being kept, with its place; an empty part is no problem."""
    found: list[Problem] = []
    filled = [(place, part) for place, part in enumerate(parts, 1) if part.text.strip()]
    if not filled or filled[0][1].kind != "heading":
        words = Words(
            zh="第一部分须是标题：它是函件的主题。",
            en="The first part must be the heading: it is the subject.",
        )
        found.append(Problem(0, words))
    for place, part in filled:
        found += [Problem(place, words) for words in _of_part(part)]
    return tuple(found)


def _of_part(part: Part) -> list[Words]:
    found = [
        Words(
            zh="“{{{{ {name} }}}}”不是可用的字段；请从“插入字段”里选。",
            en="“{{{{ {name} }}}}” is no field; choose one from “Insert a field”.",
        ).filled(name=name)
        for name in _MARK.findall(part.text)
        if letter_fields.field(name) is None
    ]
    rest = _MARK.sub("", part.text)
    if any(mark in rest for mark in ("{{", "}}", "{%")):
        found.append(
            Words(
                zh="有不成对的花括号；字段写作 {{{{ 名称 }}}}。",
                en="There are stray braces; a field is written {{{{ name }}}}.",
            ).filled()
        )
    if UNWRITTEN in part.text:
        found.append(
            Words(zh="“{mark}”处还没有写。", en="Words are missing at “{mark}”.").filled(mark=UNWRITTEN)
        )
    return found + _not_alone(part)


def _not_alone(part: Part) -> list[Words]:
    """Say which fields fill lines of their own and stand within a sentence."""
    if part.kind == "field" or _alone(part.text.split("\n")):
        return []
    fields = [letter_fields.field(name) for name in _MARK.findall(part.text)]
    return [
        Words(zh="“{zh}”是整块内容，须单独成段。", en="“{en}” fills lines of its own: put it alone.").filled(
            zh=one.label.zh, en=one.label.en
        )
        for one in fields
        if one is not None and one.stands_alone
    ]
