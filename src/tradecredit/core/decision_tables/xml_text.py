"""XML from text, without what makes XML dangerous: no DTD, no entities, bounded in size, depth and number."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from tradecredit.core.decision_tables.model import UnableToReadModelError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = 20_000_000
_DEEPEST = 150
_MOST_ELEMENTS = 500_000
_DANGEROUS = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")


class _Bounded(ET.TreeBuilder):
    """A builder that stops at too many levels or elements."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self.depth += 1
        self.count += 1
        if self.depth > _DEEPEST or self.count > _MOST_ELEMENTS:
            raise UnableToReadModelError("not_xml", why=f"> {_DEEPEST} levels or > {_MOST_ELEMENTS} elements")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self.depth -= 1
        return super().end(tag)


def read(text: str) -> Element:
    """Return the root element; raises UnableToReadModelError for what is not XML or not safe."""
    if len(text) > LONGEST:
        raise UnableToReadModelError("not_xml", why=f"> {LONGEST} characters")
    if _DANGEROUS.search(text):
        raise UnableToReadModelError("forbidden_xml")
    # The text has been decoded already: what its first line says of an encoding no longer holds.
    body = _DECLARATION.sub("", text, count=1)
    parser = ET.XMLParser(target=_Bounded())  # noqa: S314 - no DTD, no entities: see above
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ET.ParseError as error:
        raise UnableToReadModelError("not_xml", why=str(error)) from error
    except ValueError as error:
        raise UnableToReadModelError("not_xml", why=str(error)) from error
    return root


def tag(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return the namespace of an element's name."""
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def children(element: Element, *names: str) -> list[Element]:
    """Return the child elements of these names, in order."""
    return [child for child in element if tag(child) in names]


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of a name."""
    if element is None:
        return None
    return next(iter(children(element, name)), None)


def text_of(element: Element | None) -> str:
    """Return the text inside an element's ``text`` child, or its own, without white space around it."""
    if element is None:
        return ""
    inner = child(element, "text")
    return ((inner if inner is not None else element).text or "").strip()
