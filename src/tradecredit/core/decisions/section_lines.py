"""A section of a policy as lines to type: every figure, condition, formula and name, grouped by the item they belong to.

Items of a list (a check, a rule, a stage, a tier) are blocks that can be copied under another code and taken out, so that
a new rule is written without anybody touching a file.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import line_names
from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is drawn, or written as text of its own, is no section of lines; overlays and scorecards have their own pages.
SECTIONS: Final = (
    "order_control", "limits", "grades", "authority", "dunning", "monitoring", "receivables", "dossier"
)  # fmt: skip
_LONG: Final = 40
_CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SEPARATORS: Final = re.compile(r"[,，、]")
_BOTH: Final = frozenset({"zh", "en"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value: its path, what it is called within its block, and how it is typed (``text``, ``flag``, ``list``)."""

    path: str
    words: Words
    kind: str
    value: str

    @property
    def is_long(self) -> bool:
        """Tell whether it wants a wide field."""
        return len(self.value) > _LONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines of one item, or of what stands beside the lists; ``place`` is what mistakes call it."""

    path: str
    place: str
    words: Words
    lines: tuple[Line, ...]
    is_item: bool


def blocks(document: Mapping[str, Any], section: str) -> tuple[Block, ...]:
    """Return a section's blocks: first what stands beside its lists, then item by item; raises UnknownPathError."""
    if section not in SECTIONS or section not in document:
        raise UnknownPathError(f"{section} is no section of lines")
    general: list[Line] = []
    items: list[Block] = []
    for key, value in document[section].items():
        path = f"{section}.{key}"
        parts = document_changes.named_parts(value) if isinstance(value, list) else None
        if parts is None:
            general += _lines(value, path, (key,))
            continue
        for place, (name, item) in enumerate(parts.items()):
            items.append(
                Block(
                    path=f"{path}.{name}",
                    place=f"{path}[{place}]",
                    words=_title(key, name, item),
                    lines=tuple(_lines(item, f"{path}.{name}", ())),
                    is_item=True,
                )
            )
    first = Block(
        path=section,
        place=section,
        words=Words(zh="通用", en="General"),
        lines=tuple(general),
        is_item=False,
    )
    return (first, *items) if general else tuple(items)


def written(document: Mapping[str, Any], section: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the document with values by path replaced by what was typed, each as the kind of value that it was.

    Raises UnknownPathError for a path that is no line of the section.
    """
    known = {line.path: line for block in blocks(document, section) for line in block.lines}
    result: Any = document
    for path, text in typed.items():
        if path not in known:
            raise UnknownPathError(f"{path} is no value of {section}")
        if text.strip() == known[path].value:
            continue
        present = document_changes.value_at(document, path)
        result = document_changes.changed(result, path, _typed(present, text.strip()))
    return dict(result)


def copied(document: Mapping[str, Any], path: str, code: str) -> dict[str, Any]:
    """Return the document with a copy of an item behind it, under another code; raises UnknownPathError."""
    items, place, item = _item(document, path)
    taken = document_changes.named_parts(items) or {}
    if not _CODE.fullmatch(code) or code in taken:
        raise UnknownPathError(f"{code!r} is taken, or no code of letters, digits, - and _")
    twin = copy.deepcopy(item)
    twin[next(iter(document_changes.name_of(item)))] = code
    made = [*items[: place + 1], twin, *items[place + 1 :]]
    return dict(document_changes.changed(document, path.rpartition(".")[0], made))


def removed(document: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return the document without an item; raises UnknownPathError."""
    items, place, _ = _item(document, path)
    return dict(
        document_changes.changed(document, path.rpartition(".")[0], items[:place] + items[place + 1 :])
    )


def _item(document: Mapping[str, Any], path: str) -> tuple[list[Any], int, Any]:
    owner, _, name = path.rpartition(".")
    if path.split(".", maxsplit=1)[0] not in SECTIONS:
        raise UnknownPathError(path)
    items = document_changes.value_at(document, owner)
    parts = document_changes.named_parts(items) if isinstance(items, list) else None
    if parts is None or name not in parts:
        raise UnknownPathError(f"{path} is no item of a list")
    place = list(parts).index(name)
    return items, place, items[place]


def _lines(value: Any, path: str, way: tuple[str, ...]) -> Iterator[Line]:
    if _is_plain_list(value):
        yield _line(path, way, "list", "、".join(str(item) for item in value))
        return
    if isinstance(value, Mapping):
        parts = {str(key): item for key, item in value.items() if str(key) not in line_names.UNTOLD}
    elif isinstance(value, list):
        parts = document_changes.named_parts(value) or {
            str(place): item for place, item in enumerate(value, 1)
        }
    else:
        kind = "flag" if isinstance(value, bool) or value in {"yes", "no"} else "text"
        yield _line(path, way, kind, _text(value))
        return
    for key, item in parts.items():
        if "." not in key:
            yield from _lines(item, f"{path}.{key}", (*way, key))


def _line(path: str, way: tuple[str, ...], kind: str, value: str) -> Line:
    names = [line_names.of(key) for key in way]
    words = Words(zh=" › ".join(one.zh for one in names), en=" › ".join(one.en for one in names))
    return Line(path=path, words=words, kind=kind, value=value)


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str | int) for item in value)


def _title(key: str, name: str, item: Any) -> Words:
    label = item.get("label") if isinstance(item, Mapping) else None
    owner = line_names.of(key)
    if isinstance(label, Mapping) and label.keys() >= _BOTH:
        return Words(zh=f"{owner.zh} · {label['zh']}", en=f"{owner.en} · {label['en']}")
    return Words(zh=f"{owner.zh} · {name}", en=f"{owner.en} · {name}")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _typed(present: Any, text: str) -> Any:
    """Return what was typed as the kind of value that stands there; what does not fit stays text, for the check to name."""
    match present:
        case bool():
            return {"yes": True, "no": False}.get(text, text)
        case int():
            return int(text) if text.isdecimal() else text
        case list():
            return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
        case _:
            return text
