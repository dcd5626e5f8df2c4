"""A house's own fields: forms (form-js schemas) read, and what is written into them checked.

A field is a fact with a name of the house's own, so it has days, sources and a history like every other. A form may also
ask for facts that rules know already: then it is a template of what to collect about a type of customer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Literal

from tradecredit.core.dossier import facts
from tradecredit.core.dossier.facts import BadFactError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FieldKind = Literal["text", "number", "flag", "choice", "day"]

FIELDS_MOST: Final = 60
_LENGTH_MOST: Final = 2000
_CHOICES_MOST: Final = 100
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,63}")
_KINDS: Final[Mapping[str, FieldKind]] = {
    "textfield": "text",
    "textarea": "text",
    "number": "number",
    "checkbox": "flag",
    "select": "choice",
    "radio": "choice",
    "datetime": "day",
}
_COMPONENT_KEYS: Final = frozenset(
    {"type", "key", "label", "id", "description", "validate", "values", "decimalDigits", "subtype", "dateLabel", "layout",
     "properties"}
)  # fmt: skip
_RULES: Final = frozenset({"required", "min", "max", "maxLength"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnField:
    """One field of a form; ``is_tag`` marks a flag that is shown as a tag of risk beside the name."""

    name: str
    label: Words
    kind: FieldKind
    is_required: bool = False
    is_tag: bool = False
    is_known: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    length_most: int = _LENGTH_MOST
    digits: int | None = None
    choices: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in a form that cannot be used: where it stands, and what to do."""

    place: str
    words: Words


