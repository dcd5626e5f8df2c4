"""The steps of a limit formula, as data: start, multiply, cap, cut to a round amount, or a text of the policy language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.feel import written
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import conditions
from tradecredit.core.scoring.values import Known, look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.limits.grade_policy import GradePolicy
    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.values import Value


# What a formula may name beside the attributes and the figures of the grade.
AMOUNT: Final = "amount"
GRADE: Final = "grade"


@dataclass(frozen=True, slots=True)
class Start:
    """The amount begins as an attribute times a figure of the grade."""

    attribute: str
    figure: str


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One line of a factor table; the first whose condition holds is taken."""

    when: Condition
    times: Decimal
    label: Words


@dataclass(frozen=True, slots=True)
class Factor:
    """The amount is multiplied by the first line that holds, or stays as it is."""

    lines: tuple[FactorLine, ...]


@dataclass(frozen=True, slots=True)
class AtMostShare:
    """The amount is at most a share of an attribute; unknown attributes cap nothing unless they are required."""

    attribute: str
    share: Decimal
    required: bool


@dataclass(frozen=True, slots=True)
class AtMostFigure:
    """The amount is at most a figure of the grade."""

    figure: str


@dataclass(frozen=True, slots=True)
class RoundDown:
    """The amount is cut down to a multiple."""

    to: Decimal


@dataclass(frozen=True, slots=True)
class Formula:
    """The amount becomes what a text comes to: ``min(amount, equity * 0.10)``; ``names`` are those that it uses."""

    text: str
    names: tuple[str, ...]


Operation = Formula | Start | Factor | AtMostShare | AtMostFigure | RoundDown


@dataclass(frozen=True, slots=True)
class FormulaStep:
    """One step with its name and words."""

    name: str
    label: Words
    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """What a step did: the amount after it (None where it could not be computed) and the sentence."""

    name: str
    after: Decimal | None
    words: Words


def take(
    step: FormulaStep, *, amount: Decimal, policy: GradePolicy, values: Mapping[str, Value]
) -> StepTaken:
    """Return the amount after the step: 300,000 with "at most 10 % of equity 2,000,000" becomes 200,000."""
    match step.operation:
        case Formula():
            return _formula(step, step.operation, amount=amount, policy=policy, values=values)
        case Start(attribute, figure):
            return _start(step, attribute=attribute, figure=policy.figures[figure], values=values)
        case Factor(lines):
            return _factor(step, lines, amount=amount, values=values)
        case AtMostShare():
            return _at_most_share(step, step.operation, amount=amount, values=values)
        case AtMostFigure(figure):
            return _at_most(step, cap=policy.figures[figure], amount=amount)
        case RoundDown(to):
            after = (amount / to).to_integral_value(rounding=ROUND_DOWN) * to
            return _taken(step, after, zh=f"取整到 {to:,f}", en=f"cut to a multiple of {to:,f}")


def parse(node: Node, *, known: frozenset[str], figures: frozenset[str]) -> FormulaStep:
    """Read one step; a figure that some grade does not have is a mistake."""
    node.only("name", "label", "formula", "start", "factor", "at_most", "round_down_to", "source", "reason")
    operation = _operation(node, known=known, figures=figures)
    return FormulaStep(node.child("name").text(), node.child("label").words(), operation)


def _formula(
    step: FormulaStep,
    formula: Formula,
    *,
    amount: Decimal,
    policy: GradePolicy,
    values: Mapping[str, Value],
) -> StepTaken:
    """Take a step written in the policy language; what is not known makes the amount unknown, never a guess."""
    known = {
        **conditions.plain(values, formula.names),
        **policy.figures,
        AMOUNT: amount,
        GRADE: policy.grade,
    }
    found = written.value(formula.text, formula.names, known)
    shown = ", ".join(f"{name} = {_shown(known[name]) if name in known else '?'}" for name in formula.names)
    if not isinstance(found, Decimal):
        return StepTaken(
            name=step.name,
            after=None,
            words=Words(
                zh=f"{step.label.zh}：{formula.text} 无法得出（{shown}）",
                en=f"{step.label.en}: {formula.text} has no answer ({shown})",
            ),
        )
    text = f"{formula.text} ({shown})" if shown else formula.text
    return _taken(step, found, zh=text, en=text)


