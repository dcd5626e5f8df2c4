"""The sentence of each part of a score, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import attributes
from tradecredit.core.scoring.values import Missing

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.values import Value

_POLICIES = {
    "reallocate": Words(zh="权重分摊给其他指标", en="its weight goes to the other indicators"),
    "keep": Words(zh="计 0 分，权重保留", en="it counts 0 points and keeps its weight"),
    "worst": Words(zh="按最差计 {points} 分", en="it counts as the worst, {points} points"),
    "neutral": Words(zh="按中性计 {points} 分", en="it counts as neutral, {points} points"),
    "block": Words(zh="缺少该项不能评分", en="no score can be given without it"),
}


def of_part(
    *,
    label: Words,
    attribute: Attribute,
    value: Value,
    because: Words | None,
    policy: str,
    points: Decimal | None,
    weight: Decimal,
    contribution: Decimal,
) -> Words:
    """Return for example ``On-time payment rate 96.67% (above 95%): 100 points × weight 30% = 30.00``."""
    if isinstance(value, Missing) or because is None or points is None:
        return _of_gap(label, value=value, policy=policy, points=points)
    shown = attributes.shown(attribute, value.value)
    sum_text = f"× {{weight}} {_percent(weight)} = {contribution}"
    return Words(
        zh=f"{label.zh} {shown.zh}（{because.zh}）：{_number(points)} 分 {sum_text.format(weight='权重')}",
        en=f"{label.en} {shown.en} ({because.en}): {_number(points)} points {sum_text.format(weight='weight')}",
    )


def _of_gap(label: Words, *, value: Value, policy: str, points: Decimal | None) -> Words:
    cause = value.words if isinstance(value, Missing) else Missing().words
    effect = _POLICIES[policy].filled(points="" if points is None else _number(points))
    return Words(zh=f"{label.zh}：{cause.zh}，{effect.zh}", en=f"{label.en}: {cause.en}; {effect.en}")


def _percent(weight: Decimal) -> str:
    return f"{_number(weight)}%"


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