class BadFormError(ValueError):
    """A form cannot be used; ``findings`` are all of the reasons with their places."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{one.place}: {one.words.en}" for one in findings))
        self.findings = findings


def parse(document: object) -> tuple[OwnField, ...]:
    """Read a form-js schema; raises BadFormError with everything that is wrong."""
    components = document.get("components") if isinstance(document, dict) else None
    if not isinstance(components, list) or not components:
        raise BadFormError((_finding("components", "表单没有任何字段", "the form has no components"),))
    if len(components) > FIELDS_MOST:
        raise BadFormError(
            (_finding("components", f"最多 {FIELDS_MOST} 个字段", f"at most {FIELDS_MOST} fields"),)
        )
    findings: list[Finding] = []
    fields: dict[str, OwnField] = {}
    for index, component in enumerate(components):
        place = f"components[{index}]"
        found = _problems(component, place, fields)
        findings += found
        if not found:
            field = _field(component)
            fields[field.name] = field
    if findings:
        raise BadFormError(tuple(findings))
    return tuple(fields.values())


def merged(forms: Iterable[tuple[OwnField, ...]]) -> tuple[OwnField, ...]:
    """Return the fields of several forms, each once; a later form's field takes the place of an earlier one's."""
    found: dict[str, OwnField] = {}
    for form in forms:
        found |= {field.name: field for field in form}
    return tuple(found.values())


def value_of(field: OwnField, text: str) -> str:
    """Return the value as it is recorded; raises BadFactError saying what was expected."""
    clean = text.strip()
    if not clean:
        raise _bad("请填写内容", "fill it in")
    if field.is_known:
        return facts.value_of(name=field.name, text=clean)
    match field.kind:
        case "flag":
            return facts.value_as(kind="flag", text=clean)
        case "number":
            return _number(field, clean)
        case "day":
            return _day(clean)
        case "choice":
            return _choice(field, clean)
        case "text":
            return _text(field, clean)


def shown(field: OwnField, value: str) -> Words:
    """Return a recorded value as people read it: the label of a choice, yes and no in words."""
    if field.kind == "flag":
        return Words(zh="是", en="yes") if value == "yes" else Words(zh="否", en="no")
    return dict(field.choices).get(value, Words(zh=value, en=value))


def missing(fields: Iterable[OwnField], known: Iterable[str]) -> tuple[OwnField, ...]:
    """Return the required fields of which nothing is known."""
    there = set(known)
    return tuple(field for field in fields if field.is_required and field.name not in there)


def _problems(component: Any, place: str, before: Mapping[str, OwnField]) -> list[Finding]:
    if not isinstance(component, dict):
        return [_finding(place, "不是字段", "this is no component")]
    found = [
        _finding(f"{place}.{key}", "不支持的属性", "this is not supported")
        for key in sorted(set(component) - _COMPONENT_KEYS)
    ]
    if component.get("type") not in _KINDS:
        known = ", ".join(_KINDS)
        found.append(_finding(f"{place}.type", f"类型应为 {known}", f"the type is one of {known}"))
    key = component.get("key")
    if not isinstance(key, str) or not _NAME.fullmatch(key):
        found.append(
            _finding(f"{place}.key", "键名用小写英文,例如 shop_count", "the key is written like shop_count")
        )
    elif key in before:
        found.append(_finding(f"{place}.key", f"{key} 出现两次", f"{key} comes twice"))
    if key not in facts.KNOWN and not _label(component.get("label")):
        found.append(_finding(f"{place}.label", "请写字段名称", "give it a label"))
    return found + _rule_problems(component, place) + _choice_problems(component, place)


def _rule_problems(component: Mapping[str, Any], place: str) -> list[Finding]:
    rules = component.get("validate", {})
    if not isinstance(rules, dict):
        return [_finding(f"{place}.validate", "应为对象", "this is an object")]
    wrong = dict.fromkeys(set(rules) - _RULES, ("不支持的校验", "this rule is not supported"))
    for key in {"min", "max"} & set(rules):
        if _decimal(rules[key]) is None:
            wrong[key] = ("应为整数,小数请写成文本", "this is a whole number, or a decimal as a text")
    if "maxLength" in rules and rules["maxLength"] not in range(1, _LENGTH_MOST + 1):
        wrong["maxLength"] = (f"应为 1 至 {_LENGTH_MOST}", f"this is 1 to {_LENGTH_MOST}")
    return [_finding(f"{place}.validate.{key}", *wrong[key]) for key in sorted(wrong)]


def _choice_problems(component: Mapping[str, Any], place: str) -> list[Finding]:
    if _KINDS.get(str(component.get("type"))) != "choice":
        return []
    values = component.get("values")
    if not isinstance(values, list) or not 0 < len(values) <= _CHOICES_MOST:
        return [
            _finding(
                f"{place}.values", f"请给出 1 至 {_CHOICES_MOST} 个选项", f"give 1 to {_CHOICES_MOST} choices"
            )
        ]
    return [
        _finding(f"{place}.values[{at}]", "选项需要 value 与 label", "a choice has a value and a label")
        for at, one in enumerate(values)
        if not isinstance(one, dict) or not isinstance(one.get("value"), str) or not _label(one.get("label"))
    ]


def _field(component: Mapping[str, Any]) -> OwnField:
    rules = component.get("validate", {})
    name = component["key"]
    known = facts.KNOWN.get(name)
    kind = _KINDS[component["type"]]
    properties = component.get("properties") or {}
    return OwnField(
        name=name,
        label=known.label if known else _label(component.get("label")) or Words(zh=name, en=name),
        kind=kind if known is None else ("flag" if known.kind == "flag" else "text"),
        is_required=bool(rules.get("required")),
        is_tag=kind == "flag" and properties.get("tag") == "risk",
        is_known=known is not None,
        least=_decimal(rules.get("min")),
        most=_decimal(rules.get("max")),
        length_most=rules.get("maxLength", _LENGTH_MOST),
        digits=component.get("decimalDigits"),
        choices=tuple(
            (one["value"], _label(one["label"]) or Words(zh=one["value"], en=one["value"]))
            for one in component.get("values", ())
        ),
    )


def _label(value: object) -> Words | None:
    if isinstance(value, str) and value.strip():
        return Words(zh=value.strip(), en=value.strip())
    if isinstance(value, dict) and all(
        isinstance(value.get(one), str) and value[one] for one in ("zh", "en")
    ):
        return Words(zh=value["zh"], en=value["en"])
    return None


def _decimal(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _text(field: OwnField, text: str) -> str:
    if len(text) > field.length_most:
        raise _bad(f"最多 {field.length_most} 个字", f"at most {field.length_most} characters")
    return text


def _number(field: OwnField, text: str) -> str:
    number = Decimal(facts.value_as(kind="number", text=text))
    if field.least is not None and number < field.least:
        raise _bad(f"不小于 {field.least}", f"{field.least} or more")
    if field.most is not None and number > field.most:
        raise _bad(f"不大于 {field.most}", f"{field.most} or less")
    if field.digits is not None and number != round(number, field.digits):
        raise _bad(f"最多 {field.digits} 位小数", f"at most {field.digits} decimals")
    return f"{number:f}"


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _bad("日期写作 2026-03-02", "a day is written 2026-03-02") from error


def _choice(field: OwnField, text: str) -> str:
    for value, label in field.choices:
        if text in (value, label.zh, label.en):
            return value
    known = "、".join(label.zh for _, label in field.choices)
    choices = ", ".join(label.en for _, label in field.choices)
    raise _bad(f"应为:{known}", f"one of {choices}")


def _bad(zh: str, en: str) -> BadFactError:
    return BadFactError(Words(zh=zh, en=en))


def _finding(place: str, zh: str, en: str) -> Finding:
    return Finding(place=place, words=Words(zh=zh, en=en))
