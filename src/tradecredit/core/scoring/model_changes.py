"""What differs between two models, in sentences: weights, bins, points, missing data, cut-offs, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import attributes, measures, ranges
from tradecredit.core.scoring.measures import Bins, StepDeduction, ValueMap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from tradecredit.core.scoring.indicator_lines import Dimension, Indicator, WeightSet
    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard

_MISSING = {
    "reallocate": Words(zh="权重分摊", en="weight reallocated"),
    "keep": Words(zh="计 0 分", en="counts 0"),
    "worst": Words(zh="按最差", en="counts as the worst"),
    "neutral": Words(zh="按中性", en="counts as neutral"),
    "block": Words(zh="不评分", en="no score"),
}
_STEP_FIELDS = {
    "line": Words(zh="警戒线", en="warning line"),
    "step": Words(zh="步长", en="step"),
    "points": Words(zh="每步扣分", en="points a step"),
    "mode": Words(zh="取步方式", en="way of counting steps"),
    "unit": Words(zh="步长单位", en="unit of the step"),
    "beyond": Words(zh="方向", en="direction"),
}


def sentences(
    *, before: tuple[Scorecard, GradeScale], after: tuple[Scorecard, GradeScale]
) -> tuple[Words, ...]:
    """Return every difference as a sentence, in the order of the model; equal models give none.

    ``Solvency: weight 25% → 30%``; ``Debt ratio, at most 40%: 100 → 90 points``; ``Grade A from 85 → 88``.
    """
    return (
        *_of_model(before[0], after[0]),
        *_of_own_models(before[0], after[0]),
        *_of_grades(before[1], after[1]),
    )


def _of_model(old: Scorecard, new: Scorecard) -> Iterator[Words]:
    yield from _of_whole(old, new)
    yield from _of_dimensions(old.dimensions, new.dimensions)
    yield from _of_weight_sets(old, new)


def _of_own_models(old: Scorecard, new: Scorecard) -> Iterator[Words]:
    was = {model.name: (when, model) for when, model in old.own_models}
    now = {model.name: (when, model) for when, model in new.own_models}
    for name in dict.fromkeys((*was, *now)):
        if name not in now:
            yield _gone(was[name][1].label)
        elif name not in was:
            label = now[name][1].label
            yield Words(zh=f"新增专用模型：{label.zh}", en=f"A model of its own: {label.en}")
        else:
            label = now[name][1].label
            if was[name][0] != now[name][0]:
                yield Words(zh=f"{label.zh}：适用的客户变了", en=f"{label.en}: it is for other customers now")
            for each in _of_model(was[name][1], now[name][1]):
                yield Words(zh=f"{label.zh}：{each.zh}", en=f"{label.en}: {each.en}")
    kept = [name for name in was if name in now]
    if kept != [name for name in now if name in was]:
        yield Words(zh="专用模型的先后变了", en="Models of their own are looked at in another order")


def _of_whole(old: Scorecard, new: Scorecard) -> Iterator[Words]:
    if old.name != new.name:
        yield Words(zh=f"模型 {old.label.zh} → {new.label.zh}", en=f"Model {old.label.en} → {new.label.en}")
    if old.digits != new.digits:
        yield _arrow(Words(zh="小数位", en="Digits"), Words(zh="", en=""), str(old.digits), str(new.digits))


def _of_dimensions(old: Sequence[Dimension], new: Sequence[Dimension]) -> Iterator[Words]:
    was, now = {each.name: each for each in old}, {each.name: each for each in new}
    for name in dict.fromkeys((*was, *now)):
        if name not in now:
            yield _gone(was[name].label)
        elif name not in was:
            yield _added(now[name].label, now[name].weight)
        elif was[name].weight != now[name].weight:
            yield _weight(now[name].label, was[name].weight, now[name].weight)
    yield from _of_indicators(_indicators(old), _indicators(new))


def _indicators(dimensions: Sequence[Dimension]) -> dict[str, Indicator]:
    return {each.name: each for dimension in dimensions for each in dimension.indicators}


def _of_indicators(was: Mapping[str, Indicator], now: Mapping[str, Indicator]) -> Iterator[Words]:
    for name in dict.fromkeys((*was, *now)):
        if name not in now:
            yield _gone(was[name].label)
        elif name not in was:
            yield _added(now[name].label, now[name].weight)
        else:
            yield from _of_indicator(was[name], now[name])


def _of_indicator(old: Indicator, new: Indicator) -> Iterator[Words]:
    if old.weight != new.weight:
        yield _weight(new.label, old.weight, new.weight)
    if (old.missing, old.neutral) != (new.missing, new.neutral):
        yield _arrow(
            new.label, Words(zh="缺数据时", en="when missing"), _of_missing(old).zh, _of_missing(new).zh,
            en=(_of_missing(old).en, _of_missing(new).en),
        )  # fmt: skip
    if old.fresh_for_days != new.fresh_for_days:
        about = Words(zh="数据有效天数", en="fresh for days")
        yield _arrow(new.label, about, str(old.fresh_for_days or "–"), str(new.fresh_for_days or "–"))
    if old.measure != new.measure:
        yield from _of_measure(old, new)


def _of_missing(each: Indicator) -> Words:
    found = _MISSING[each.missing]
    if each.missing != "neutral":
        return found
    return Words(zh=f"{found.zh} {each.neutral} 分", en=f"{found.en}, {each.neutral} points")


def _of_measure(old: Indicator, new: Indicator) -> Iterator[Words]:
    match old.measure, new.measure:
        case Bins(), Bins():
            yield from _of_lines(new.label, _bin_points(old), _bin_points(new))
        case ValueMap(), ValueMap():
            yield from _of_lines(new.label, _value_points(old.measure), _value_points(new.measure))
        case StepDeduction(), StepDeduction():
            yield from _of_steps(new, old.measure, new.measure)
        case _:
            low, high = measures.bounds(new.measure)
            yield Words(
                zh=f"{new.label.zh}：改用另一种计分方式(最低 {_plain(low)} 分，最高 {_plain(high)} 分)",
                en=f"{new.label.en}: points by another kind of table, from {_plain(low)} to {_plain(high)}",
            )


def _bin_points(each: Indicator) -> dict[Words, str]:
    """Return the points by the words of their bin."""
    assert isinstance(each.measure, Bins)  # noqa: S101 - as the caller matched
    return {
        ranges.words(one.within, show=lambda number: attributes.shown(each.attribute, number)): _plain(
            one.points
        )
        for one in each.measure.bins
    }


def _value_points(rule: ValueMap) -> dict[Words, str]:
    found = {Words(zh=name, en=name): _plain(points) for name, points in rule.points}
    if rule.otherwise is not None:
        found[Words(zh="其他", en="any other")] = _plain(rule.otherwise)
    return found


def _of_lines(label: Words, was: Mapping[Words, str], now: Mapping[Words, str]) -> Iterator[Words]:
    for words in dict.fromkeys((*was, *now)):
        old, new = was.get(words, "–"), now.get(words, "–")
        if old != new:
            yield Words(
                zh=f"{label.zh}，{words.zh}：{old} → {new} 分",
                en=f"{label.en}, {words.en}: {old} → {new} points",
            )


def _of_steps(indicator: Indicator, old: StepDeduction, new: StepDeduction) -> Iterator[Words]:
    for name, words in _STEP_FIELDS.items():
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield _arrow(indicator.label, words, str(was), str(now))


def _of_weight_sets(old: Scorecard, new: Scorecard) -> Iterator[Words]:
    was = {each.name: each for each in old.weight_sets}
    now = {each.name: each for each in new.weight_sets}
    labels = {each.name: each.label for each in (*old.dimensions, *new.dimensions)}
    for name in dict.fromkeys((*was, *now)):
        if name not in now:
            yield _gone(was[name].label)
        elif name not in was:
            yield Words(zh=f"新增权重方案：{now[name].label.zh}", en=f"New weights: {now[name].label.en}")
        else:
            yield from _of_weight_set(was[name], now[name], labels)


def _of_weight_set(old: WeightSet, new: WeightSet, labels: Mapping[str, Words]) -> Iterator[Words]:
    for name, weight in new.weights.items():
        before = old.weights.get(name)
        if before != weight:
            about = labels[name]
            yield _arrow(
                new.label, about, "–" if before is None else f"{_plain(before)}%", f"{_plain(weight)}%"
            )
    if old.when != new.when:
        yield Words(zh=f"{new.label.zh}：适用的客户变了", en=f"{new.label.en}: it is for other customers now")


def _of_grades(old: GradeScale, new: GradeScale) -> Iterator[Words]:
    was, now = {each.grade: each for each in old.bands}, {each.grade: each for each in new.bands}
    for grade in dict.fromkeys((*was, *now)):
        label = Words(zh=f"{grade} 级", en=f"Grade {grade}")
        if grade not in now or grade not in was:
            yield _gone(label) if grade not in now else _new_grade(label, now[grade].least_score)
        elif was[grade].least_score != now[grade].least_score:
            about = Words(zh="最低得分", en="least score")
            yield _arrow(label, about, _plain(was[grade].least_score), _plain(now[grade].least_score))
    if old.without_score != new.without_score:
        about = Words(zh="无评分时的等级", en="Grade without a score")
        yield _arrow(about, Words(zh="", en=""), old.without_score, new.without_score)
    yield from _of_rules(old, new)


def _of_rules(old: GradeScale, new: GradeScale) -> Iterator[Words]:
    was, now = {each.name: each for each in old.rules}, {each.name: each for each in new.rules}
    for name in dict.fromkeys((*was, *now)):
        if name not in now:
            yield _gone(was[name].label)
        elif name not in was:
            yield Words(zh=f"新增规则：{now[name].label.zh}", en=f"New rule: {now[name].label.en}")
        elif was[name] != now[name]:
            yield Words(zh=f"规则已改：{now[name].label.zh}", en=f"Rule changed: {now[name].label.en}")


def _new_grade(label: Words, least: Decimal) -> Words:
    return Words(zh=f"新增 {label.zh}，最低 {_plain(least)} 分", en=f"New: {label.en} from {_plain(least)}")


def _weight(label: Words, old: Decimal, new: Decimal) -> Words:
    return _arrow(label, Words(zh="权重", en="weight"), f"{_plain(old)}%", f"{_plain(new)}%")


def _arrow(label: Words, about: Words, old: str, new: str, *, en: tuple[str, str] | None = None) -> Words:
    was, now = en or (old, new)
    return Words(
        zh=f"{label.zh}{':' if about.zh else ''}{about.zh} {old} → {new}",
        en=f"{label.en}{': ' if about.en else ''}{about.en} {was} → {now}",
    )


def _added(label: Words, weight: Decimal) -> Words:
    return Words(
        zh=f"新增：{label.zh}，权重 {_plain(weight)}%", en=f"New: {label.en}, weight {_plain(weight)}%"
    )


def _gone(label: Words) -> Words:
    return Words(zh=f"删除：{label.zh}", en=f"Removed: {label.en}")


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
