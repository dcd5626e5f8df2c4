"""The limit that policy proposes for a customer, with every step of the calculation in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.limits import formula, grade_policy, review
from tradecredit.core.scoring import conditions
from tradecredit.core.scoring.values import Known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tradecredit.core.limits.formula import FormulaStep, StepTaken
    from tradecredit.core.limits.grade_policy import GradePolicy, NamedCondition
    from tradecredit.core.limits.review import ReviewPolicy
    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.values import Value

# What conditions of a line may ask about beside the customer's attributes.
_OF_THE_LINE = frozenset({"amount", "grade"})


@dataclass(frozen=True, slots=True)
class Trial:
    """New customers begin small, whatever the formula says."""

    when: Condition
    most: Decimal
    label: Words
    conditions: tuple[NamedCondition, ...]


@dataclass(frozen=True, slots=True)
class LineCondition:
    """A condition that a line needs when something holds, for example collateral above an amount."""

    condition: NamedCondition
    when: Condition
    cover: CoverRule | None = None


@dataclass(frozen=True, slots=True)
class CoverRule:
    """Which kinds of cover a line must have before it comes into force, for what goes beyond the amount."""

    kinds: tuple[str, ...]
    beyond: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverNeeded:
    """Cover that a line of some amount needs."""

    label: Words
    kinds: tuple[str, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPolicy:
    """The limits section of a pack, read and checked."""

    currency: str
    steps: tuple[FormulaStep, ...]
    trial: Trial | None
    conditions: tuple[LineCondition, ...]
    validity_months: int
    temporary_days_most: int
    temporary_share_most: Decimal
    review: ReviewPolicy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What policy proposes; ``amount`` is None where a needed figure is missing, so that a person must decide."""

    amount: Money | None
    grade: str
    is_trial: bool
    steps: tuple[StepTaken, ...]
    conditions: tuple[NamedCondition, ...]
    terms_days: int
    prepayment_percent: Decimal
    validity_months: int


def propose(
    policy: LimitPolicy, *, grade: GradePolicy, values: Mapping[str, Value], currency: str
) -> Proposal:
    """Return the proposed line.

    Monthly sales 100,000, grade figure 3 months, seven years of trade without overdue (× 1.2): 360,000.
    """
    if currency != policy.currency:
        return _proposal(policy, grade=grade, taken=(_other_currency_step(policy, currency),), amount=None)
    taken = _calculate(policy, grade=grade, values=values)
    amount = taken[-1].after
    is_trial = (
        grade.gives_credit and policy.trial is not None and conditions.holds(policy.trial.when, values=values)
    )
    if is_trial and policy.trial is not None:
        amount = policy.trial.most if amount is None else min(amount, policy.trial.most)
        taken = (*taken, _trial_step(policy.trial, amount))
    needed = grade.conditions
    if is_trial and policy.trial is not None:
        needed += policy.trial.conditions
    needed += conditions_of(policy, amount=amount, grade=grade.grade, values=values)
    return _proposal(policy, grade=grade, taken=taken, amount=amount, is_trial=is_trial, needed=needed)


def conditions_of(
    policy: LimitPolicy, *, amount: Decimal | None, grade: str, values: Mapping[str, Value]
) -> tuple[NamedCondition, ...]:
    """Return the conditions that a line of this amount needs (a new customer above 500,000: collateral)."""
    asked: dict[str, Value] = {**values, "grade": Known(value=grade)}
    if amount is not None:
        asked["amount"] = Known(value=amount)
    return tuple(each.condition for each in policy.conditions if conditions.holds(each.when, values=asked))


def covers_needed(
    policy: LimitPolicy, *, amount: Decimal, grade: str, values: Mapping[str, Value]
) -> tuple[CoverNeeded, ...]:
    """Return the cover without which a line of the amount does not come into force.

    A new customer's 600,000 where collateral is asked beyond 500,000: 100,000 of collateral.
    """
    asked: dict[str, Value] = {**values, "grade": Known(value=grade), "amount": Known(value=amount)}
    return tuple(
        CoverNeeded(label=each.condition.label, kinds=each.cover.kinds, amount=amount - each.cover.beyond)
        for each in policy.conditions
        if each.cover is not None and amount > each.cover.beyond and conditions.holds(each.when, values=asked)
    )


