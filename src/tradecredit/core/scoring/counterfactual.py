"""What would lift a customer to a better grade: payments in time, or one indicator that becomes better or known.

Note [One thing at a time]
Each way changes one thing and leaves all the rest as it is, so that it can be told in a sentence and be true. A way is
told only where the whole policy, rules included, then gives the better grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import attributes, measures, ranges, rating, scorecard
from tradecredit.core.scoring.measures import Bin, Bins, StepDeduction, ValueMap
from tradecredit.core.scoring.ranges import Edge, Range
from tradecredit.core.scoring.values import Known, look_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from tradecredit.core.scoring.indicator_lines import Indicator
    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.scorecard import Scorecard
    from tradecredit.core.scoring.values import Plain, Value

# How far it looks, not a rule: more payments than this are no near way.
_PAYMENTS_MOST: Final = 24
# Beyond an edge that does not itself belong to the range.
_JUST: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One change that is enough for the better grade, and the score that it would give."""

    words: Words
    grade: str
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    scorecard: Scorecard
    scale: GradeScale
    values: Mapping[str, Value]
    as_of: date
    grade: str

    def with_values(self, changed: Mapping[str, Plain]) -> tuple[str, Decimal | None]:
        """Return grade and score with some values in place of what is known."""
        known = {
            name: Known(value=value, source="what if", known_on=self.as_of) for name, value in changed.items()
        }
        values = {**self.values, **known}
        result = scorecard.evaluate(self.scorecard, values=values, as_of=self.as_of)
        return rating.suggest(self.scale, result=result, values=values).grade, result.score

    def is_better(self, grade: str) -> bool:
        return self.scale.rank(grade) < self.scale.rank(self.grade)


def ways(
    model: Scorecard, scale: GradeScale, *, values: Mapping[str, Value], as_of: date, most: int
) -> tuple[Way, ...]:
    """Return the nearest ways to a better grade, payments in time first, then by the score that they need least.

    Ten payments of which seven came in time are 70 %: with ten more in time they are 85 %, which may be a B.
    """
    result = scorecard.evaluate(model, values=values, as_of=as_of)
    grade = rating.suggest(scale, result=result, values=values).grade
    case = _Case(scorecard=model, scale=scale, values=values, as_of=as_of, grade=grade)
    if scale.rank(grade) == 0:
        return ()
    by_paying = _by_paying(case)
    asked = _indicators(model.for_customer(values))
    single = [way for indicator in asked if (way := _by_indicator(case, indicator)) is not None]
    ordered = sorted(single, key=lambda way: (way.score is None, way.score or Decimal(0), way.words.en))
    return ((by_paying, *ordered) if by_paying else tuple(ordered))[:most]


def _indicators(model: Scorecard) -> tuple[Indicator, ...]:
    return tuple(each for dimension in model.dimensions for each in dimension.indicators)


def _by_paying(case: _Case) -> Way | None:
    """Return how many more invoices of the usual size, each paid on its day, are enough."""
    trades = _number(case, "order_count")
    rate, late = _number(case, "on_time_rate"), _number(case, "average_days_late")
    if trades is None or trades <= 0 or (rate is None and late is None):
        return None
    for count in range(1, _PAYMENTS_MOST + 1):
        more = trades + count
        changed: dict[str, Plain] = {"order_count": more}
        if rate is not None:
            changed["on_time_rate"] = (rate * trades + count) / more
        if late is not None:
            changed["average_days_late"] = late * trades / more
        grade, score = case.with_values(changed)
        if case.is_better(grade):
            words = Words(
                zh=f"再有 {count} 笔同等金额的款项按期付清 → {grade} 级",
                en=f"{count} more payments of the usual size in time → grade {grade}",
            )
            return Way(words=words, grade=grade, score=score)
    return None


def _number(case: _Case, name: str) -> Decimal | None:
    value = look_up(case.values, name)
    return value.value if isinstance(value, Known) and isinstance(value.value, Decimal) else None


def _by_indicator(case: _Case, indicator: Indicator) -> Way | None:
    """Return the nearest line of an indicator's table that is enough by itself."""
    now = look_up(case.values, indicator.attribute.name)
    earned = (
        measures.measure(indicator.measure, now.value, attribute=indicator.attribute)
        if isinstance(now, Known)
        else None
    )
    least = Decimal(-1) if earned is None else earned.points
    lines = sorted(_lines(indicator, now), key=lambda line: line[0])
    for points, value, words in lines:
        if points <= least:
            continue
        grade, score = case.with_values({indicator.attribute.name: value})
        if case.is_better(grade):
            return Way(words=_told(indicator, now, words, grade), grade=grade, score=score)
    return None


def _lines(indicator: Indicator, now: Value) -> Iterator[tuple[Decimal, Plain, Words]]:
    """Yield points, a value that earns them, and how the line is told."""
    match indicator.measure:
        case Bins(bins):
            for each in bins:
                yield _of_bin(indicator, each, now)
        case ValueMap(pairs, _):
            for name, points in pairs:
                is_flag = indicator.attribute.unit == "flag"
                yield points, name == "yes" if is_flag else name, Words(zh=name, en=name)
        case StepDeduction(line=line, beyond=beyond):
            edge = Edge(line, included=True)
            within = Range(upper=edge) if beyond == "above" else Range(lower=edge)
            yield _of_bin(indicator, Bin(within, Decimal(100)), now)


def _of_bin(indicator: Indicator, each: Bin, now: Value) -> tuple[Decimal, Plain, Words]:
    words = ranges.words(each.within, show=lambda number: attributes.shown(indicator.attribute, number))
    return each.points, _inside(each.within, now), words


def _inside(within: Range, now: Value) -> Decimal:
    """Return the number of the range that is nearest to what is known now."""
    lower, upper = within.lower, within.upper
    at = now.value if isinstance(now, Known) and isinstance(now.value, Decimal) else None
    if at is not None and within.contains(at):
        return at
    if upper is not None and (lower is None or (at is not None and at >= upper.at)):
        return upper.at if upper.included else upper.at - _JUST
    if lower is not None:
        return lower.at if lower.included else lower.at + _JUST
    return Decimal(0)


def _told(indicator: Indicator, now: Value, line: Words, grade: str) -> Words:
    label = indicator.label
    if isinstance(now, Known):
        shown = attributes.shown(indicator.attribute, now.value)
        return Words(
            zh=f"{label.zh} {line.zh}（现为 {shown.zh}）→ {grade} 级",
            en=f"{label.en} {line.en} (now {shown.en}) → grade {grade}",
        )
    return Words(
        zh=f"补充{label.zh}，若{line.zh} → {grade} 级",
        en=f"{label.en}, unknown now: {line.en} → grade {grade}",
    )
