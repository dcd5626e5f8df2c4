"""Changes of a policy as sentences: which part, which item by its own name, what it was and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.kernel.document_changes import Change

SECTIONS: Final[Mapping[str, Words]] = {
    "pack": Words(zh="政策包", en="Pack"),
    "scorecard": Words(zh="评分卡", en="Scorecard"),
    "grades": Words(zh="等级", en="Grades"),
    "limits": Words(zh="额度公式", en="Limits"),
    "order_control": Words(zh="订单控制", en="Order control"),
    "authority": Words(zh="审批授权", en="Authority"),
    "dunning": Words(zh="催收", en="Dunning"),
    "monitoring": Words(zh="预警", en="Alerts"),
    "receivables": Words(zh="应收", en="Receivables"),
    "dossier": Words(zh="客户档案", en="Dossier"),
    "letters": Words(zh="信函", en="Letters"),
    "tables": Words(zh="决策表", en="Decision tables"),
    "flows": Words(zh="审批流程", en="Approval flows"),
    "forms": Words(zh="申请表单", en="Forms of requests"),
    "overlays": Words(zh="阶段性调整", en="Adjustments for a time"),
}
_NOTHING: Final = Words(zh="（无）", en="(none)")
_YES_NO: Final = (Words(zh="否", en="no"), Words(zh="是", en="yes"))
_LONGEST: Final = 120
_TEMPLATE: Final = Words(zh="{place}：{before} → {after}", en="{place}: {before} → {after}")


def told(change: Change, *, before: Any, after: Any) -> Words:
    """Return a change in both languages.

    ``order_control.checks.overdue_days.days`` from 7 to 14: 订单控制 › 逾期天数 › days: 7 → 14.
    """
    place = _place(change.path, before, after)
    zh = {"before": _shown(change.before, "zh"), "after": _shown(change.after, "zh")}
    en = {"before": _shown(change.before, "en"), "after": _shown(change.after, "en")}
    return Words(zh=_TEMPLATE.zh.format(place=place.zh, **zh), en=_TEMPLATE.en.format(place=place.en, **en))


def place(path: str, document: Any) -> Words:
    """Return where a value stands, in words: 订单控制 › 逾期天数 › days."""
    return _place(path, document, document)


def value(found: Any) -> Words:
    """Return a value as it is told, a sentence in each language, a long text cut."""
    return Words(zh=_shown(found, "zh"), en=_shown(found, "en"))


def _place(path: str, before: Any, after: Any) -> Words:
    """Return a path with each item by its label, where it has one in either document."""
    steps = [SECTIONS.get(path.split(".", maxsplit=1)[0], Words(zh=path, en=path))]
    parts = path.split(".")
    for length in range(2, len(parts) + 1):
        here = ".".join(parts[:length])
        label = _label(after, here) or _label(before, here)
        is_list_name = length < len(parts) and parts[length - 1] in {
            "checks",
            "rules",
            "stages",
            "rows",
            "table",
        }
        if label is not None:
            steps.append(label)
        elif not is_list_name:
            steps.append(Words(zh=parts[length - 1], en=parts[length - 1]))
    return Words(zh=" › ".join(one.zh for one in steps), en=" › ".join(one.en for one in steps))


def _label(document: Any, path: str) -> Words | None:
    try:
        found = document_changes.value_at(document, path)
    except (document_changes.UnknownPathError, KeyError, TypeError):
        return None
    label = found.get("label") if isinstance(found, Mapping) else None
    if isinstance(label, Mapping) and {"zh", "en"} <= label.keys():
        return Words(zh=str(label["zh"]), en=str(label["en"]))
    return None


def _shown(value: Any, language: str) -> str:
    if value is None:
        return _NOTHING.in_language(language)
    if isinstance(value, Mapping) and {"zh", "en"} <= value.keys():
        return str(value[language])
    if isinstance(value, Mapping) and isinstance(value.get("label"), Mapping):
        return _shown(value["label"], language)
    if isinstance(value, list | tuple):
        text = ("、" if language == "zh" else ", ").join(_shown(one, language) for one in value)
    elif isinstance(value, bool):
        text = _YES_NO[value].in_language(language)
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
