"""From score to suggested grade: bands, rules that cap or default a grade, marks, and the comparison of old and new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import (
    backtest,
    conditions,
    default_probability,
    moves,
    review_calendar,
    support_policy,
)
from tradecredit.core.scoring.values import Known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from typing import Any

    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.scorecard import ScoreResult
    from tradecredit.core.scoring.values import Value

# What rules may ask about beside the customer's attributes.
_OF_THE_SCORE = frozenset({"score", "completeness"})


@dataclass(frozen=True, slots=True)
class Band:
    """A grade and the least score that earns it."""

    grade: str
    label: Words
    least_score: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A condition that gives a default grade, caps the grade, or marks the customer."""

    name: str
    label: Words
    when: Condition
    default: str | None
    at_best: str | None
    mark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeScale:
    """Grades from best to worst with their bands, and the rules beside the score."""

    bands: tuple[Band, ...]
    rules: tuple[Rule, ...]
    without_score: str

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the names of the grades from best to worst."""
        return tuple(band.grade for band in self.bands)

    def rank(self, grade: str) -> int:
        """Return 0 for the best grade; raises ValueError for a grade that the scale does not have."""
        return self.grades.index(grade)

    def worse(self, left: str, right: str) -> str:
        """Return the worse of two grades."""
        return max(left, right, key=self.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The grade that the policy suggests, the one that the score alone would give, and why they differ."""

    grade: str
    band_grade: str | None
    marks: tuple[str, ...]
    fired: tuple[str, ...]
    reasons: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one rating said, for comparison: grade, score and the points of each indicator."""

    grade: str
    score: Decimal | None
    points: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a new rating differs from the one before."""

    old_grade: str | None
    new_grade: str
    direction: Literal["first", "up", "down", "same"]
    moved: tuple[str, ...]
    words: Words

    @property
    def is_change(self) -> bool:
        """Tell whether anything is different."""
        return self.direction != "same" or bool(self.moved)


def suggest(scale: GradeScale, *, result: ScoreResult, values: Mapping[str, Value]) -> Suggestion:
    """Return the suggested grade: the band of the score, then defaults, then the worst cap.

    A score of 91 in the band of A with a rule "dishonest debtor: at best D" suggests D.
    """
    known = {**values, **_facts_of(result)}
    fired = tuple(rule for rule in scale.rules if conditions.holds(rule.when, values=known))
    band_grade = None if result.score is None else _band(scale, result.score).grade
    grade = scale.without_score if band_grade is None else band_grade
    defaults = [rule.default for rule in fired if rule.default]
    for default in defaults[:1]:
        grade = default
    for cap in (rule.at_best for rule in fired if rule.at_best):
        grade = scale.worse(grade, cap)
    return Suggestion(
        grade=grade,
        band_grade=band_grade,
        marks=tuple(dict.fromkeys(rule.mark for rule in fired if rule.mark)),
        fired=tuple(rule.name for rule in fired),
        reasons=(_of_band(scale, result), *(_of_rule(rule) for rule in fired)),
    )


def compare(scale: GradeScale, *, old: Snapshot | None, new: Snapshot) -> Change:
    """Return old against new: first rating, up, down or the same grade, with the indicators that moved."""
    if old is None:
        words = Words(zh="首次评级：{new}", en="First rating: {new}").filled(new=new.grade)
        return Change(old_grade=None, new_grade=new.grade, direction="first", moved=(), words=words)
    names = sorted(old.points.keys() | new.points.keys())
    moved = tuple(name for name in names if old.points.get(name) != new.points.get(name))
    if old.score != new.score and not moved:
        moved = ("score",)
    return Change(
        old_grade=old.grade,
        new_grade=new.grade,
        direction=_direction(scale, old=old.grade, new=new.grade),
        moved=moved,
        words=_of_change(old, new),
    )


def parse(section: Mapping[str, Any], *, known: Mapping[str, Attribute]) -> GradeScale:
    """Return the grade scale of the section; raises PolicyError naming the place of a wrong value."""
    node = Node(section, "grades").only(
        "source",
        "reason",
        "grades",
        "rules",
        "without_score",
        "backtest",
        "open_orders",
        "moves",
        "reviews",
        "support",
        "model",
    )
    bands = tuple(_band_of(each) for each in node.child("grades").items())
    _check_bands(node.child("grades"), bands)
    names = tuple(band.grade for band in bands)
    review = node.optional("backtest")
    if review is not None:
        backtest.parse(review.mapping(), grades=names)
    askable = frozenset(known) | _OF_THE_SCORE
    moves.parse(section.get("moves"), known=askable)
    review_calendar.parse(section.get("reviews"), grades=names)
    support_policy.parse(section.get("support"))
    rules = node.optional("rules")
    found = tuple(_rule(each, grades=names, known=askable) for each in (rules.items() if rules else ()))
    if rules is not None and not _model_decides(node):
        _check_second_opinion(rules, found, known=known)
    return GradeScale(
        bands=bands,
        rules=found,
        without_score=node.child("without_score").one_of(*names),
    )


