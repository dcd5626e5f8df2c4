"""What some rules of a policy say of any plain order of a standing, in whole numbers.

`quick.prepare` answers one order with everything that its record needs; this answers only which outcome, for very many
orders, and is prepared more cheaply: one evaluation for small documents and one for all others.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import compact, comparisons, differing, evaluate, quick
from tradecredit.core.decisions.differing import NOTHING_APPLIES, Said
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import CheckResult
    from tradecredit.core.decisions.policy import OrderControl, Rule
    from tradecredit.core.decisions.remembered import Memory
    from tradecredit.core.exposure.headroom import Headroom
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.kernel.outcome import Outcome

# Ordered, delivered, billed, bill, unapplied, reserved: each in ten-thousandths, as the decision recorded them.
Stages = tuple[int, int, int, int, int, int]
# More than any amount that can be stored, so that whatever can fail for its size fails for this one.
_HUGE: Final = Decimal(10) ** 18


@dataclass(frozen=True, slots=True)
class _Compared:
    fails: comparisons.Comparison
    worst: int
    stopping: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sized:
    """Documents of one size class: what is settled for all of them, and what is compared for each."""

    settled: Said
    compared: tuple[_Compared, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """Some rules, prepared for the plain orders of one standing."""

    line: int | None
    counts: tuple[bool, bool, bool, bool, bool]
    disputed: int
    small_at_most: int
    small: _Sized
    large: _Sized

    @property
    def settled(self) -> tuple[int, Said, Said] | None:
        """Return what the rules say of every order, by size; None where it depends on the amounts."""
        if self.small.compared or self.large.compared:
            return None
        return (self.small_at_most, self.small.settled, self.large.settled)

    def said(self, amount: int, stages: Stages) -> Said:
        """Return what the rules say of an order that takes an amount above zero, in ten-thousandths."""
        found = self.small if amount <= self.small_at_most else self.large
        if not found.compared:
            return found.settled
        worst, stopping = found.settled.worst, found.settled.stopping
        exposure = self._exposure(stages)
        left = None if self.line is None else self.line - exposure
        for one in found.compared:
            if one.fails(amount, exposure, left):
                stopping += one.stopping
                worst = max(worst, one.worst)
            elif worst == NOTHING_APPLIES:
                worst = 0
        return Said(worst, stopping)

    def _exposure(self, stages: Stages) -> int:
        ordered, delivered, billed, bill, unapplied = self.counts
        return (
            stages[5]
            - self.disputed
            + (stages[0] if ordered else 0)
            + (stages[1] if delivered else 0)
            + (stages[2] if billed else 0)
            + (stages[3] if bill else 0)
            + (stages[4] if unapplied else 0)
        )


class Standing:
    """The facts of any order of an account, with what is worked out of them once for several policies."""

    def __init__(self, facts: CreditFacts) -> None:
        """Take the facts of an order: its amount, its reference and the balances are not looked at."""
        self.facts = facts
        self.is_plain = quick.is_plain(facts)
        self._sized: dict[Decimal, CreditFacts] = {}
        self._rooms: list[tuple[MeasurePolicy, Headroom]] = []

    def of_size(self, amount: Decimal) -> CreditFacts:
        """Return the facts of an order of an amount."""
        if amount not in self._sized:
            request = dataclasses.replace(self.facts.request, amount=Money(amount, self.facts.currency))
            self._sized[amount] = dataclasses.replace(self.facts, request=request)
        return self._sized[amount]

    def room(self, policy: OrderControl) -> Headroom:
        """Return the equation of headroom without balances, as the policy measures exposure."""
        for measure, room in self._rooms:
            if measure is policy.measure or measure == policy.measure:
                return room
        room = evaluate.headroom_of(self.facts, policy)
        self._rooms.append((policy.measure, room))
        return room


def prepare(standing: Standing, policy: OrderControl, memory: Memory) -> Portion | None:
    """Prepare the rules of a policy for the plain orders of a standing; None where only each order's facts can tell."""
    if not standing.is_plain:
        return None
    facts = standing.facts
    most = policy.small_documents.get(facts.currency, Decimal(0))

    def room() -> Headroom:
        return standing.room(policy)

    at_large = memory.results(standing.of_size(_HUGE), room)
    at_small = memory.results(standing.of_size(most), room) if most > 0 else at_large
    small, large = (_sized(standing, policy, found, at_large) for found in (at_small, at_large))
    if small is None or large is None:
        return None
    if not small.compared and not large.compared:
        return _settled(comparisons.floor_units(most), small, large)
    limit = room().limit
    measure = policy.measure
    counts_disputed_out = measure.counts_billed and not measure.counts_disputed
    return Portion(
        line=quick.units(limit.money.amount) if isinstance(limit, Amount) else None,
        counts=(
            measure.counts_ordered,
            measure.counts_delivered,
            measure.counts_billed,
            measure.counts_bill,
            measure.counts_unapplied,
        ),
        disputed=quick.units(facts.exposure.disputed.amount) if counts_disputed_out else 0,
        small_at_most=comparisons.floor_units(most),
        small=small,
        large=large,
    )


def _settled(most: int, small: _Sized, large: _Sized) -> Portion:
    """Return what looks at no amount but for its size, so that line and balances are of no use to it."""
    none = (False, False, False, False, False)
    return Portion(line=None, counts=none, disputed=0, small_at_most=most, small=small, large=large)


def stages_of(facts: CreditFacts) -> Stages:
    """Return the balances of the facts as `Portion.said` takes them."""
    ordered, delivered, billed, bill, unapplied, reserved = (
        quick.units(getattr(facts.exposure, name).amount) for name in compact.BALANCES
    )
    return (ordered, delivered, billed, bill, unapplied, reserved)


def _sized(
    standing: Standing,
    policy: OrderControl,
    found: tuple[CheckResult, ...],
    failing: tuple[CheckResult, ...],
) -> _Sized | None:
    settled: list[CheckResult] = []
    compared: list[_Compared] = []
    for rule, result, failed in zip(policy.rules, found, failing, strict=True):
        if quick.is_settled(rule, result):
            settled.append(result)
            continue
        found_out = quick.compared_of(rule, standing.facts, policy, standing.room(policy), failed)
        if found_out is None:
            return None
        compared += [_comparison(rule, *one) for one in found_out]
    return _Sized(differing.summed(tuple(settled)), tuple(compared))


def _comparison(rule: Rule, asked: Outcome, fails: comparisons.Comparison) -> _Compared:
    return _Compared(fails, int(asked), () if asked.lets_through else (rule.code,))
