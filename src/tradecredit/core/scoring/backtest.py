"""Ratings of a day against what became of the customers: does the grade tell good from bad, and how sure is that?

Small samples are called small: with fewer customers or bads than the rules ask for, a figure is shown and nothing is
concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import calibration, separation, stability
from tradecredit.core.scoring.evidence import Count
from tradecredit.core.scoring.separation import Observation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.scoring.calibration import GroupResult, HosmerLemeshow
    from tradecredit.core.scoring.movements import Migration, Vintage
    from tradecredit.core.scoring.separation import LiftLine, Separation
    from tradecredit.core.scoring.stability import Characteristic

_PERCENT: Final = Decimal(100)
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules:
    """What a policy calls bad, how far a backtest looks ahead, and when a figure is a finding."""

    days_overdue: int
    horizon_days: int
    trifle: Decimal
    least_customers: int
    least_bads: int
    least_auc: Decimal
    chance: Decimal
    drift: stability.Lines
    expected: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A customer that counts: its grade and score on the day, and whether it went bad after it."""

    grade: str
    score: Decimal | None
    is_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that asks for a change of the model."""

    kind: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One backtest. ``is_enough`` False: too few to say, and no findings."""

    count: Count
    is_enough: bool
    separation: Separation | None
    by_grade: tuple[GroupResult, ...]
    hosmer_lemeshow: HosmerLemeshow | None
    lift: tuple[LiftLine, ...]
    is_monotone: bool
    drift: Decimal | None
    characteristics: tuple[Characteristic, ...]
    migration: Migration
    vintages: tuple[Vintage, ...]
    findings: tuple[Finding, ...]


def report(
    judged: Sequence[Judged],
    *,
    grades: Sequence[str],
    rules: ReviewRules,
    earlier: Sequence[str],
    migration: Migration,
    vintages: Sequence[Vintage],
    characteristics: Sequence[Characteristic] = (),
) -> Report:
    """Return the report; ``earlier`` are the grades one horizon before, for the drift, ``grades`` the scale, best first."""
    counts = {grade: _count([each for each in judged if each.grade == grade]) for grade in grades}
    groups = [
        calibration.Group(name=grade, predicted=rules.expected.get(grade, Decimal(0)), count=count)
        for grade, count in counts.items()
    ]
    tested = calibration.by_group(groups)
    found = Report(
        count=_count(judged),
        is_enough=_is_enough(_count(judged), rules),
        separation=separation.measure(
            [Observation(score=each.score, is_bad=each.is_bad) for each in judged if each.score is not None]
        ),
        by_grade=tested,
        hosmer_lemeshow=calibration.hosmer_lemeshow(groups, is_training_sample=False),
        lift=separation.lift([counts[grade] for grade in reversed(grades)]),
        is_monotone=calibration.is_monotone(
            [None if each.observed is None else each.observed.value for each in tested]
        ),
        drift=stability.index(
            expected=[list(earlier).count(grade) for grade in grades],
            actual=[counts[grade].total for grade in grades],
        ),
        characteristics=tuple(characteristics),
        migration=migration,
        vintages=tuple(vintages),
        findings=(),
    )
    return _with_findings(found, rules)


def parse(section: Mapping[str, Any], *, grades: Sequence[str]) -> ReviewRules:
    """Read the rules; raises PolicyError naming the place of a wrong value."""
    node = Node(section, "grades.backtest").only(
        "source", "reason", "days_overdue", "horizon_days", "trifle", "least_customers", "least_bads", "least_auc",
        "chance", "drift", "expected",
    )  # fmt: skip
    drift = node.child("drift").only("check", "shifted")
    expected = node.optional("expected")
    return ReviewRules(
        days_overdue=node.child("days_overdue").count(least=1),
        horizon_days=node.child("horizon_days").count(least=1),
        trifle=node.child("trifle").number(least="0"),
        least_customers=node.child("least_customers").count(least=1),
        least_bads=node.child("least_bads").count(least=1),
        least_auc=node.child("least_auc").number(least="0", most="1"),
        chance=node.child("chance").number(least="0", most="1"),
        drift=stability.Lines(check=drift.child("check").number(), shifted=drift.child("shifted").number()),
        expected={name: each.number(least="0", most="1") for name, each in expected.only(*grades).entries()}
        if expected
        else {},
    )


