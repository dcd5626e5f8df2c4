"""Boxed expressions as the XML of a decision model: what `reading_boxes` reads, written."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import boxes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tradecredit.core.decision_tables.boxes import Box


def box(parent: ET.Element, found: Box | None) -> None:
    """Write a boxed expression below an element; nothing when there is none."""
    if found is not None:
        _WRITERS[type(found)](parent, found)


def function(parent: ET.Element, found: boxes.Function, *, tag: str = "functionDefinition") -> None:
    """Write a function definition, or a knowledge model's encapsulated logic."""
    element = ET.SubElement(parent, tag, {"kind": "Java" if found.is_external else "FEEL"})
    for name, type_name in found.parameters:
        _typed(ET.SubElement(element, "formalParameter", {"name": name}), type_name)
    box(element, found.body)


def texted(parent: ET.Element, tag: str, text: str) -> ET.Element:
    """Write an element with a ``text`` child."""
    element = ET.SubElement(parent, tag)
    ET.SubElement(element, "text").text = text
    return element


def _typed(element: ET.Element, type_ref: str) -> ET.Element:
    if type_ref:
        element.set("typeRef", type_ref)
    return element


def _literal(parent: ET.Element, found: boxes.Literal) -> None:
    _typed(texted(parent, "literalExpression", found.text), found.type_ref)


def _context(parent: ET.Element, found: boxes.Context) -> None:
    element = ET.SubElement(parent, "context")
    for entry in found.entries:
        inner = ET.SubElement(element, "contextEntry")
        if entry.name:
            _typed(ET.SubElement(inner, "variable", {"name": entry.name}), entry.type_ref)
        box(inner, entry.box)


def _invocation(parent: ET.Element, found: boxes.Invocation) -> None:
    element = ET.SubElement(parent, "invocation")
    box(element, found.function)
    for name, value in found.bindings:
        binding = ET.SubElement(element, "binding")
        ET.SubElement(binding, "parameter", {"name": name})
        box(binding, value)


def _list(parent: ET.Element, found: boxes.List) -> None:
    element = ET.SubElement(parent, "list")
    for item in found.items:
        box(element, item)


def _relation(parent: ET.Element, found: boxes.Relation) -> None:
    element = ET.SubElement(parent, "relation")
    for name in found.columns:
        ET.SubElement(element, "column", {"name": name})
    for row in found.rows:
        inner = ET.SubElement(element, "row")
        for cell in row:
            box(inner, cell)


def _conditional(parent: ET.Element, found: boxes.Conditional) -> None:
    element = ET.SubElement(parent, "conditional")
    for tag, inner in (("if", found.condition), ("then", found.yes), ("else", found.no)):
        box(ET.SubElement(element, tag), inner)


def _iterator(parent: ET.Element, found: boxes.Iterator) -> None:
    element = ET.SubElement(parent, found.kind, {"iteratorVariable": found.variable})
    box(ET.SubElement(element, "in"), found.domain)
    box(ET.SubElement(element, "return" if found.kind == "for" else "satisfies"), found.body)


def _filter(parent: ET.Element, found: boxes.Filter) -> None:
    element = ET.SubElement(parent, "filter")
    box(ET.SubElement(element, "in"), found.source)
    box(ET.SubElement(element, "match"), found.condition)


def _table(parent: ET.Element, found: boxes.Table) -> None:
    element = ET.SubElement(parent, "decisionTable", {"hitPolicy": found.hit_policy})
    if found.aggregation:
        element.set("aggregation", found.aggregation)
    for clause in found.inputs:
        _input(element, clause)
    for output in found.outputs:
        _output(element, output)
    for rule in found.rules:
        inner = ET.SubElement(element, "rule")
        for text in rule.tests:
            texted(inner, "inputEntry", text)
        for text in rule.outputs:
            texted(inner, "outputEntry", text)
        for text in rule.annotations:
            texted(inner, "annotationEntry", text)


def _input(parent: ET.Element, clause: boxes.InputClause) -> None:
    element = ET.SubElement(parent, "input")
    if clause.label and clause.label != clause.expression:
        element.set("label", clause.label)
    _typed(texted(element, "inputExpression", clause.expression), clause.type_ref)
    if clause.values:
        texted(element, "inputValues", clause.values)


def _output(parent: ET.Element, clause: boxes.OutputClause) -> None:
    element = _typed(ET.SubElement(parent, "output"), clause.type_ref)
    if clause.name:
        element.set("name", clause.name)
    if clause.values:
        texted(element, "outputValues", clause.values)
    if clause.default:
        texted(element, "defaultOutputEntry", clause.default)


_WRITERS: Final[Mapping[type, Callable[[ET.Element, Any], None]]] = {
    boxes.Literal: _literal,
    boxes.Context: _context,
    boxes.Invocation: _invocation,
    boxes.List: _list,
    boxes.Relation: _relation,
    boxes.Function: function,
    boxes.Conditional: _conditional,
    boxes.Iterator: _iterator,
    boxes.Filter: _filter,
    boxes.Table: _table,
}
