"""Do predicted and observed default rates agree? Binomial test for each grade, Hosmer-Lemeshow for all, Brier.

The binomial tail is summed exactly. An observed rate carries Wilson's interval at 95 %. Hosmer-Lemeshow is
Σ (observed − expected)² ÷ (n·p·(1 − p)) over the groups, against χ² with as many degrees of freedom as groups
when the sample was not trained on, two fewer when it was.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.scoring.separation import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tradecredit.core.scoring.evidence import Count

_DEVIATE_95: Final = Decimal("1.959963984540054")
_HALF: Final = Decimal("0.5")
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Customers for whom one default rate was predicted, and what became of them."""

    name: str
    predicted: Decimal
    count: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """One group's observed rate with its interval, and how likely so many (or so few) bads were."""

    group: Group
    observed: Estimate | None
    chance_of_more: Decimal
    chance_of_fewer: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class HosmerLemeshow:
    """The statistic, its degrees of freedom, and the chance of one as large when predictions are right."""

    statistic: Decimal
    freedom: int
    chance: Decimal


def by_group(groups: Sequence[Group]) -> tuple[GroupResult, ...]:
    """Return each group's test: 3 bads of 10 where 10 % were predicted happen in 7.02 % of such samples."""
    return tuple(
        GroupResult(
            group=group,
            observed=wilson(bads=group.count.bads, total=group.count.total),
            chance_of_more=at_least(group.count.bads, total=group.count.total, rate=group.predicted),
            chance_of_fewer=at_most(group.count.bads, total=group.count.total, rate=group.predicted),
        )
        for group in groups
    )


def hosmer_lemeshow(groups: Sequence[Group], *, is_training_sample: bool) -> HosmerLemeshow | None:
    """Return the test over groups with anybody in them; None where a rate is 0 or 1 or too few groups are left."""
    used = [group for group in groups if group.count.total]
    freedom = len(used) - (2 if is_training_sample else 0)
    if freedom < 1 or any(not 0 < group.predicted < 1 for group in used):
        return None
    statistic = sum((_distance(group) for group in used), Decimal(0))
    return HosmerLemeshow(
        statistic=statistic, freedom=freedom, chance=chi_square_tail(statistic, freedom=freedom)
    )


def brier(pairs: Iterable[tuple[Decimal, bool]]) -> Decimal | None:
    """Return the mean squared distance of predictions from outcomes: 0.2 for a bad and 0.1 for a good is 0.325."""
    squares = [(predicted - int(is_bad)) ** 2 for predicted, is_bad in pairs]
    return sum(squares, Decimal(0)) / len(squares) if squares else None


def is_monotone(rates: Sequence[Decimal | None]) -> bool:
    """Tell whether rates from the best grade to the worst never fall; grades without a rate are passed over."""
    known = [rate for rate in rates if rate is not None]
    return all(left <= right for left, right in itertools.pairwise(known))


def wilson(*, bads: int, total: int) -> Estimate | None:
    """Return the observed rate with Wilson's interval; None of nobody. 1 of 10 is 0.1 (0.018 to 0.404)."""
    if not total:
        return None
    rate, square = Decimal(bads) / total, _DEVIATE_95 * _DEVIATE_95
    centre = (rate + square / (2 * total)) / (1 + square / total)
    reach = (rate * (1 - rate) / total + square / (4 * total * total)).sqrt() * _DEVIATE_95
    reach /= 1 + square / total
    return Estimate(value=rate, low=max(Decimal(0), centre - reach), high=min(_ONE, centre + reach))


def at_most(bads: int, *, total: int, rate: Decimal) -> Decimal:
    """Return the chance of so many bads or fewer among ``total`` at the rate (binomial, exact)."""
    if rate <= 0 or bads >= total:
        return _ONE
    if rate >= 1:
        return Decimal(0)
    chance = (1 - rate) ** total
    summed, odds = chance, rate / (1 - rate)
    for number in range(1, bads + 1):
        chance = chance * (total - number + 1) / number * odds
        summed += chance
    return min(_ONE, summed)


def at_least(bads: int, *, total: int, rate: Decimal) -> Decimal:
    """Return the chance of so many bads or more."""
    return _ONE if bads <= 0 else max(Decimal(0), _ONE - at_most(bads - 1, total=total, rate=rate))


def chi_square_tail(statistic: Decimal, *, freedom: int) -> Decimal:
    """Return the chance of a larger χ²: 3.841 with one degree of freedom has 5 %.

    By the recurrence of the incomplete gamma function, from its closed forms for one and two degrees.
    """
    if statistic <= 0:
        return _ONE
    half = statistic / 2
    if freedom % 2:
        tail = Decimal(repr(math.erfc(half.sqrt())))
        term = (-half).exp() * half.sqrt() / (Decimal(repr(math.pi)).sqrt() * _HALF)
        power = Decimal("1.5")
    else:
        tail = term = (-half).exp()
        term *= half
        power = Decimal(2)
    while 2 * power <= freedom:
        tail += term
        term = term * half / power
        power += 1
    return min(_ONE, tail)


def _distance(group: Group) -> Decimal:
    expected = group.count.total * group.predicted
    return (group.count.bads - expected) ** 2 / (expected * (1 - group.predicted))