def _count(judged: Sequence[Judged]) -> Count:
    bads = sum(each.is_bad for each in judged)
    return Count(goods=len(judged) - bads, bads=bads)


def _is_enough(count: Count, rules: ReviewRules) -> bool:
    return count.total >= rules.least_customers and count.bads >= rules.least_bads


def _with_findings(found: Report, rules: ReviewRules) -> Report:
    findings = [*_of_ranking(found, rules), *_of_calibration(found, rules)] if found.is_enough else []
    return replace(found, findings=(*findings, *_of_drift(found, rules)))


def _of_ranking(found: Report, rules: ReviewRules) -> list[Finding]:
    findings = []
    if found.separation is not None and found.separation.auc.high < rules.least_auc:
        words = Words(
            zh="区分能力不足：AUC {auc}，区间上限 {high} 低于要求的 {least}",
            en="The score hardly separates: AUC {auc}, at most {high}, where {least} is asked for",
        ).filled(
            auc=_short(found.separation.auc.value),
            high=_short(found.separation.auc.high),
            least=rules.least_auc,
        )
        findings.append(Finding(kind="separation", words=words))
    if not found.is_monotone:
        words = Words(
            zh="坏账率没有随等级变差而上升", en="The bad rate does not rise from the best grade to the worst"
        )
        findings.append(Finding(kind="order", words=words))
    return findings


def _of_calibration(found: Report, rules: ReviewRules) -> list[Finding]:
    findings = []
    for each in found.by_grade:
        expected = rules.expected.get(each.group.name)
        if expected is None or not each.group.count.total or each.observed is None:
            continue
        if each.chance_of_more < rules.chance:
            words = Words(
                zh="{grade} 级比预期差：实际 {observed}，预期 {expected}（偶然概率 {chance}）",
                en="{grade} does worse than expected: {observed} against {expected} (chance {chance})",
            ).filled(
                grade=each.group.name, observed=_percent(each.observed.value), expected=_percent(expected),
                chance=_percent(each.chance_of_more),
            )  # fmt: skip
            findings.append(Finding(kind="calibration", words=words))
    return findings


def _of_drift(found: Report, rules: ReviewRules) -> list[Finding]:
    if found.count.total < rules.least_customers:
        return []
    findings = []
    if found.drift is not None and stability.standing(found.drift, lines=rules.drift) == "shifted":
        words = Words(
            zh="客户结构已明显变化：PSI {index}，高于 {line}",
            en="The portfolio has shifted: PSI {index}, above {line}",
        ).filled(index=_short(found.drift), line=rules.drift.shifted)
        findings.append(Finding(kind="drift", words=words))
    return [*findings, *(_of_characteristic(each, rules) for each in _shifted(found, rules))]


def _shifted(found: Report, rules: ReviewRules) -> list[Characteristic]:
    return [
        each
        for each in found.characteristics
        if stability.standing(each.index, lines=rules.drift) == "shifted"
    ]


def _of_characteristic(each: Characteristic, rules: ReviewRules) -> Finding:
    index, line = _short(each.index), rules.drift.shifted
    words = Words(
        zh=f"{each.label.zh}的分布已明显变化：CSI {index}，高于 {line}",
        en=f"{each.label.en} has shifted: CSI {index}, above {line}",
    )
    return Finding(kind="indicator_drift", words=words)


def _short(number: Decimal) -> str:
    return f"{number:.3f}"


def _percent(number: Decimal) -> str:
    return f"{(number * _PERCENT).quantize(_TENTH)}%"
