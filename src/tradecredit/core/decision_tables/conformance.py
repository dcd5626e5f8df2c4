"""The conformance suite of the DMN standard (its test-case files): read, run and judged, as pure functions of texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.decision_tables import reading, xml_text
from tradecredit.core.decision_tables.engine import Model, Verdict
from tradecredit.core.decision_tables.model import Definitions, UnableToDecideError, UnableToReadModelError
from tradecredit.core.decision_tables.xml_text import child, children, tag
from tradecredit.core.feel.run import Run, UnableToEvaluateError
from tradecredit.core.feel.values import comparison, decimals, texts
from tradecredit.core.feel.values import reading as temporal
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

SKIPPED: Mapping[str, Words] = {
    "0076-feel-external-java": Words(
        zh="政策语言不允许调用外部（Java）函数", en="the policy language calls no external (Java) functions"
    ),
}

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TOLERANCE = Decimal("1e-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What one decision of a case should come to."""

    name: str
    value: Any
    wants_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test case: facts in, expectations out; ``service`` is set when a decision service is called."""

    id: str
    facts: Mapping[str, Any]
    expectations: tuple[Expectation, ...]
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """One file of test cases."""

    model_name: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How one case went; ``is_valued`` when it expects a value other than null."""

    case: str
    is_passed: bool
    is_valued: bool
    why: str


def read_cases(text: str) -> Cases:
    """Read a file of test cases; raises UnableToReadModelError when it is not XML."""
    root = xml_text.read(text)
    model_name = (child(root, "modelName").text or "").strip() if child(root, "modelName") is not None else ""  # type: ignore[union-attr] # looked at in the same line
    return Cases(model_name=model_name, cases=tuple(_case(one) for one in children(root, "testCase")))


def _case(element: Element) -> Case:
    facts = {_fact_name(one): _value(one) for one in children(element, "inputNode")}
    is_service = element.get("type") == "decisionService"
    return Case(
        id=element.get("id") or element.get("name") or "",
        facts=facts,
        expectations=tuple(_expectation(one) for one in children(element, "resultNode")),
        service=(element.get("invocableName") or "") if is_service else "",
    )


def _fact_name(element: Element) -> str:
    namespace, name = element.get("namespace"), element.get("name") or ""
    return f"{namespace}#{name}" if namespace else name


def _expectation(element: Element) -> Expectation:
    expected = child(element, "expected")
    return Expectation(
        name=element.get("name") or "",
        value=_value(expected) if expected is not None else None,
        wants_error=element.get("errorResult") == "true",
    )


def _value(holder: Element) -> Any:
    """Return the value inside an element: one value, components of a context, or a list."""
    components = children(holder, "component")
    if components:
        return {one.get("name") or "": _value(one) for one in components}
    found = child(holder, "list")
    if found is not None:
        return None if found.get(_NIL) == "true" else tuple(_value(item) for item in children(found, "item"))
    single = child(holder, "value")
    return None if single is None else _simple(single)


def _simple(element: Element) -> Any:
    if element.get(_NIL) == "true":
        return None
    text = element.text or ""
    match (element.get(_TYPE) or "string").rpartition(":")[2]:
        case "string":
            return text
        case "boolean":
            return text.strip() in {"true", "1"}
        case "date":
            return temporal.date(text.strip())
        case "dateTime":
            return temporal.moment(text.strip())
        case "time":
            return temporal.time(text.strip())
        case "duration" | "dayTimeDuration" | "yearMonthDuration":
            return temporal.duration(text.strip())
        case _:
            return decimals.of(text.strip())


def judge(
    cases: Cases, model_text: str, other_texts: Iterable[str], *, now: Any = None
) -> tuple[Judgement, ...]:
    """Run every case of a file against its model; a model that cannot be read passes where an error is wanted."""
    try:
        model = Model(reading.read(model_text), imported=_readable(other_texts))
    except UnableToReadModelError as error:
        return tuple(_unreadable(case, str(error)) for case in cases.cases)
    return tuple(_judged(case, model, now) for case in cases.cases)


def _readable(model_texts: Iterable[str]) -> list[Definitions]:
    found = []
    for text in model_texts:
        try:
            found.append(reading.read(text))
        except UnableToReadModelError:
            continue  # a neighbour that no case imports
    return found


def _is_valued(case: Case) -> bool:
    return any(one.value is not None for one in case.expectations)


def _unreadable(case: Case, why: str) -> Judgement:
    passed = all(one.wants_error or one.value is None for one in case.expectations)
    return Judgement(case=case.id, is_passed=passed, is_valued=_is_valued(case), why="" if passed else why)


def _judged(case: Case, model: Model, now: Any) -> Judgement:
    faults = [fault for one in case.expectations if (fault := _fault(case, one, model, now))]
    return Judgement(case=case.id, is_passed=not faults, is_valued=_is_valued(case), why="; ".join(faults))


def _fault(case: Case, wanted: Expectation, model: Model, now: Any) -> str:
    """Return what is wrong with one result; empty when nothing is."""
    try:
        verdict = _verdict(case, wanted, model, now)
    except UnableToEvaluateError as error:
        return "" if wanted.wants_error else f"{wanted.name}: {error}"
    except UnableToDecideError as error:
        return f"{wanted.name}: {error}"
    if wanted.wants_error and not verdict.diagnostics:
        return f"{wanted.name}: an error should have been reported"
    if not agrees(verdict.value, wanted.value):
        reasons = " | ".join(one.words.en for one in verdict.diagnostics[:3])
        return f"{wanted.name}: {texts.short(verdict.value)} instead of {texts.short(wanted.value)} {reasons}".strip()
    return ""


def _verdict(case: Case, wanted: Expectation, model: Model, now: Any) -> Verdict:
    if not case.service:
        return model.decide(wanted.name, case.facts, now=now)
    found = model.serve(case.service, case.facts, now=now)
    if isinstance(found.value, dict) and wanted.name in found.value:
        return Verdict(found.value[wanted.name], found.diagnostics, found.trace)
    return found


def agrees(found: Any, wanted: Any) -> bool:
    """Return whether a result is the expected one: numbers to eight places, as the suite's own runners do."""
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) < _TOLERANCE
    if isinstance(found, tuple) and isinstance(wanted, tuple):
        return len(found) == len(wanted) and all(map(agrees, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(agrees(found[key], wanted[key]) for key in found)
    if type(found) is not type(wanted):
        return False
    return found == wanted or comparison.is_same(found, wanted, Run())


def is_cases(text: str) -> bool:
    """Return whether a text is a file of test cases."""
    try:
        return tag(xml_text.read(text)) == "testCases"
    except UnableToReadModelError:
        return False