def _model_decides(node: Node) -> bool:
    model = node.optional("model")
    return model is not None and model.only("source", "reason", "decides").child("decides").flag()


def _check_second_opinion(node: Node, rules: Sequence[Rule], *, known: Mapping[str, Attribute]) -> None:
    """Refuse a grade that a learned model alone would give: policy must say that it may (``model: decides``)."""
    for place, rule in zip(node.items(), rules, strict=True):
        has_effect = rule.default is not None or rule.at_best is not None
        if has_effect and default_probability.decides_alone(rule.when, known=known):
            raise place.error(
                "a learned model would decide this grade alone: add a condition on something else, "
                "or say model: decides: yes"
            )


def _facts_of(result: ScoreResult) -> dict[str, Value]:
    facts: dict[str, Value] = {"completeness": Known(value=result.completeness)}
    if result.score is not None:
        facts["score"] = Known(value=result.score)
    return facts


def _band(scale: GradeScale, score: Decimal) -> Band:
    return next(band for band in scale.bands if score >= band.least_score)


def _of_band(scale: GradeScale, result: ScoreResult) -> Words:
    if result.score is None:
        return Words(
            zh="数据不足，无法评分，按规定定为 {grade} 级",
            en="No score for want of data: the policy says {grade}",
        ).filled(grade=scale.without_score)
    band = _band(scale, result.score)
    return Words(
        zh="得分 {score}，达到 {grade} 级的 {least} 分",
        en="Score {score} reaches the {least} that {grade} asks for",
    ).filled(score=result.score, grade=band.grade, least=band.least_score)


def _of_rule(rule: Rule) -> Words:
    effects = []
    if rule.default:
        effects.append(Words(zh=f"定为 {rule.default} 级", en=f"the grade is {rule.default}"))
    if rule.at_best:
        effects.append(Words(zh=f"最高 {rule.at_best} 级", en=f"{rule.at_best} at best"))
    if rule.mark:
        effects.append(Words(zh="加标记", en="marked"))
    return Words(
        zh=f"{rule.label.zh}：{'、'.join(effect.zh for effect in effects)}",
        en=f"{rule.label.en}: {', '.join(effect.en for effect in effects)}",
    )


def _of_change(old: Snapshot, new: Snapshot) -> Words:
    return Words(
        zh="评级 {old} → {new}，得分 {before} → {after}", en="Grade {old} → {new}, score {before} → {after}"
    ).filled(
        old=old.grade,
        new=new.grade,
        before="—" if old.score is None else old.score,
        after="—" if new.score is None else new.score,
    )


def _direction(scale: GradeScale, *, old: str, new: str) -> Literal["up", "down", "same"]:
    if old == new:
        return "same"
    # A grade of an earlier scale that no longer exists cannot be compared: a person should look, as after a fall.
    if old not in scale.grades:
        return "down"
    return "up" if scale.rank(new) < scale.rank(old) else "down"


def _band_of(node: Node) -> Band:
    node.only("grade", "label", "from", "policy")
    return Band(
        node.child("grade").text(),
        node.child("label").words(),
        node.child("from").number(least="0", most="100"),
    )


def _check_bands(node: Node, bands: Sequence[Band]) -> None:
    if not bands:
        raise node.error("a scale needs at least one grade")
    names = [band.grade for band in bands]
    if len(set(names)) != len(names):
        raise node.error("a grade stands here twice")
    edges = [band.least_score for band in bands]
    if edges != sorted(set(edges), reverse=True):
        raise node.error("grades stand from best to worst, each with a lower score than the one before")
    if edges[-1] != 0:
        raise node.error("the worst grade begins at 0, so that every score has a grade")


def _rule(node: Node, *, grades: tuple[str, ...], known: frozenset[str]) -> Rule:
    node.only("name", "label", "when", "default", "at_best", "mark")
    default, at_best, mark = node.optional("default"), node.optional("at_best"), node.optional("mark")
    if default is None and at_best is None and mark is None:
        raise node.error("a rule needs an effect: default, at_best or mark")
    return Rule(
        name=node.child("name").text(),
        label=node.child("label").words(),
        when=conditions.parse(node.child("when"), known=known),
        default=default.one_of(*grades) if default else None,
        at_best=at_best.one_of(*grades) if at_best else None,
        mark=mark.text() if mark else None,
    )
