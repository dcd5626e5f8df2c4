"""How well a score tells later bad customers from good ones: KS, AUC and Gini with intervals, lift.

A higher score means a better customer everywhere here. The interval of the AUC is DeLong's (1988), from the placements
of each good one among the bads and the other way round, at 95 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.scoring.evidence import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

_TWO: Final = Decimal(2)
# The normal deviate of 95 %, two-sided.
_DEVIATE_95: Final = Decimal("1.959963984540054")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a customer was scored, and whether it went bad."""

    score: Any
    is_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its interval at 95 %."""

    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """The figures of one sample."""

    count: Count
    ks: Decimal
    auc: Estimate

    @property
    def gini(self) -> Estimate:
        """Return 2 × AUC − 1 with its interval."""
        low, high = _TWO * self.auc.low - 1, _TWO * self.auc.high - 1
        return Estimate(value=_TWO * self.auc.value - 1, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftLine:
    """One group from the worst scores on: its bad rate against everybody's, and the bads caught so far."""

    count: Count
    lift: Decimal
    caught: Decimal


def measure(observations: Sequence[Observation]) -> Separation | None:
    """Return the figures; None where nobody was good or nobody was bad.

    Scores 1, 2 and 3 of which only 1 went bad: AUC 1, KS 1. All the same: AUC 0.5, KS 0.
    """
    steps = _steps(observations)
    goods = sum(step.goods for step in steps)
    bads = sum(step.bads for step in steps)
    if not goods or not bads:
        return None
    return Separation(
        count=Count(goods=goods, bads=bads),
        ks=_ks(steps, goods=goods, bads=bads),
        auc=_auc(steps, goods=goods, bads=bads),
    )


def lift(groups: Sequence[Count]) -> tuple[LiftLine, ...]:
    """Return the lift of groups ordered from the worst: 10 of 20 bad where 15 of 100 are is 3.333 times as many."""
    bads = sum(group.bads for group in groups)
    total = sum(group.total for group in groups)
    if not bads:
        return ()
    lines, so_far = [], 0
    for group in groups:
        so_far += group.bads
        rate = group.bad_rate
        times = Decimal(0) if rate is None else rate * total / bads
        lines.append(LiftLine(count=group, lift=times, caught=Decimal(so_far) / bads))
    return tuple(lines)


def in_groups(observations: Sequence[Observation], *, groups: int) -> tuple[Count, ...]:
    """Return equal groups of customers from the worst scores on; customers of one score stay in one group."""
    steps = _steps(observations)
    total = sum(step.total for step in steps)
    found = [[0, 0] for _ in range(groups)]
    before = 0
    for step in steps:
        place = min(groups - 1, (2 * before + step.total) * groups // (2 * total)) if total else 0
        found[place][0] += step.goods
        found[place][1] += step.bads
        before += step.total
    return tuple(Count(goods=good, bads=bad) for good, bad in found if good or bad)


def _steps(observations: Sequence[Observation]) -> tuple[Count, ...]:
    """Return the counts of each score, the worst score first."""
    ordered = sorted(observations, key=lambda each: each.score)
    found = []
    for _, same in groupby(ordered, key=lambda each: each.score):
        bad = [each.is_bad for each in same]
        found.append(Count(goods=bad.count(False), bads=bad.count(True)))
    return tuple(found)


def _ks(steps: Sequence[Count], *, goods: int, bads: int) -> Decimal:
    good_so_far = bad_so_far = 0
    widest = 0
    for step in steps:
        good_so_far += step.goods
        bad_so_far += step.bads
        widest = max(widest, abs(bad_so_far * goods - good_so_far * bads))
    return Decimal(widest) / (goods * bads)


def _auc(steps: Sequence[Count], *, goods: int, bads: int) -> Estimate:
    """Count in halves, so that every number stays whole; see the heading for the interval."""
    wins = of_goods = of_bads = 0
    bads_below = goods_below = 0
    for step in steps:
        good_wins = 2 * bads_below + step.bads
        bad_wins = 2 * (goods - goods_below - step.goods) + step.goods
        wins += step.goods * good_wins
        of_goods += step.goods * good_wins * good_wins
        of_bads += step.bads * bad_wins * bad_wins
        bads_below += step.bads
        goods_below += step.goods
    auc = Decimal(wins) / (2 * goods * bads)
    spread = _variance(of_goods, auc=auc, count=goods, others=bads) / goods
    spread += _variance(of_bads, auc=auc, count=bads, others=goods) / bads
    reach = _DEVIATE_95 * spread.sqrt()
    return Estimate(value=auc, low=max(Decimal(0), auc - reach), high=min(Decimal(1), auc + reach))


def _variance(squares: int, *, auc: Decimal, count: int, others: int) -> Decimal:
    """Return the variance of the placements; of a single customer it is unknown, taken as the widest possible."""
    if count == 1:
        return auc * (1 - auc)
    mean_square = Decimal(squares) / (4 * others * others * count)
    return max(Decimal(0), (mean_square - auc * auc) * count / (count - 1))
