"""Boxed expressions from the XML of a decision model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.decision_tables import boxes, xml_text
from tradecredit.core.decision_tables.model import UnableToReadModelError
from tradecredit.core.decision_tables.xml_text import child, children, tag, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from tradecredit.core.decision_tables.boxes import Box

_POLICIES = frozenset(("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"))
_AGGREGATIONS = frozenset(("", "SUM", "MIN", "MAX", "COUNT"))


def box(parent: Element | None) -> Box | None:
    """Return the boxed expression among an element's children; None when there is none."""
    if parent is None:
        return None
    for one in parent:
        reader = _READERS.get(tag(one))
        if reader is not None:
            return reader(one)
    return None


def type_ref(element: Element | None) -> str:
    """Return the type that an element names, without a prefix for the language's own."""
    if element is None:
        return ""
    found = element.get("typeRef") or text_of(child(element, "typeRef"))
    return found.removeprefix("feel:").removeprefix("feel.").strip()


def _literal(element: Element) -> Box:
    return boxes.Literal(text=text_of(child(element, "text")), type_ref=type_ref(element))


def _context(element: Element) -> Box:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        name = (variable.get("name") or "") if variable is not None else ""
        entries.append(boxes.Entry(name=name.strip(), type_ref=type_ref(variable), box=box(entry)))
    return boxes.Context(entries=tuple(entries))


def _invocation(element: Element) -> Box:
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = (parameter.get("name") or "") if parameter is not None else ""
        bindings.append((name.strip(), box(binding)))
    return boxes.Invocation(function=box(element), bindings=tuple(bindings))


def _list(element: Element) -> Box:
    found = (_READERS[tag(one)](one) for one in element if tag(one) in _READERS)
    return boxes.List(items=tuple(found))


def _relation(element: Element) -> Box:
    columns = tuple((column.get("name") or "").strip() for column in children(element, "column"))
    rows: list[tuple[Box, ...]] = []
    for row in children(element, "row"):
        cells = tuple(_READERS[tag(one)](one) for one in row if tag(one) in _READERS)
        if len(cells) != len(columns):
            raise UnableToReadModelError(
                "wrong_rule_width", row=str(len(rows) + 1), found=str(len(cells)), expected=str(len(columns))
            )
        rows.append(cells)
    return boxes.Relation(columns=columns, rows=tuple(rows))


def function(element: Element) -> boxes.Function:
    """Return a function definition: also a knowledge model's encapsulated logic."""
    parameters = tuple(
        ((one.get("name") or "").strip(), type_ref(one)) for one in children(element, "formalParameter")
    )
    is_external = (element.get("kind") or "FEEL") not in {"FEEL", "F"}
    return boxes.Function(parameters=parameters, body=box(element), is_external=is_external)


def _conditional(element: Element) -> Box:
    condition, yes, no = (box(child(element, name)) for name in ("if", "then", "else"))
    return boxes.Conditional(condition=condition, yes=yes, no=no)


def _iterator(element: Element) -> Box:
    kind = tag(element)
    body = child(element, "return" if kind == "for" else "satisfies")
    variable = (element.get("iteratorVariable") or "").strip()
    return boxes.Iterator(kind=kind, variable=variable, domain=box(child(element, "in")), body=box(body))


def _filter(element: Element) -> Box:
    return boxes.Filter(source=box(child(element, "in")), condition=box(child(element, "match")))


def _table(element: Element) -> Box:
    policy = (element.get("hitPolicy") or "UNIQUE").strip()
    aggregation = (element.get("aggregation") or "").strip()
    if policy not in _POLICIES or aggregation not in _AGGREGATIONS:
        raise UnableToReadModelError("unknown_hit_policy", name=f"{policy} {aggregation}".strip())
    inputs = tuple(_input(one) for one in children(element, "input"))
    outputs = tuple(_output(one) for one in children(element, "output"))
    rules = []
    for number, rule in enumerate(children(element, "rule"), start=1):
        rules.append(_rule(rule, number, len(inputs), len(outputs)))
    return boxes.Table(
        inputs=inputs, outputs=outputs, rules=tuple(rules), hit_policy=policy, aggregation=aggregation
    )


def _input(element: Element) -> boxes.InputClause:
    expression = child(element, "inputExpression")
    text = text_of(child(expression, "text"))
    return boxes.InputClause(
        label=element.get("label") or text,
        expression=text,
        type_ref=type_ref(expression),
        values=text_of(child(element, "inputValues")),
    )


def _output(element: Element) -> boxes.OutputClause:
    return boxes.OutputClause(
        name=(element.get("name") or "").strip(),
        type_ref=type_ref(element),
        values=text_of(child(element, "outputValues")),
        default=text_of(child(element, "defaultOutputEntry")),
    )


def _rule(element: Element, number: int, inputs: int, outputs: int) -> boxes.Rule:
    tests = tuple(text_of(one) for one in children(element, "inputEntry"))
    values = tuple(text_of(one) for one in children(element, "outputEntry"))
    if len(tests) != inputs or len(values) != outputs:
        raise UnableToReadModelError(
            "wrong_rule_width",
            row=str(number),
            found=str(len(tests) + len(values)),
            expected=str(inputs + outputs),
        )
    annotations = tuple(xml_text.text_of(one) for one in children(element, "annotationEntry"))
    return boxes.Rule(tests=tests, outputs=values, annotations=annotations)


_READERS: dict[str, Callable[[Element], Box]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": function,
    "conditional": _conditional,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
    "filter": _filter,
    "decisionTable": _table,
}
