"""The sheet of a letter as a form: parts in their order, moved and added to without a script, and read from what is posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.collections import letter_changes, letter_fields, letter_grid, letter_sheet
from tradecredit.core.collections.letter_sheet import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from tradecredit.core.collections.letter_sheet import Problem
    from tradecredit.core.kernel.reasons import Words

_ALONE: Final = "field:"
_CHOSEN: Final = ("paragraph", "list", "numbers", "subheading", "table", "slip")
_PARTS_MOST: Final = 200
# Signs in a line of a text area: Chinese ones fill it sooner, and a row too many hides nothing.
_WIDTH: Final = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One part as the form shows it: its number, the kinds it can be, its text and what is wrong with it."""

    place: int
    kind: str
    text: str
    rows: int
    kinds: tuple[tuple[str, Words], ...]
    problems: tuple[Words, ...]
    is_first: bool
    is_closing: bool


def shown(parts: Sequence[Part], problems: Sequence[Problem], *, is_sealed: bool) -> list[Shown]:
    """Return the parts as the form shows them."""
    closing = max((place for place, part in enumerate(parts) if part.kind == "paragraph"), default=-1)
    return [
        Shown(
            place=place + 1,
            kind=_kind(part),
            text=part.text,
            rows=sum(1 + len(line) // _WIDTH for line in part.text.split("\n")),
            kinds=_kinds(is_first=place == 0),
            problems=tuple(one.words for one in problems if one.place == place + 1),
            is_first=place == 0,
            is_closing=is_sealed and place == closing,
        )
        for place, part in enumerate(parts)
    ]


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the letters in which two policy documents differ, each with its lines that do."""
    old, new = letter_grid.texts_of(before), letter_grid.texts_of(after)
    return [
        {
            "key": key,
            "in_language": key.rpartition("-")[2],
            "is_gone": key not in new,
            "changed_lines": letter_changes.lines(old.get(key, ""), new.get(key, "")),
        }
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def blank() -> Shown:
    """Return the part that a script copies for a new paragraph; its number is filled in there."""
    return Shown(
        place=0, kind="paragraph", text="", rows=1, kinds=_kinds(is_first=False), problems=(), is_first=False,
        is_closing=False,
    )  # fmt: skip


def posted(form: QueryDict) -> list[Part]:
    """Return the parts as they are typed, in the order of the form."""
    found: list[Part] = []
    for kind, text in zip(form.getlist("kind")[:_PARTS_MOST], form.getlist("text"), strict=False):
        lines = text.replace("\r\n", "\n")
        if kind.startswith(_ALONE):
            field = letter_fields.field(kind.removeprefix(_ALONE))
            found.append(Part("field", lines if field is None else field.mark))
        else:
            known: Any = kind if kind in letter_sheet.KINDS else "paragraph"
            found.append(Part(known, lines))
    return found


def acted(parts: Sequence[Part], act: str) -> list[Part]:
    """Return the parts after a button without a script: ``up:3``, ``down:3``, ``drop:3``, ``add:3``; else as they are."""
    what, _, number = act.partition(":")
    found = list(parts)
    place = int(number) - 1 if number.isdecimal() else -1
    if not 0 <= place < len(found):
        return found
    if what == "add":
        found.insert(place + 1, Part("paragraph", ""))
    # The heading stays first.
    elif what == "drop" and place > 0:
        del found[place]
    elif what == "up" and place > 1:
        found[place - 1 : place + 1] = [found[place], found[place - 1]]
    elif what == "down" and 0 < place < len(found) - 1:
        found[place : place + 2] = [found[place + 1], found[place]]
    return found


def _kind(part: Part) -> str:
    return f"{_ALONE}{part.text.strip('{} ')}" if part.kind == "field" else part.kind


def _kinds(*, is_first: bool) -> tuple[tuple[str, Words], ...]:
    if is_first:
        return (("heading", letter_sheet.KINDS["heading"]),)
    alone = tuple((f"{_ALONE}{one.name}", one.label) for one in letter_fields.every() if one.stands_alone)
    return (*((kind, words) for kind, words in letter_sheet.KINDS.items() if kind in _CHOSEN), *alone)
