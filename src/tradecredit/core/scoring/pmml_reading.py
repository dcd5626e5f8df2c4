"""A model from a PMML Scorecard: this house's own as it was written, any other as a scorecard from 0 to 100.

Partial scores of another tool have any size. The span of each characteristic becomes its weight, and its partial
scores become 0 to 100 points inside it, so that customers keep their order; cut-offs stay those of the draft.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables import xml_text
from tradecredit.core.decision_tables.xml_text import child, children, tag
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.core.scoring import pmml_writing, scorecard_document
from tradecredit.core.scoring.attributes import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

_WHOLE: Final = Decimal(100)
_CENT: Final = Decimal("0.01")
_EDGES: Final = {
    "greaterThan": "above",
    "greaterOrEqual": "from",
    "lessThan": "below",
    "lessOrEqual": "up_to",
}
_UPPER: Final = {"above": False, "from": False, "below": True, "up_to": True}
_OTHER_SIDE: Final = {"below": "from", "up_to": "above", "above": "up_to", "from": "below"}


class UnableToReadPmmlError(UnableToError):
    """The text is no PMML Scorecard that can be taken over."""

    code = "pmml_unreadable"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One attribute of a characteristic: its partial score and what it is for."""

    partial: Decimal
    tests: tuple[tuple[str, str], ...]


def read(text: str) -> dict[str, Any]:
    """Return ``scorecard``, and ``grades`` where the file is this house's own and unchanged.

    Raises UnableToReadPmmlError, and UnableToReadModelError for what is not safe XML.
    """
    root = xml_text.read(text)
    card = child(root, "Scorecard")
    found = child(card, "Characteristics")
    if tag(root) != "PMML" or card is None or found is None:
        raise _refused("这不是 PMML 评分卡(Scorecard)文件。", "This is no PMML file with a Scorecard.")
    own = _own(card, found)
    return own or {"scorecard": _scorecard(card, children(found, "Characteristic"))}


def _own(card: Element, found: Element) -> dict[str, Any] | None:
    """Return the document that the file carries, unless somebody changed the characteristics since."""
    for each in children(card, "Extension"):
        if each.get("extender") == pmml_writing.EXTENDER and each.get("name") == "document":
            try:
                document = json.loads(each.get("value") or "")
                model = scorecard_document.parse(document["scorecard"])
            except (ValueError, KeyError, TypeError, PolicyError):
                return None
            is_same = _shape(pmml_writing.characteristics(model)) == _shape(found)
            return dict(document) if is_same else None
    return None


def _shape(element: Element) -> Any:
    """Return what an element says, whatever its namespace and white space."""
    text = (element.text or "").strip()
    return (tag(element), sorted(element.attrib.items()), text, [_shape(each) for each in element])


def _scorecard(card: Element, found: Sequence[Element]) -> dict[str, Any]:
    if not found:
        raise _refused("评分卡里没有特征。", "The scorecard has no characteristics.")
    lines = [tuple(_lines(each)) for each in found]
    spans = [_span(each) for each in lines]
    weights = _weights(spans)
    name = card.get("modelName") or "imported"
    made = [_indicator(each, line, weight) for each, line, weight in zip(found, lines, weights, strict=True)]
    own = {one["attribute"]: _attribute(one) for one in made if one["attribute"] not in REGISTRY}
    return {
        "name": name[:64],
        "label": {"zh": name, "en": name},
        "digits": "2",
        "missing": "reallocate",
        **({"attributes": own} if own else {}),
        "dimensions": [
            {
                "name": "imported",
                "label": {"zh": "导入", "en": "Imported"},
                "weight": "100",
                "indicators": made,
            }
        ],
    }


def _lines(characteristic: Element) -> Iterator[_Line]:
    for each in children(characteristic, "Attribute"):
        try:
            partial = Decimal(each.get("partialScore") or "")
        except InvalidOperation:
            name = characteristic.get("name") or "?"
            raise _refused(
                "特征 {name} 的一行没有固定分值(partialScore),不能导入。",
                "A line of the characteristic {name} has no fixed partialScore, so it cannot be taken over.",
                name=name,
            ) from None
        predicate = next((one for one in each if tag(one) != "Extension"), None)
        yield _Line(partial=partial, tests=tuple(_tests(predicate)))


