"""Cut a number into few bins with the most information: exactly the best of all cuts at the places offered.

Note [Monotone]
Where a direction is asked for, each bin's bad rate is at least (or at most) that of the bin before it. Rates are compared
by cross-multiplication of whole numbers, so that no rounding decides. The search looks at every admissible cut
(dynamic programming over the last bin), which a greedy merge does not.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.scoring.evidence import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

Trend = Literal["rising", "falling", "any"]
# As in the evidence: a bin without goods or bads counts half a customer.
_HALF: Final = 1 / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BinningRules:
    """How many bins at most, how many customers each holds at least, and how the bad rate may run."""

    bins_max: int
    least_count: int
    trend: Trend = "any"


# A bin by where it begins and ends, and the best way that ends with it: its worth and where the bin before began.
_Bin = tuple[int, int]
_Ways = dict[_Bin, tuple[float, int]]


def best_cuts(pieces: Sequence[Count], *, rules: BinningRules) -> tuple[int, ...]:
    """Return after which pieces to cut (piece numbers where a bin begins, the first left out).

    ``pieces`` are the counts of fine neighbouring groups in order. With no admissible cut the answer is empty: one bin.
    """
    bins = _admissible(pieces, least=rules.least_count)
    worths = _worths(pieces, bins=bins)
    trends: tuple[Literal["rising", "falling"], ...] = (
        ("rising", "falling") if rules.trend == "any" else (rules.trend,)
    )
    ways = [
        _best_of(len(pieces), bins=bins, worths=worths, most=rules.bins_max, trend=trend) for trend in trends
    ]
    return max(ways, key=lambda way: way[0])[1]


def merged(pieces: Sequence[Count], *, cuts: Sequence[int]) -> tuple[Count, ...]:
    """Return the counts of the bins that the cuts make."""
    edges = [0, *cuts, len(pieces)]
    return tuple(_sum(pieces[start:end]) for start, end in itertools.pairwise(edges))


def _best_of(
    end: int,
    *,
    bins: dict[_Bin, Count],
    worths: dict[_Bin, float],
    most: int,
    trend: Literal["rising", "falling"],
) -> tuple[float, tuple[int, ...]]:
    """Return the worth and the cuts of the best way to the end with any number of bins, the fewest where equal."""
    before = _followed(bins, trend=trend)
    ways: list[_Ways] = [{key: (worths[key], 0) for key in bins if key[0] == 0}]
    for _ in range(most - 1):
        ways.append(_one_more(ways[-1], before=before, worths=worths))
    ends = [(number, key) for number, found in enumerate(ways) for key in found if key[1] == end]
    if not ends:
        return 0, ()
    number, key = max(ends, key=lambda each: (ways[each[0]][each[1]][0], -each[0]))
    return ways[number][key][0], _traced(ways, number=number, key=key)


def _followed(bins: dict[_Bin, Count], *, trend: Literal["rising", "falling"]) -> dict[_Bin, list[_Bin]]:
    """Return which bins may stand before each bin."""
    by_end: dict[int, list[_Bin]] = {}
    for key in bins:
        by_end.setdefault(key[1], []).append(key)
    return {
        key: [other for other in by_end.get(key[0], []) if _may_follow(bins[other], bins[key], trend=trend)]
        for key in bins
    }


def _one_more(ways: _Ways, *, before: dict[_Bin, list[_Bin]], worths: dict[_Bin, float]) -> _Ways:
    """Put one more bin behind the best of the ways that it may follow."""
    found: _Ways = {}
    for key, others in before.items():
        known = [(ways[other][0], other[0]) for other in others if other in ways]
        if known:
            worth, start = max(known)
            found[key] = (worth + worths[key], start)
    return found


def _traced(ways: Sequence[_Ways], *, number: int, key: _Bin) -> tuple[int, ...]:
    cuts = []
    while number:
        cuts.append(key[0])
        key = (ways[number][key][1], key[0])
        number -= 1
    return tuple(reversed(cuts))


def _admissible(pieces: Sequence[Count], *, least: int) -> dict[_Bin, Count]:
    goods = list(accumulate((each.goods for each in pieces), initial=0))
    bads = list(accumulate((each.bads for each in pieces), initial=0))
    return {
        (start, end): Count(goods=goods[end] - goods[start], bads=bads[end] - bads[start])
        for start in range(len(pieces))
        for end in range(start + 1, len(pieces) + 1)
        if goods[end] - goods[start] + bads[end] - bads[start] >= least
    }


def _worths(pieces: Sequence[Count], *, bins: dict[_Bin, Count]) -> dict[_Bin, float]:
    """Return each bin's information, in binary numbers: it only says which cut is the better one."""
    whole = _sum(pieces)
    if not whole.goods or not whole.bads:
        return dict.fromkeys(bins, 0)
    return {key: _worth(count, whole=whole) for key, count in bins.items()}


def _worth(count: Count, *, whole: Count) -> float:
    if not count.total:
        return 0
    good = (count.goods or _HALF) / whole.goods
    bad = (count.bads or _HALF) / whole.bads
    return (good - bad) * math.log(good / bad)


def _may_follow(before: Count, after: Count, *, trend: Literal["rising", "falling"]) -> bool:
    left, right = before.bads * after.total, after.bads * before.total
    return left <= right if trend == "rising" else left >= right


def _sum(pieces: Sequence[Count]) -> Count:
    return Count(goods=sum(each.goods for each in pieces), bads=sum(each.bads for each in pieces))
