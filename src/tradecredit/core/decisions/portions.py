"""What some rules of a policy say of any plain order of a standing, in whole numbers.

`quick.prepare` answers one order with everything that its record needs; this answers only which outcome, for very many
orders, and is prepared more cheaply: one evaluation for small documents and one for all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import compact, comparisons, differing, evaluate, quick
from tradecredit.core.decisions import remembered as remembering
from tradecredit.core.decisions.differing import NOTHING_APPLIES, Said
from tradecredit.core.decisions.remembered import Memory, Remembered
from tradecredit.core.kernel.limit import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import CheckResult
    from tradecredit.core.decisions.policy import OrderControl, Rule
    from tradecredit.core.decisions.remembered import Results
    from tradecredit.core.exposure.headroom import Headroom
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.kernel.outcome import Outcome

# Ordered, delivered, billed, bill, unapplied, reserved: each in ten-thousandths, as the decision recorded them.
Stages = tuple[int, int, int, int, int, int]
# More than any amount that can be stored, so that whatever can fail for its size fails for this one.
_HUGE: Final = Decimal(10) ** 18
# The same for all plain orders of a currency: the amount tried is the policy's, and there are no bills and covers.
_SAME: Final = ("request.amount", "exposure.bills", "exposure.covers")
# Preparing with every read written down costs several times as much as without.
_MOST_TRACED: Final = 500
# What an order fails fits one whole number of the machine, a bit each.
_MOST_COMPARED: Final = 60


@dataclass(frozen=True, slots=True)
class Compared:
    """A check that looks at amounts: how it fails, and what failing means.

    ``fails`` takes whole columns of numbers as well where it ``is_of_columns``.
    """

    fails: comparisons.Comparison
    worst: int
    stopping: tuple[str, ...]
    is_of_columns: bool


@dataclass(frozen=True, slots=True)
class Sized:
    """Documents of one size class: what is settled for all of them, and what is compared for each."""

    settled: Said
    compared: tuple[Compared, ...]

    def said(self, failed: Iterable[bool]) -> Said:
        """Return what the rules say of an order, from what its comparisons came to."""
        worst, stopping = self.settled.worst, self.settled.stopping
        for one, is_failed in zip(self.compared, failed, strict=True):
            if is_failed:
                stopping += one.stopping
                worst = max(worst, one.worst)
            elif worst == NOTHING_APPLIES:
                worst = 0
        return Said(worst, stopping)


@dataclass(frozen=True, slots=True)
class Portion:
    """Some rules, prepared for the plain orders of one standing."""

    line: int | None
    counts: tuple[bool, bool, bool, bool, bool]
    disputed: int
    small_at_most: int
    small: Sized
    large: Sized

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
        exposure = self.exposure(stages)
        left = None if self.line is None else self.line - exposure
        return found.said(one.fails(amount, exposure, left) for one in found.compared)

    def exposure(self, stages: Stages) -> int:
        """Return the exposure that balances come to, as the policy measures it; columns of balances give a column."""
        counted = stages[5] - self.disputed
        for is_counted, balance in zip(self.counts, stages, strict=False):
            counted += balance if is_counted else 0
        return counted


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
            self._sized[amount] = quick.sized(self.facts, amount)
        return self._sized[amount]

    def room(self, policy: OrderControl) -> Headroom:
        """Return the equation of headroom without balances, as the policy measures exposure."""
        for measure, room in self._rooms:
            if measure is policy.measure or measure == policy.measure:
                return room
        room = evaluate.headroom_of(self.facts, policy)
        self._rooms.append((policy.measure, room))
        return room


class Portions:
    """The rules of a policy for the plain orders of many standings, with what was prepared before.

    A portion is a pure function of the standing's facts, so it is found again by the fields that its preparation read:
    see Note [Remembered by what was read].
    """

    def __init__(self, policy: OrderControl) -> None:
        """Begin with nothing prepared."""
        self.policy = policy
        self._memory = Memory(policy)
        self._remembered: dict[str, Remembered] = {}

    def of(self, standing: Standing) -> Portion | None:
        """Prepare the rules for a standing's plain orders; None where only each order's facts can tell."""
        if not standing.is_plain:
            return None
        currency = standing.facts.currency
        remembered = self._remembered.setdefault(currency, Remembered(most=_MOST_TRACED))

        def room() -> Headroom:
            return standing.room(self.policy)

        known = remembered.find(standing.facts, room)
        if known is not None:
            portion: Portion | None = known.told
            return portion
        most = self.policy.small_documents.get(currency, Decimal(0))
        large, small = standing.of_size(_HUGE), standing.of_size(most if most > 0 else _HUGE)
        if not remembered.is_full:
            return self._traced(remembered, large, small)
        at_large = self._memory.results(large, room)
        at_small = at_large if small is large else self._memory.results(small, room)
        return _prepared(large, self.policy, room(), at_small=at_small, at_large=at_large)

    def _traced(self, remembered: Remembered, large: CreditFacts, small: CreditFacts) -> Portion | None:
        reads: dict[str, Any] = {}
        large, small = remembering.traced(large, reads), remembering.traced(small, reads)
        room = evaluate.headroom_of(large, self.policy)
        at_large = evaluate.results_of(large, self.policy, room)
        at_small = evaluate.results_of(small, self.policy, room)
        portion = _prepared(large, self.policy, room, at_small=at_small, at_large=at_large)
        remembered.keep({path: value for path, value in reads.items() if path not in _SAME}, portion)
        return portion


def _prepared(
    facts: CreditFacts, policy: OrderControl, room: Headroom, *, at_small: Results, at_large: Results
) -> Portion | None:
    most = comparisons.floor_units(policy.small_documents.get(facts.currency, Decimal(0)))
    small, large = (_sized(facts, policy, room, found, at_large) for found in (at_small, at_large))
    if small is None or large is None:
        return None
    if not small.compared and not large.compared:
        return _settled(most, small, large)
    limit = room.limit
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
        small_at_most=most,
        small=small,
        large=large,
    )


def _settled(most: int, small: Sized, large: Sized) -> Portion:
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
    facts: CreditFacts, policy: OrderControl, room: Headroom, found: Results, failing: Results
) -> Sized | None:
    settled: list[CheckResult] = []
    compared: list[Compared] = []
    for rule, result, failed in zip(policy.rules, found, failing, strict=True):
        if quick.is_settled(rule, result):
            settled.append(result)
            continue
        found_out = quick.compared_of(rule, facts, policy, room, failed)
        if found_out is None:
            return None
        compared += [_comparison(rule, *one) for one in found_out]
    if len(compared) > _MOST_COMPARED:
        return None
    return Sized(differing.summed(tuple(settled)), tuple(compared))


def _comparison(rule: Rule, asked: Outcome, fails: comparisons.Comparison) -> Compared:
    stopping = () if asked.lets_through else (rule.code,)
    return Compared(fails, int(asked), stopping, is_of_columns=rule.check in quick.COMPARISONS)
