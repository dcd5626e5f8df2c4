"""A decision model from its XML text: DMN 1.1 to 1.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.decision_tables import reading_boxes, xml_text
from tradecredit.core.decision_tables.model import (
    Decision,
    DecisionService,
    Definitions,
    Element,
    Import,
    InputData,
    ItemDefinition,
    Key,
    KnowledgeModel,
    UnableToReadModelError,
)
from tradecredit.core.decision_tables.reading_boxes import type_ref
from tradecredit.core.decision_tables.xml_text import child, children, tag, text_of

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

_REQUIREMENTS = {
    "informationRequirement": ("requiredDecision", "requiredInput"),
    "knowledgeRequirement": ("requiredKnowledge",),
}


def read(text: str) -> Definitions:
    """Return the model; raises UnableToReadModelError saying what is wrong with the text."""
    root = xml_text.read(text)
    if tag(root) != "definitions" or "/DMN/" not in xml_text.namespace(root):
        raise UnableToReadModelError("not_dmn", found=tag(root)[:60])
    namespace = _attribute(root, "namespace")
    elements = tuple(_element(one, namespace) for one in root if tag(one) in _KINDS)
    _check_unique(elements)
    return Definitions(
        name=root.get("name") or "",
        namespace=namespace,
        imports=tuple(_imports(root)),
        items=tuple(_item(one) for one in children(root, "itemDefinition")),
        elements=elements,
    )


def _attribute(element: ET.Element, name: str) -> str:
    found = element.get(name)
    if not found or not found.strip():
        raise UnableToReadModelError("missing_attribute", element=tag(element), name=name)
    return found.strip()


def _imports(root: ET.Element) -> list[Import]:
    return [
        Import(name=(one.get("name") or "").strip(), namespace=_attribute(one, "namespace"))
        for one in children(root, "import")
        if "/DMN/" in (one.get("importType") or "/DMN/")
    ]


def _check_unique(elements: tuple[Element, ...]) -> None:
    """Refuse a model in which a reference could mean two elements."""
    ids: set[Key] = set()
    for one in elements:
        if one.key in ids:
            raise UnableToReadModelError("duplicate_name", name=one.key.id)
        ids.add(one.key)


def _key(reference: str, namespace: str) -> Key:
    """Return what a reference such as ``#id`` or ``namespace#id`` points to."""
    before, _, identifier = reference.strip().rpartition("#")
    return Key(before or namespace, identifier)


def _element(element: ET.Element, namespace: str) -> Element:
    key = Key(namespace, element.get("id") or f"name:{_attribute(element, 'name')}")
    variable = child(element, "variable")
    name = _attribute(element, "name")
    own_type = type_ref(variable)
    match tag(element):
        case "inputData":
            return InputData(key=key, name=name, type_ref=own_type)
        case "decision":
            return Decision(
                key=key,
                name=name,
                type_ref=own_type,
                requires=_requires(element, namespace),
                logic=reading_boxes.box(element),
            )
        case "businessKnowledgeModel":
            logic = child(element, "encapsulatedLogic")
            return KnowledgeModel(
                key=key,
                name=name,
                type_ref=own_type,
                requires=_requires(element, namespace),
                function=reading_boxes.function(logic) if logic is not None else None,
            )
        case _:
            return DecisionService(
                key=key,
                name=name,
                type_ref=own_type,
                outputs=_keys(element, namespace, "outputDecision"),
                encapsulated=_keys(element, namespace, "encapsulatedDecision"),
                inputs=_keys(element, namespace, "inputData") + _keys(element, namespace, "inputDecision"),
            )


def _requires(element: ET.Element, namespace: str) -> tuple[Key, ...]:
    return tuple(
        _key(_attribute(target, "href"), namespace)
        for one in element
        for target in children(one, *_REQUIREMENTS.get(tag(one), ()))
    )


def _keys(element: ET.Element, namespace: str, name: str) -> tuple[Key, ...]:
    return tuple(_key(_attribute(one, "href"), namespace) for one in children(element, name))


def _item(element: ET.Element) -> ItemDefinition:
    function = child(element, "functionItem")
    parameters = children(function, "parameters") if function is not None else []
    return ItemDefinition(
        name=_attribute(element, "name"),
        type_ref=type_ref(element) if function is None else (function.get("outputTypeRef") or ""),
        is_collection=element.get("isCollection") == "true",
        allowed=text_of(child(element, "allowedValues")),
        constraint=text_of(child(element, "typeConstraint")),
        components=tuple(_item(one) for one in children(element, "itemComponent")),
        is_function=function is not None,
        parameters=tuple((one.get("name") or "", type_ref(one)) for one in parameters),
    )


_KINDS = frozenset(("inputData", "decision", "businessKnowledgeModel", "decisionService"))