def _tests(predicate: Element | None) -> Iterator[tuple[str, str]]:
    match None if predicate is None else tag(predicate):
        case "SimplePredicate":
            assert predicate is not None  # noqa: S101 - it has a tag
            yield _simple(predicate)
        case "CompoundPredicate" if predicate is not None and predicate.get("booleanOperator") == "and":
            for each in predicate:
                yield from _tests(each)
        case "SimpleSetPredicate" if predicate is not None and predicate.get("booleanOperator") == "isIn":
            for text in (child(predicate, "Array"),):
                yield from (
                    ("value", one.strip('"'))
                    for one in ((text.text if text is not None else "") or "").split()
                )
        case "True":
            return
        case other:
            raise _refused(
                "不支持的条件 {kind}。", "The predicate {kind} is not supported.", kind=other or "?"
            )


def _simple(predicate: Element) -> tuple[str, str]:
    operator, value = predicate.get("operator") or "", predicate.get("value") or ""
    if operator in _EDGES:
        return (_EDGES[operator], value)
    if operator == "equal":
        return ("value", value)
    if operator in {"isMissing", "isNotMissing"}:
        return (operator, "")
    raise _refused("不支持的比较 {kind}。", "The comparison {kind} is not supported.", kind=operator or "?")


def _span(lines: Sequence[_Line]) -> tuple[Decimal, Decimal]:
    partials = [each.partial for each in lines]
    return (min(partials, default=Decimal(0)), max(partials, default=Decimal(0)))


def _weights(spans: Sequence[tuple[Decimal, Decimal]]) -> list[Decimal]:
    """Return the share of each span in percent, to the hundredth; the largest takes what rounding left over."""
    whole = sum((high - low for low, high in spans), Decimal(0))
    if not whole:
        raise _refused("评分卡的分值没有差别。", "The scorecard gives everybody the same score.")
    found = [((high - low) * _WHOLE / whole).quantize(_CENT, rounding=ROUND_HALF_UP) for low, high in spans]
    largest = found.index(max(found))
    found[largest] += _WHOLE - sum(found)
    return found


def _indicator(element: Element, lines: Sequence[_Line], weight: Decimal) -> dict[str, Any]:
    name = element.get("name") or "unnamed"
    low, high = _span(lines)
    fields = {one.get("field") for one in element.iter() if one.get("field")}
    if len(fields) != 1:
        raise _refused(
            "特征 {name} 必须恰好用一个字段。",
            "The characteristic {name} must look at exactly one field.",
            name=name,
        )
    made: dict[str, Any] = {"attribute": str(fields.pop()), "name": name, "weight": f"{weight:f}"}
    for each in lines:
        if ("isMissing", "") in each.tests:
            made |= {"missing": "neutral", "neutral": _points(each.partial, low, high)}
    known = [each for each in lines if ("isMissing", "") not in each.tests]
    is_qualitative = any(kind == "value" for each in known for kind, _ in each.tests)
    made["points"] = _values(known, low, high) if is_qualitative else {"bins": _bins(known, low, high)}
    return made


def _values(lines: Sequence[_Line], low: Decimal, high: Decimal) -> dict[str, Any]:
    values: dict[str, str] = {}
    made: dict[str, Any] = {"values": values}
    for each in lines:
        points = _points(each.partial, low, high)
        named = [value for kind, value in each.tests if kind == "value"]
        for value in named:
            values.setdefault(value, points)
        if not named:
            made.setdefault("otherwise", points)
    return made


def _bins(lines: Sequence[_Line], low: Decimal, high: Decimal) -> list[dict[str, str]]:
    """Return the lines as ranges; of lines that overlap the first counts, so each begins where the one before ends."""
    made: list[dict[str, str]] = []
    far: tuple[str, str] | None = None
    for each in lines:
        own = {kind: value for kind, value in each.tests if kind in _OTHER_SIDE}
        edges = dict(own)
        if far is not None and all(_UPPER[kind] is _UPPER[far[0]] for kind in own):
            edges[_OTHER_SIDE[far[0]]] = far[1]
        made.append({**edges, "points": _points(each.partial, low, high)})
        far = next(iter(own.items())) if len(own) == 1 else None
    return made


def _points(partial: Decimal, low: Decimal, high: Decimal) -> str:
    share = (partial - low) * _WHOLE / (high - low) if high > low else Decimal(0)
    return f"{share.quantize(_CENT, rounding=ROUND_HALF_UP):f}"


def _attribute(indicator: dict[str, Any]) -> dict[str, Any]:
    name = indicator["attribute"]
    is_number = "bins" in indicator["points"]
    return {
        "label": {"zh": name, "en": name},
        "unit": "times" if is_number else "text",
        "direction": "neither",
    }


def _refused(zh: str, en: str, **facts: str) -> UnableToReadPmmlError:
    return UnableToReadPmmlError(Words(zh=zh, en=en).filled(**facts), **facts)
