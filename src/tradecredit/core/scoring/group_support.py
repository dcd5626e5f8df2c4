"""A rating with the group's support beside the stand-alone one: two numbers, never one.

A supporter with a better score lifts the customer by a share of the distance between them: so far policy trusts that kind
of tie. The lift ends below the supporter's own grade, after so many grades as policy allows, and at every cap that holds
for the customer itself: a group does not heal a lawsuit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.scoring.rating import GradeScale
    from tradecredit.core.scoring.support_policy import Support

_CENT: Final = Decimal("0.01")
_LABELS: Final[Mapping[str, Words]] = {
    "guarantee": Words(zh="担保", en="its guarantee"),
    "parent": Words(zh="上级公司", en="its parent"),
    "controller": Words(zh="实际控制", en="its control"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A score with its grade."""

    score: Decimal
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """Who stands behind the customer, by what tie, and its own rating."""

    code: str
    name: str
    kind: str
    rating: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """The second number: score and grade with the group, who gives the most, and the sentence."""

    score: Decimal
    grade: str
    supporter: Supporter
    words: Words


def supported(
    support: Support,
    *,
    scale: GradeScale,
    own: Standing,
    supporters: Sequence[Supporter],
    caps: Sequence[str] = (),
) -> Supported | None:
    """Return the rating with the best support there is; None where nobody better stands behind the customer.

    A score of 60 and a parent of 90 that bridges half the distance make 75. ``caps`` are the grades that rules allow the
    customer at best.
    """
    better = [
        (own.score + support.shares[each.kind] * (each.rating.score - own.score), each)
        for each in supporters
        if each.kind in support.shares and each.rating.score > own.score
    ]
    if not better or own.grade not in scale.grades:
        return None
    score, best = max(better, key=lambda pair: (pair[0], pair[1].code))
    score = score.quantize(_CENT, rounding=ROUND_HALF_UP)
    grade = _grade(support, scale, own=own, score=score, limits=(best.rating.grade, *caps))
    words = _words(best, share=support.shares[best.kind], own=own.score, score=score)
    return Supported(score=score, grade=grade, supporter=best, words=words)


def _words(best: Supporter, *, share: Decimal, own: Decimal, score: Decimal) -> Words:
    kind, percent = _LABELS[best.kind], f"{(share * 100).normalize():f}"
    return Words(
        zh=f"{best.name}（{best.code}，{kind.zh}）{best.rating.score} 分，差距的 {percent}% 计入：{own} → {score}",
        en=f"{best.name} ({best.code}, {kind.en}) stands at {best.rating.score}; "
        f"{percent}% of the distance counts: {own} → {score}",
    )


def _grade(
    support: Support, scale: GradeScale, *, own: Standing, score: Decimal, limits: Sequence[str]
) -> str:
    reached = next(band.grade for band in scale.bands if score >= band.least_score)
    highest = scale.grades[max(0, scale.rank(own.grade) - support.grades_up)]
    found = scale.worse(reached, highest)
    for limit in limits:
        found = scale.worse(found, limit) if limit in scale.grades else found
    # Support never harms.
    return found if scale.rank(found) < scale.rank(own.grade) else own.grade
