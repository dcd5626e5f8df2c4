"""Define the form of a kind of request in a draft of the next policy; a second person publishes it like any other change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import forms, kinds
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.plumbing.access import Actor

TYPES: Final[Mapping[str, Words]] = {
    "textfield": Words(zh="单行文字", en="Line of text"),
    "textarea": Words(zh="多行文字", en="Text"),
    "number": Words(zh="数字", en="Number"),
    "datetime": Words(zh="日期", en="Day"),
    "checkbox": Words(zh="是或否", en="Yes or no"),
    "select": Words(zh="选项", en="Choice"),
}


class UnableToDraftFormError(UnableToError):
    """The form is of no kind of request, or one of its fields cannot be used."""

    code = "form_draft_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """One field as a business user writes it; ``choices`` are separated by commas."""

    key: str
    label_zh: str
    label_en: str
    type: str
    is_required: bool
    choices: str = ""


def change_form(
    *, draft_id: UUID, kind: str, lines: Sequence[FieldLine], version: int, actor: Actor
) -> Draft:
    """Write the fields of a form into a draft that is still at ``version``; without fields the form goes away.

    What the form said of a field beside (its bounds) and of what follows is kept. Raises UnableToDraftFormError naming
    the field, UnableToDraftPolicyError.
    """
    if kind not in kinds.KINDS:
        raise UnableToDraftFormError(Words(zh="没有这类申请。", en="There is no such kind of request."))
    with db.unit_of_work(actor):
        draft = draft_policy.draft_at(draft_id, version, actor)
        before: Mapping[str, Any] = draft.document.get(forms.SECTION, {})
        form = _written(before.get(kind, {}), lines)
        drawn = {**before, kind: form} if lines else {key: one for key, one in before.items() if key != kind}
        try:
            forms.refuse_unsound(drawn)
        except PolicyError as error:
            raise UnableToDraftFormError(
                Words(zh="表单有误：{why}。", en="The form has a mistake: {why}.").filled(why=str(error))
            ) from error
        document = {name: part for name, part in draft.document.items() if name != forms.SECTION}
        if drawn:
            document[forms.SECTION] = dict(sorted(drawn.items()))
        return draft_policy.rewrite(
            draft, document=document, valid_from=draft.valid_from, reason=draft.reason, actor=actor
        )


def lines_of(form: Mapping[str, Any] | None) -> tuple[FieldLine, ...]:
    """Return the fields of a form as a business user writes them."""
    components = () if form is None else form.get("components", ())
    return tuple(
        FieldLine(
            key=str(one["key"]),
            label_zh=_label(one, "zh"),
            label_en=_label(one, "en"),
            type=str(one["type"]),
            is_required=bool(one.get("validate", {}).get("required")),
            choices="，".join(_label(value, "zh") for value in one.get("values", ())),
        )
        for one in components
    )


def _written(before: Mapping[str, Any], lines: Sequence[FieldLine]) -> dict[str, Any]:
    known = {str(one["key"]): one for one in before.get("components", ())}
    return {**before, "components": [_component(line, known.get(line.key, {})) for line in lines]}


def _component(line: FieldLine, before: Mapping[str, Any]) -> dict[str, Any]:
    rules = {name: value for name, value in before.get("validate", {}).items() if name != "required"}
    if line.is_required:
        rules["required"] = True
    kept = {name: value for name, value in before.items() if name not in {"validate", "values"}}
    found: dict[str, Any] = {
        **kept,
        "type": line.type,
        "key": line.key.strip(),
        "label": {"zh": line.label_zh.strip(), "en": line.label_en.strip() or line.label_zh.strip()},
    }
    if rules:
        found["validate"] = rules
    if line.type == "select":
        found["values"] = _choices(line, before)
    return found


def _choices(line: FieldLine, before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the choices; one that was there under the same name keeps its value and its English name."""
    known = {_label(one, "zh"): one for one in before.get("values", ())}
    names = [one.strip() for one in line.choices.replace(",", "，").split("，") if one.strip()]
    return [dict(known.get(one, {"value": one, "label": {"zh": one, "en": one}})) for one in names]


def _label(one: Mapping[str, Any], language: str) -> str:
    label = one.get("label", "")
    return str(label.get(language, "")) if isinstance(label, dict) else str(label)