def parse(
    section: Mapping[str, Any], *, grades: Mapping[str, Any], known: Mapping[str, Attribute]
) -> LimitPolicy:
    """Return the limits section, read beside its grades; raises PolicyError naming the place of a wrong value."""
    node = Node(section, "limits").only(
        "source",
        "reason",
        "currency",
        "formula",
        "trial",
        "conditions",
        "validity_months",
        "temporary",
        "review",
    )
    names = frozenset(known)
    figures = _common_figures(grade_policy.parse(grades))
    steps = tuple(formula.parse(each, known=names, figures=figures) for each in node.child("formula").items())
    if not steps or not isinstance(steps[0].operation, formula.Start | formula.Formula):
        raise node.child("formula").error("the first step is a start, or a formula")
    trial, needed, reviewed = (node.optional(key) for key in ("trial", "conditions", "review"))
    temporary = node.child("temporary").only("days_most", "share_most")
    return LimitPolicy(
        currency=node.child("currency").text(),
        steps=steps,
        trial=_trial(trial, known=names) if trial else None,
        conditions=tuple(
            _line_condition(each, known=names | _OF_THE_LINE) for each in (needed.items() if needed else ())
        ),
        validity_months=node.child("validity_months").count(least=1),
        temporary_days_most=temporary.child("days_most").count(least=1),
        temporary_share_most=temporary.child("share_most").number(least="0"),
        review=review.parse(reviewed) if reviewed else None,
    )


def _calculate(
    policy: LimitPolicy, *, grade: GradePolicy, values: Mapping[str, Value]
) -> tuple[StepTaken, ...]:
    if not grade.gives_credit:
        words = Words(
            zh="{label}（{grade} 级）：不赊销，额度为 0",
            en="{label} (grade {grade}): no credit, the limit is 0",
        )
        filled = Words(
            zh=words.zh.format(label=grade.label.zh, grade=grade.grade),
            en=words.en.format(label=grade.label.en, grade=grade.grade),
        )
        return (formula.StepTaken(name="grade", after=Decimal(0), words=filled),)
    taken: list[StepTaken] = []
    amount = Decimal(0)
    for step in policy.steps:
        done = formula.take(step, amount=amount, policy=grade, values=values)
        taken.append(done)
        if done.after is None:
            break
        amount = done.after
    return tuple(taken)


def _proposal(
    policy: LimitPolicy,
    *,
    grade: GradePolicy,
    taken: tuple[StepTaken, ...],
    amount: Decimal | None,
    is_trial: bool = False,
    needed: tuple[NamedCondition, ...] = (),
) -> Proposal:
    return Proposal(
        amount=None if amount is None else Money(amount, policy.currency).rounded_down(),
        grade=grade.grade,
        is_trial=is_trial,
        steps=taken,
        conditions=_distinct(needed or grade.conditions),
        terms_days=grade.terms_days,
        prepayment_percent=grade.prepayment_percent,
        validity_months=policy.validity_months,
    )


def _other_currency_step(policy: LimitPolicy, currency: str) -> StepTaken:
    words = Words(
        zh=f"政策金额以 {policy.currency} 计，不能直接用于 {currency}",
        en=f"the policy's amounts are in {policy.currency} and say nothing about {currency}",
    )
    return formula.StepTaken(name="currency", after=None, words=words)


def _trial_step(trial: Trial, amount: Decimal) -> StepTaken:
    words = Words(
        zh=f"{trial.label.zh}：最多 {trial.most:,.2f} = {amount:,.2f}",
        en=f"{trial.label.en}: at most {trial.most:,.2f} = {amount:,.2f}",
    )
    return formula.StepTaken(name="trial", after=amount, words=words)


def _distinct(needed: tuple[NamedCondition, ...]) -> tuple[NamedCondition, ...]:
    return tuple({each.name: each for each in needed}.values())


def _common_figures(policies: tuple[GradePolicy, ...]) -> frozenset[str]:
    """Return the figures that every grade with credit has, so that no formula meets a grade without its figure."""
    named = [frozenset(policy.figures) for policy in policies if policy.gives_credit]
    return frozenset.intersection(*named) if named else frozenset()


def _trial(node: Node, *, known: frozenset[str]) -> Trial:
    node.only("when", "most", "label", "conditions")
    needed = node.optional("conditions")
    return Trial(
        conditions.parse(node.child("when"), known=known),
        node.child("most").number(least="0"),
        node.child("label").words(),
        tuple(grade_policy.named_condition(each) for each in (needed.items() if needed else ())),
    )


def _line_condition(node: Node, *, known: frozenset[str]) -> LineCondition:
    node.only("name", "label", "when", "cover")
    cover = node.optional("cover")
    return LineCondition(
        grade_policy.named_condition(node),
        conditions.parse(node.child("when"), known=known),
        None if cover is None else _cover_rule(cover),
    )


def _cover_rule(node: Node) -> CoverRule:
    node.only("kinds", "beyond")
    return CoverRule(
        tuple(each.text() for each in node.child("kinds").items()),
        node.child("beyond").number(least="0"),
    )
