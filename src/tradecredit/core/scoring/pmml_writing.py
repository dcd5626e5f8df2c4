"""A model as a PMML 4.4 Scorecard, so that other tools score as this house does.

Note [What PMML says of missing values]
A characteristic without a line for a missing value has no score in PMML, and neither has the customer. So ``keep``,
``worst`` and ``neutral`` become lines for missing values; ``block`` and ``reallocate`` become none, since the standard
cannot give a weight to the others. Complete customers score alike everywhere; nobody unknown scores better elsewhere.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.scoring import measures, rating, scorecard_document
from tradecredit.core.scoring.measures import Bin, Bins, StepDeduction, ValueMap
from tradecredit.core.scoring.ranges import Edge, Range

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradecredit.core.scoring.indicator_lines import Dimension, Indicator
    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard

NAMESPACE: Final = "http://www.dmg.org/PMML-4_4"
EXTENDER: Final = "tradecredit"
_WHOLE: Final = Decimal(100)
_LOWER: Final = {True: "greaterOrEqual", False: "greaterThan"}
_UPPER: Final = {True: "lessOrEqual", False: "lessThan"}
_REASONS: Final = 3


def write(document: Mapping[str, Any]) -> str:
    """Return the model of ``scorecard`` and ``grades`` as PMML text; raises PolicyError for an unsound one.

    Weight 25 % of a dimension of 40 % makes 100 points a partial score of 10.
    """
    model = scorecard_document.parse(document["scorecard"])
    known = scorecard_document.attributes_of(document["scorecard"])
    scale = rating.parse(document["grades"], known=known)
    root = ET.Element("PMML", {"xmlns": NAMESPACE, "version": "4.4"})
    ET.SubElement(root, "Header", {"description": f"{model.label.zh} / {model.label.en}"})
    _dictionary(root, model)
    card = ET.SubElement(
        root, "Scorecard",
        {
            "modelName": model.name, "functionName": "regression", "initialScore": "0", "useReasonCodes": "true",
            "reasonCodeAlgorithm": "pointsBelow", "baselineMethod": "max",
        },
    )  # fmt: skip
    # Not sorted: the order of a table of values is that of its lines.
    kept = json.dumps({name: document[name] for name in ("scorecard", "grades")}, ensure_ascii=False)
    ET.SubElement(card, "Extension", {"extender": EXTENDER, "name": "document", "value": kept})
    schema = ET.SubElement(card, "MiningSchema")
    for name in _fields(model):
        ET.SubElement(schema, "MiningField", {"name": name})
    _output(card, scale)
    card.append(characteristics(model))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def characteristics(model: Scorecard) -> ET.Element:
    """Return the characteristics of the model: its points times its weights."""
    found = ET.Element("Characteristics")
    for dimension in model.dimensions:
        for indicator in dimension.indicators:
            _characteristic(found, dimension, indicator)
    return found


def _fields(model: Scorecard) -> dict[str, Indicator]:
    return {each.attribute.name: each for dimension in model.dimensions for each in dimension.indicators}


def _dictionary(root: ET.Element, model: Scorecard) -> None:
    fields = _fields(model)
    dictionary = ET.SubElement(root, "DataDictionary", {"numberOfFields": str(len(fields))})
    for name, indicator in fields.items():
        is_number = indicator.attribute.unit not in {"text", "flag"}
        kinds = ("continuous", "double") if is_number else ("categorical", "string")
        ET.SubElement(dictionary, "DataField", {"name": name, "optype": kinds[0], "dataType": kinds[1]})


def _output(card: ET.Element, scale: GradeScale) -> None:
    output = ET.SubElement(card, "Output")
    score = {"name": "score", "optype": "continuous", "dataType": "double", "feature": "predictedValue"}
    ET.SubElement(output, "OutputField", score)
    grade = {"name": "grade", "optype": "categorical", "dataType": "string", "feature": "transformedValue"}
    cuts = ET.SubElement(ET.SubElement(output, "OutputField", grade), "Discretize", {"field": "score"})
    above: str | None = None
    for band in scale.bands:
        one = ET.SubElement(cuts, "DiscretizeBin", {"binValue": band.grade})
        edges = {"closure": "closedOpen", "leftMargin": _text(band.least_score)}
        ET.SubElement(one, "Interval", edges if above is None else edges | {"rightMargin": above})
        above = _text(band.least_score)
    for rank in range(1, _REASONS + 1):
        reason = {"name": f"reason_{rank}", "optype": "categorical", "dataType": "string"}
        ET.SubElement(output, "OutputField", {**reason, "feature": "reasonCode", "rank": str(rank)})


def _characteristic(parent: ET.Element, dimension: Dimension, indicator: Indicator) -> None:
    weight = dimension.weight * indicator.weight / _WHOLE
    most = measures.bounds(indicator.measure)[1] * weight / _WHOLE
    one = ET.SubElement(
        parent, "Characteristic",
        {"name": indicator.name, "reasonCode": indicator.name, "baselineScore": _text(most)},
    )  # fmt: skip
    field = indicator.attribute.name
    missing = _when_missing(indicator)
    if missing is not None:
        attribute = _attribute(one, missing * weight / _WHOLE)
        ET.SubElement(attribute, "SimplePredicate", {"field": field, "operator": "isMissing"})
    match indicator.measure:
        case Bins(bins):
            for each in bins:
                _range(_attribute(one, each.points * weight / _WHOLE), field, each.within)
        case ValueMap():
            _values(one, indicator.measure, field=field, weight=weight)
        case StepDeduction():
            _steps(one, indicator.measure, field=field, weight=weight)


def _when_missing(indicator: Indicator) -> Decimal | None:
    """Return the points of a missing value; see Note [What PMML says of missing values]."""
    match indicator.missing:
        case "keep":
            return Decimal(0)
        case "worst":
            return measures.bounds(indicator.measure)[0]
        case "neutral":
            return indicator.neutral
        case "block" | "reallocate":
            return None


def _attribute(parent: ET.Element, partial: Decimal) -> ET.Element:
    return ET.SubElement(parent, "Attribute", {"partialScore": _text(partial)})


def _values(parent: ET.Element, rule: ValueMap, *, field: str, weight: Decimal) -> None:
    for name, points in rule.points:
        predicate = {"field": field, "operator": "equal", "value": name}
        ET.SubElement(_attribute(parent, points * weight / _WHOLE), "SimplePredicate", predicate)
    if rule.otherwise is not None:
        known = {"field": field, "operator": "isNotMissing"}
        ET.SubElement(_attribute(parent, rule.otherwise * weight / _WHOLE), "SimplePredicate", known)


def _range(attribute: ET.Element, field: str, within: Range) -> None:
    tests = []
    if within.lower is not None:
        tests.append((_LOWER[within.lower.included], within.lower.at))
    if within.upper is not None:
        tests.append((_UPPER[within.upper.included], within.upper.at))
    if not tests:
        ET.SubElement(attribute, "SimplePredicate", {"field": field, "operator": "isNotMissing"})
        return
    holder = attribute
    if len(tests) > 1:
        holder = ET.SubElement(attribute, "CompoundPredicate", {"booleanOperator": "and"})
    for operator, at in tests:
        ET.SubElement(holder, "SimplePredicate", {"field": field, "operator": operator, "value": _text(at)})


def _steps(parent: ET.Element, rule: StepDeduction, *, field: str, weight: Decimal) -> None:
    """Write whole steps as the bins that they are; a slope as the sum that it is, bounded below by nothing."""
    if rule.mode == "floor":
        for each in _step_bins(rule):
            _range(_attribute(parent, each.points * weight / _WHOLE), field, each.within)
        return
    up_to = Edge(rule.line, included=True)
    unharmed = Range(upper=up_to) if rule.beyond == "above" else Range(lower=up_to)
    _range(_attribute(parent, weight), field, unharmed)
    sloped = ET.SubElement(parent, "Attribute")
    ET.SubElement(sloped, "SimplePredicate", {"field": field, "operator": "isNotMissing"})
    slope = rule.points * weight / _WHOLE / _step_width(rule)
    top = ET.SubElement(ET.SubElement(sloped, "ComplexPartialScore"), "Apply", {"function": "max"})
    ET.SubElement(top, "Constant", {"dataType": "double"}).text = "0"
    less = ET.SubElement(top, "Apply", {"function": "-"})
    ET.SubElement(less, "Constant", {"dataType": "double"}).text = _text(weight)
    product = ET.SubElement(less, "Apply", {"function": "*"})
    ET.SubElement(product, "Constant", {"dataType": "double"}).text = _text(slope)
    distance = ET.SubElement(product, "Apply", {"function": "-"})
    parts = [("FieldRef", field), ("Constant", _text(rule.line))]
    for kind, text in parts if rule.beyond == "above" else parts[::-1]:
        _operand(distance, kind, text)


def _operand(parent: ET.Element, kind: str, text: str) -> None:
    if kind == "FieldRef":
        ET.SubElement(parent, kind, {"field": text})
    else:
        ET.SubElement(parent, kind, {"dataType": "double"}).text = text


def _step_width(rule: StepDeduction) -> Decimal:
    return rule.step if rule.unit == "pp" else rule.step * abs(rule.line)


def _step_bins(rule: StepDeduction) -> Iterator[Bin]:
    """Yield the bins of a deduction by whole steps: full points before the first step, then less for each."""
    width, sign = _step_width(rule), 1 if rule.beyond == "above" else -1
    steps = 0 if rule.points == 0 else int((_WHOLE / rule.points).to_integral_value(rounding=ROUND_FLOOR))
    steps += 1 if rule.points and _WHOLE % rule.points else 0
    for count in range(steps + 1):
        near = rule.line + sign * width * count if count else None
        far = rule.line + sign * width * (count + 1) if count < steps else None
        edges = (
            None if near is None else Edge(near, included=True),
            None if far is None else Edge(far, included=False),
        )
        within = Range(*edges) if sign > 0 else Range(*edges[::-1])
        yield Bin(within, max(Decimal(0), _WHOLE - rule.points * count))


def _text(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
