"""Descriptions of systems: which records are which documents, where their fields stand; parts may be replaced a connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.flows.sources.erps import KINDS, System, UnableToDescribeSourceError
from tradecredit.plumbing import yaml_texts

# What is spoken to over HTTP, and what is not: a database, a folder.
NAMES: Final = ("kingdee", "yonbip", "erpnext", "odoo", "tryton", "sap", "rest")
BESIDE_HTTP: Final = ("sql", "folder")
_TEXT_MAX: Final = 40_000
DIALECTS: Final = ("tryton", "odoo", "erpnext", "kingdee", "yonbip", "odata", "rest", *BESIDE_HTTP)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a record: a path of names and positions, or a constant."""

    path: tuple[str, ...] = ()
    constant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One kind of documents: what they are called there, which of them count, and where their fields stand."""

    kind: str
    entity: str
    filter: Any
    key: str
    changed: str
    day: str
    fields: Mapping[str, tuple[Place, ...]]
    options: Mapping[str, Any]

    def names(self) -> tuple[str, ...]:
        """Return the first names of all places, each once: what has to be asked for."""
        found = [
            self.key,
            self.changed,
            *(place.path[0] for ones in self.fields.values() for place in ones if place.path),
        ]
        return tuple(dict.fromkeys(name for name in found if name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One system as its file and its connection describe it."""

    system: System
    dialect: str
    options: Mapping[str, Any]
    entities: Mapping[str, Entity]


def system(name: str) -> System:
    """Return what ships about a system."""
    return load(name).system


@cache
def load(name: str, replaced: str = "") -> Description:
    """Return a shipped description with parts replaced by a connection's own text.

    Raises UnableToDescribeSourceError naming the place of a bad value.
    """
    text = (resources.files(__package__) / "described" / f"{name}.yaml").read_text(encoding="utf-8")
    document = yaml_texts.read(text)
    try:
        if replaced.strip():
            document = _merged(document, _own(replaced))
        return _parse(Node(document, name))
    except PolicyError as error:
        raise _wrong(str(error)) from error


def filled(description: Description, settings: Mapping[str, str]) -> Description:
    """Return the description with a connection's settings in its constants: ``={terms_days}`` becomes ``=30``."""

    def told(place: Place) -> Place:
        for name, text in settings.items():
            place = replace(place, constant=place.constant.replace("{" + name + "}", text))
        return place

    entities = {
        kind: replace(
            entity,
            fields={name: tuple(told(one) for one in places) for name, places in entity.fields.items()},
        )
        for kind, entity in description.entities.items()
    }
    return replace(description, entities=entities)


def _own(text: str) -> Mapping[str, Any]:
    if len(text) > _TEXT_MAX:
        raise _wrong("too long")
    try:
        found = yaml_texts.read(text)
    except yaml.YAMLError as error:
        raise _wrong(" ".join(str(error).split())[:200]) from error
    if not isinstance(found, Mapping):
        raise _wrong("names with values are expected")
    fixed = sorted(set(found) - {"kinds", "options"})
    if fixed:
        raise _wrong(f"{', '.join(map(str, fixed))} cannot be replaced; only kinds and options can")
    return found


def _merged(base: Any, own: Any) -> Any:
    """Return the base with what the other says put over it, level by level; null takes a name away."""
    if not (isinstance(base, Mapping) and isinstance(own, Mapping)):
        return own
    merged = dict(base)
    for key, value in own.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


def _parse(node: Node) -> Description:
    node.only("name", "label", "dialect", "settings", "secrets", "writes", "note", "options", "kinds")
    kinds = node.child("kinds")
    entities = {name: _entity(name, child) for name, child in kinds.entries()}
    unknown = sorted(entities.keys() - set(KINDS))
    if unknown:
        raise kinds.error(f"unknown {', '.join(unknown)}; known are {', '.join(KINDS)}")
    note = node.optional("note")
    options = node.optional("options")
    return Description(
        system=System(
            name=node.child("name").text(),
            label=node.child("label").words(),
            kinds=tuple(kind for kind in KINDS if kind in entities),
            settings={name: child.words() for name, child in node.child("settings").entries()},
            secrets=tuple(item.text() for item in node.child("secrets").items()),
            can_write=node.child("writes").flag(),
            note=note.words() if note else None,
        ),
        dialect=node.child("dialect").one_of(*DIALECTS),
        options=dict(options.mapping()) if options else {},
        entities=entities,
    )


def _entity(kind: str, node: Node) -> Entity:
    node.only("entity", "filter", "key", "changed", "day", "fields", "options")
    fields = {name: _places(child) for name, child in node.child("fields").entries()}
    found = node.optional("filter")
    options = node.optional("options")
    return Entity(
        kind=kind,
        entity=node.child("entity").text(),
        filter=found.value if found else [],
        key=node.child("key").text(),
        changed=node.child("changed").text() if node.has("changed") else "",
        day=node.child("day").text() if node.has("day") else "",
        fields=fields,
        options=dict(options.mapping()) if options else {},
    )


def _places(node: Node) -> tuple[Place, ...]:
    """Read ``party./code``, ``ref|id`` (the first that says something) or ``=CNY`` (always this)."""
    text = node.text()
    if text.startswith("="):
        return (Place(constant=text[1:]),)
    return tuple(Place(path=tuple(one.strip().split("/"))) for one in text.split("|"))


def _wrong(why: str) -> UnableToDescribeSourceError:
    return UnableToDescribeSourceError(
        Words(
            zh=f"数据源描述有误：{why}。请按“对接”说明改正。",
            en=f"The source's description is wrong: {why}. Correct it as the page on connecting says.",
        )
    )