def _shown(value: object) -> str:
    return f"{value:,f}" if isinstance(value, Decimal) else str(value)


def _start(step: FormulaStep, *, attribute: str, figure: Decimal, values: Mapping[str, Value]) -> StepTaken:
    value = look_up(values, attribute)
    if not isinstance(value, Known) or not isinstance(value.value, Decimal):
        return StepTaken(
            name=step.name,
            after=None,
            words=Words(zh=f"{step.label.zh}：没有数据", en=f"{step.label.en}: no data"),
        )
    shown = f"{value.value:,.2f} × {_plain(figure)}"
    return _taken(step, value.value * figure, zh=shown, en=shown)


def _factor(
    step: FormulaStep, lines: tuple[FactorLine, ...], *, amount: Decimal, values: Mapping[str, Value]
) -> StepTaken:
    for line in lines:
        if conditions.holds(line.when, values=values):
            after = amount * line.times
            times = _plain(line.times)
            return _taken(step, after, zh=f"{line.label.zh} × {times}", en=f"{line.label.en} × {times}")
    return _taken(step, amount, zh="不调整", en="no change")


def _at_most_share(
    step: FormulaStep, cap: AtMostShare, *, amount: Decimal, values: Mapping[str, Value]
) -> StepTaken:
    value = look_up(values, cap.attribute)
    if isinstance(value, Known) and isinstance(value.value, Decimal):
        # Negative equity carries no credit at all.
        return _at_most(step, cap=max(Decimal(0), value.value * cap.share), amount=amount)
    if cap.required:
        return StepTaken(
            name=step.name,
            after=None,
            words=Words(zh=f"{step.label.zh}：没有数据", en=f"{step.label.en}: no data"),
        )
    return _taken(step, amount, zh="没有数据，不设上限", en="no data, no cap")


def _at_most(step: FormulaStep, *, cap: Decimal, amount: Decimal) -> StepTaken:
    if amount <= cap:
        return _taken(step, amount, zh=f"未超过上限 {cap:,.2f}", en=f"within the cap {cap:,.2f}")
    return _taken(step, cap, zh=f"封顶 {cap:,.2f}", en=f"capped at {cap:,.2f}")


def _taken(step: FormulaStep, after: Decimal, *, zh: str, en: str) -> StepTaken:
    words = Words(zh=f"{step.label.zh}：{zh} = {after:,.2f}", en=f"{step.label.en}: {en} = {after:,.2f}")
    return StepTaken(name=step.name, after=after, words=words)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _operation(node: Node, *, known: frozenset[str], figures: frozenset[str]) -> Operation:
    if node.has("formula"):
        text = node.child("formula")
        return Formula(text.text(), conditions.used_names(text, known=known | figures | {AMOUNT, GRADE}))
    if node.has("start"):
        start = node.child("start").only("attribute", "figure")
        return Start(start.child("attribute").one_of(*known), start.child("figure").one_of(*sorted(figures)))
    if node.has("factor"):
        return Factor(tuple(_factor_line(each, known=known) for each in node.child("factor").items()))
    if node.has("round_down_to"):
        to = node.child("round_down_to").number()
        if to <= 0:
            raise node.child("round_down_to").error("a multiple is greater than 0")
        return RoundDown(to)
    cap = node.child("at_most").only("attribute", "share", "required", "figure")
    if cap.has("figure"):
        return AtMostFigure(cap.child("figure").one_of(*sorted(figures)))
    required = cap.optional("required")
    return AtMostShare(
        cap.child("attribute").one_of(*known),
        cap.child("share").number(least="0"),
        required.flag() if required else False,
    )


def _factor_line(node: Node, *, known: frozenset[str]) -> FactorLine:
    node.only("when", "times", "label")
    return FactorLine(
        conditions.parse(node.child("when"), known=known),
        node.child("times").number(least="0"),
        node.child("label").words(),
    )
