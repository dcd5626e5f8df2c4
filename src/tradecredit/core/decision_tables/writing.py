"""A decision model as XML text that other DMN tools read: what `reading` reads, written without loss."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import writing_boxes
from tradecredit.core.decision_tables.model import Decision, DecisionService, InputData, KnowledgeModel

if TYPE_CHECKING:
    from tradecredit.core.decision_tables.model import Definitions, Element, ItemDefinition, Key

NAMESPACES: Final = {
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


def write(definitions: Definitions, *, version: str = "1.3") -> str:
    """Return the model as XML of a DMN version (1.3, 1.4 or 1.5); reading it gives an equal model.

    Boxed conditionals, iterators and filters exist since DMN 1.4. Raises KeyError for another version.
    """
    root = ET.Element(
        "definitions",
        {"xmlns": NAMESPACES[version], "name": definitions.name, "namespace": definitions.namespace},
    )
    for one in definitions.imports:
        ET.SubElement(
            root,
            "import",
            {"name": one.name, "namespace": one.namespace, "importType": NAMESPACES[version]},
        )
    for item in definitions.items:
        _item(root, item, tag="itemDefinition")
    kinds = {one.key: one for one in definitions.elements}
    for element in definitions.elements:
        _element(root, element, kinds=kinds, namespace=definitions.namespace)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _item(parent: ET.Element, item: ItemDefinition, *, tag: str) -> None:
    element = ET.SubElement(parent, tag, {"name": item.name})
    if item.is_collection:
        element.set("isCollection", "true")
    _base(element, item)
    if item.allowed:
        writing_boxes.texted(element, "allowedValues", item.allowed)
    if item.constraint:
        writing_boxes.texted(element, "typeConstraint", item.constraint)
    for component in item.components:
        _item(element, component, tag="itemComponent")


def _base(element: ET.Element, item: ItemDefinition) -> None:
    """Write what a type rests on: another type, or a function's parameters and result."""
    if not item.is_function:
        if item.type_ref:
            ET.SubElement(element, "typeRef").text = item.type_ref
        return
    inner = ET.SubElement(element, "functionItem")
    if item.type_ref:
        inner.set("outputTypeRef", item.type_ref)
    for name, type_ref in item.parameters:
        parameter = ET.SubElement(inner, "parameters", {"name": name})
        if type_ref:
            parameter.set("typeRef", type_ref)


def _element(parent: ET.Element, found: Element, *, kinds: dict[Key, Element], namespace: str) -> None:
    tags = {InputData: "inputData", Decision: "decision", KnowledgeModel: "businessKnowledgeModel"}
    element = ET.SubElement(parent, tags.get(type(found), "decisionService"), {"name": found.name})
    if not found.key.id.startswith("name:"):
        element.set("id", found.key.id)
    variable = ET.SubElement(element, "variable", {"name": found.name})
    if found.type_ref:
        variable.set("typeRef", found.type_ref)
    match found:
        case Decision():
            _requirements(element, found.requires, kinds=kinds, namespace=namespace)
            writing_boxes.box(element, found.logic)
        case KnowledgeModel():
            if found.function is not None:
                writing_boxes.function(element, found.function, tag="encapsulatedLogic")
            _requirements(element, found.requires, kinds=kinds, namespace=namespace)
        case DecisionService():
            _service(element, found, kinds=kinds, namespace=namespace)
        case _:
            pass


def _requirements(
    parent: ET.Element, keys: tuple[Key, ...], *, kinds: dict[Key, Element], namespace: str
) -> None:
    for key in keys:
        match kinds.get(key):
            case InputData():
                outer, inner = "informationRequirement", "requiredInput"
            case KnowledgeModel() | DecisionService():
                outer, inner = "knowledgeRequirement", "requiredKnowledge"
            case _:
                outer, inner = "informationRequirement", "requiredDecision"
        requirement = ET.SubElement(parent, outer)
        ET.SubElement(requirement, inner, {"href": _href(key, namespace)})


def _service(
    parent: ET.Element, found: DecisionService, *, kinds: dict[Key, Element], namespace: str
) -> None:
    for tag, keys in (("outputDecision", found.outputs), ("encapsulatedDecision", found.encapsulated)):
        for key in keys:
            ET.SubElement(parent, tag, {"href": _href(key, namespace)})
    for key in found.inputs:
        tag = "inputDecision" if isinstance(kinds.get(key), Decision) else "inputData"
        ET.SubElement(parent, tag, {"href": _href(key, namespace)})


def _href(key: Key, namespace: str) -> str:
    return f"#{key.id}" if key.namespace == namespace else f"{key.namespace}#{key.id}"
