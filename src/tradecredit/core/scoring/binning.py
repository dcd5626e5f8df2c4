"""Cut a number into few bins with the most information: exactly the best of all cuts at the places offered.

Note [Monotone]
Where a direction is asked for, each bin's bad rate is at least (or at most) that of the bin before it. Rates are compared
by cross-multiplication of whole numbers, so that no rounding decides. The search looks at every admissible cut
(dynamic programming over the last bin), which a greedy merge does not.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tradecredit.core.scoring import evidence
from tradecredit.core.scoring.evidence import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

Trend = Literal["rising", "falling", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BinningRules:
    """How many bins at most, how many customers each holds at least, and how the bad rate may run."""

    bins_max: int
    least_count: int
    trend: Trend = "any"


@dataclass(frozen=True, slots=True)
class _Best:
    """The best way to cut up to some place: its worth, how many bins, where its last bin began."""

    worth: Decimal
    bins: int
    came_from: tuple[int, int] | None


def best_cuts(pieces: Sequence[Count], *, rules: BinningRules) -> tuple[int, ...]:
    """Return after which pieces to cut (piece numbers where a bin begins, the first left out).

    ``pieces`` are the counts of fine neighbouring groups in order. With no admissible cut the answer is empty: one bin.
    """
    if rules.trend == "any":
        ways = [_best_of(pieces, rules=rules, trend=trend) for trend in ("rising", "falling")]
        return max(ways, key=lambda way: way[0])[1]
    return _best_of(pieces, rules=rules, trend=rules.trend)[1]


def merged(pieces: Sequence[Count], *, cuts: Sequence[int]) -> tuple[Count, ...]:
    """Return the counts of the bins that the cuts make."""
    edges = [0, *cuts, len(pieces)]
    return tuple(_sum(pieces[start:end]) for start, end in itertools.pairwise(edges))


def _best_of(
    pieces: Sequence[Count], *, rules: BinningRules, trend: Literal["rising", "falling"]
) -> tuple[Decimal, tuple[int, ...]]:
    """Return the worth and the cuts of the best way; ``(start, end, bins)`` names a way by its last bin."""
    found = _ways(pieces, rules=rules, trend=trend)
    ends = [key for key in found if key[1] == len(pieces)]
    if not ends:
        return Decimal(0), ()
    key = max(ends, key=lambda end: (found[end].worth, -end[2]))
    worth = found[key].worth
    cuts: list[int] = []
    while True:
        step = found[key]
        if step.came_from is None:
            return worth, tuple(reversed(cuts))
        cuts.append(key[0])
        key = (*step.came_from, step.bins - 1)


def _ways(
    pieces: Sequence[Count], *, rules: BinningRules, trend: Literal["rising", "falling"]
) -> dict[tuple[int, int, int], _Best]:
    bins = _admissible(pieces, least=rules.least_count)
    worths = _worths(pieces, bins=bins)
    found: dict[tuple[int, int, int], _Best] = {}
    # By the place where the last bin begins: every way up to there is known before it is used.
    for start, end in sorted(bins):
        if start == 0:
            found[start, end, 1] = _Best(worths[start, end], 1, None)
        for before in range(start):
            if (before, start) in bins and _may_follow(bins[before, start], bins[start, end], trend=trend):
                _extend(
                    found, before=before, start=start, end=end, worth=worths[start, end], most=rules.bins_max
                )
    return found


def _extend(
    found: dict[tuple[int, int, int], _Best], *, before: int, start: int, end: int, worth: Decimal, most: int
) -> None:
    """Put one more bin behind every way that ends with the bin before it, where that is better than what is known."""
    for number in range(1, most):
        earlier = found.get((before, start, number))
        known = found.get((start, end, number + 1))
        if earlier is not None and (known is None or earlier.worth + worth > known.worth):
            found[start, end, number + 1] = _Best(earlier.worth + worth, number + 1, (before, start))


def _admissible(pieces: Sequence[Count], *, least: int) -> dict[tuple[int, int], Count]:
    return {
        (start, end): count
        for start in range(len(pieces))
        for end in range(start + 1, len(pieces) + 1)
        if (count := _sum(pieces[start:end])).total >= least
    }


def _worths(pieces: Sequence[Count], *, bins: dict[tuple[int, int], Count]) -> dict[tuple[int, int], Decimal]:
    whole = _sum(pieces)
    if not whole.goods or not whole.bads:
        return dict.fromkeys(bins, Decimal(0))
    return {key: _worth(count, whole=whole) for key, count in bins.items()}


def _worth(count: Count, *, whole: Count) -> Decimal:
    rest = Count(goods=whole.goods - count.goods, bads=whole.bads - count.bads)
    return evidence.measure((count, rest))[0].value


def _may_follow(before: Count, after: Count, *, trend: Literal["rising", "falling"]) -> bool:
    left, right = before.bads * after.total, after.bads * before.total
    return left <= right if trend == "rising" else left >= right


def _sum(pieces: Sequence[Count]) -> Count:
    return Count(goods=sum(each.goods for each in pieces), bads=sum(each.bads for each in pieces))
