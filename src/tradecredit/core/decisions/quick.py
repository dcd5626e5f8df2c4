"""The verdict on a plain order in whole numbers, prepared once for a standing and a policy.

Of all that an order's verdict rests on, only its amount and the account's balances change from order to order. So
every check that looks at neither is made once, by the ordinary function, and what remains is a few comparisons.
The ordinary evaluation stays the one that counts: this one must agree with it, and says nothing where it cannot.

Note [Amounts as whole numbers]
An amount is counted in ten-thousandths of the currency, the precision of the books, so that sums and comparisons are
exact and cheap. A share is a fraction, and a product is compared crosswise, so that nothing is rounded.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from itertools import compress
from operator import attrgetter, not_
from typing import TYPE_CHECKING, Final, NamedTuple

from tradecredit.core.decisions import comparisons, evaluate, quick_tables
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.outcome import CheckState
from tradecredit.core.decisions.policy import TABLE
from tradecredit.core.exposure.components import PART_NAMES
from tradecredit.core.kernel.limit import Amount, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import CheckResult
    from tradecredit.core.decisions.policy import OrderControl, Rule
    from tradecredit.core.exposure.headroom import Headroom

# A check that is in neither set is one that this module does not know: the ordinary evaluation decides then.
CONSTANT: Final = frozenset(
    {
        *("customer_active", "line_set", "line_valid", "overdue_days", "overdue_share", "oldest_open_item"),
        *("grade_refused", "terms_days", "rating_present", "freeze", "high_risk", "alert_level"),
        # An order is no invoice; without levels above the account the others have nothing to look at.
        *("invoice_for_delivered", "control_nodes", "control_node_utilisation", "concentration"),
    }
)
_USUAL_DIGITS: Final = 2
_EVERY_STAGE: Final = (True, True, True, True, True)
_COUNTED: Final = attrgetter(
    *(f"counts_{name}" for name in ("ordered", "delivered", "billed", "bill", "unapplied"))
)
# More than any amount that can be stored, so that whatever can fail for its size fails for this one.
_HUGE: Final = Decimal(10) ** 18


class Balances(NamedTuple):
    """The stages of an account in ten-thousandths."""

    ordered: int
    delivered: int
    billed: int
    bill: int
    unapplied: int
    reserved: int

    @property
    def total(self) -> int:
        """Return everything counted once."""
        return sum(self)

    def taking(self, amount: int) -> Balances:
        """Return the stages after room was kept for an amount."""
        ordered, delivered, billed, bill, unapplied, reserved = self
        return Balances(ordered, delivered, billed, bill, unapplied, reserved + amount)


class Quick(NamedTuple):
    """What the comparisons say: the outcome, which rules failed (by place), and the room in ten-thousandths.

    ``before`` and ``after`` are None where the line is no amount. ``ceiling`` is what the account's total may reach,
    None where the verdict does not rest on the room.
    """

    outcome: Outcome
    failed: tuple[int, ...]
    before: int | None
    after: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class _Compared:
    """One check that looks at the amount: its place among the rules and what failing means."""

    place: int
    outcome: Outcome
    fails: comparisons.Comparison


@dataclass(frozen=True, slots=True)
class _Class:
    """Documents of one size class: what is settled already, what is still to be compared, and tables to be looked into."""

    settled: Outcome
    settled_failures: tuple[int, ...]
    compared: tuple[_Compared, ...]
    tables: tuple[tuple[int, quick_tables.Verdict], ...]
    is_anything_checked: bool
    is_bound_by_room: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about a plain order but its amount and the balances."""

    line: int | None
    counts: tuple[bool, bool, bool, bool, bool]
    disputed: int
    small_at_most: int
    small: _Class
    large: _Class

    def decide(self, amount: int, balances: Balances) -> Quick | None:
        """Return the verdict on an order that takes an amount above zero; None for any other."""
        if amount <= 0:
            return None
        found = self.small if amount <= self.small_at_most else self.large
        total = sum(balances)
        left_out = 0 if self.counts is _EVERY_STAGE else sum(compress(balances, map(not_, self.counts)))
        exposure = total - left_out - self.disputed
        before = None if self.line is None else self.line - exposure
        outcome, failed = found.settled, found.settled_failures
        for one in found.compared:
            if one.fails(amount, exposure, before):
                failed = (*failed, one.place)
                outcome = max(outcome, one.outcome)
        for place, asks in found.tables:
            asked = asks(amount, exposure, before)
            if asked is not None:
                failed = (*failed, place)
                outcome = max(outcome, asked)
        if not found.is_anything_checked:
            outcome = Outcome.REVIEW
        if before is None:
            return Quick(outcome, failed, None, None, None)
        is_bound = found.is_bound_by_room and amount <= before
        return Quick(outcome, failed, before, before - amount, total + before if is_bound else None)


def units(amount: Decimal) -> int:
    """Return an amount in ten-thousandths: 120,000.00 is 1,200,000,000; see Note [Amounts as whole numbers]."""
    scaled = amount.scaleb(4)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} is finer than the books keep")
    return whole


def prepare(facts: CreditFacts, policy: OrderControl) -> Prepared | None:
    """Prepare the verdicts on plain orders; None where only the ordinary evaluation can decide.

    The facts are those of any order of the account: its amount, its reference and the balances are not looked at.
    """
    if not is_plain(facts):
        return None
    room = evaluate.headroom_of(facts, policy)
    facts = sized(facts, _HUGE)
    failing = tuple(evaluate.results_of(facts, policy, room))
    most = _small(facts, policy)
    large = _class(facts, policy, room, at_most=failing, failing=failing)
    at_most = failing if most == _HUGE else tuple(evaluate.results_of(sized(facts, most), policy, room))
    small = _class(facts, policy, room, at_most=at_most, failing=failing)
    if small is None or large is None:
        return None
    measure = policy.measure
    is_less_disputed = measure.counts_billed and not measure.counts_disputed
    return Prepared(
        line=units(room.limit.money.amount) if isinstance(room.limit, Amount) else None,
        counts=_EVERY_STAGE if (counts := _COUNTED(measure)) == _EVERY_STAGE else counts,
        disputed=units(facts.exposure.disputed.amount) if is_less_disputed else 0,
        small_at_most=comparisons.floor_units(policy.small_documents.get(facts.currency, Decimal(0))),
        small=small,
        large=large,
    )


def is_plain(facts: CreditFacts) -> bool:
    """Tell whether the facts are those of an order that is new, not prepaid, on an account with nothing above it."""
    is_new = facts.release is None and all(getattr(facts.own, name).is_zero for name in PART_NAMES)
    is_order = facts.request.control_point is ControlPoint.ORDER and facts.prepaid.is_zero
    # What stands behind bills and debts, and cash for one order, is weighed by policy: no whole number of a stage.
    exposure = facts.exposure
    is_unsecured = not exposure.bills and not exposure.covers and exposure.earmarked_cash.is_zero
    is_alone = not facts.nodes and is_unsecured and "exposure" not in facts.unknowns
    is_by_policy = not facts.settings and facts.outlook is None and not facts.customer.sold_to
    return is_order and is_new and is_alone and is_by_policy


def _small(facts: CreditFacts, policy: OrderControl) -> Decimal:
    small = policy.small_documents.get(facts.currency)
    return _HUGE if small is None or small <= 0 else small


def sized(facts: CreditFacts, amount: Decimal) -> CreditFacts:
    """Return the facts of a document of an amount."""
    request = dataclasses.replace(facts.request, amount=Money(amount, facts.currency))
    return dataclasses.replace(facts, request=request)


def _class(
    facts: CreditFacts,
    policy: OrderControl,
    room: Headroom,
    *,
    at_most: Sequence[CheckResult],
    failing: Sequence[CheckResult],
) -> _Class | None:
    """Settle what can be settled for documents of a size: the results for the largest of them, and for one that fails.

    None where a check is not known here.
    """
    settled: list[tuple[int, CheckResult]] = []
    compared: list[_Compared] = []
    tables: list[tuple[int, quick_tables.Verdict]] = []
    for place, (rule, found, failed) in enumerate(zip(policy.rules, at_most, failing, strict=True)):
        if is_settled(rule, found):
            settled.append((place, found))
            continue
        if rule.check == TABLE:
            asks = quick_tables.verdict(rule, facts, room, most=evaluate.most_of(facts, policy))
            if asks is None:
                return None
            tables.append((place, asks))
            continue
        found_out = compared_of(rule, facts, policy, room, failed)
        if found_out is None:
            return None
        compared += [_Compared(place, asked, fails) for asked, fails in found_out]
    return _Class(
        settled=max((found.outcome for _, found in settled), default=Outcome.APPROVE),
        settled_failures=tuple(place for place, found in settled if not found.passed),
        compared=tuple(compared),
        tables=tuple(tables),
        is_anything_checked=bool(compared or tables) or any(found.applies for _, found in settled),
        is_bound_by_room=_is_bound(policy.rules, compared, room),
    )


def compared_of(
    rule: Rule, facts: CreditFacts, policy: OrderControl, room: Headroom, failed: CheckResult
) -> tuple[tuple[Outcome, comparisons.Comparison], ...] | None:
    """Return what has to be compared for each amount, with what failing means; None for a check not known here.

    The facts are those of an amount for which the check fails if it can, and ``failed`` is its result.
    """
    if rule.check == TABLE:
        return quick_tables.compared(rule, facts, room, most=evaluate.most_of(facts, policy))
    make = COMPARISONS.get(rule.check)
    return None if make is None else ((failed.outcome, make(rule, facts, room)),)


def is_settled(rule: Rule, found: CheckResult) -> bool:
    """Tell whether a result holds for every amount of its class: it does not look at it, or does not apply."""
    if rule.check in CONSTANT or found.finding.sentence.startswith("rule."):
        return True
    if rule.check == TABLE:
        return quick_tables.is_settled(rule, found.finding)
    return rule.check in COMPARISONS and found.finding.state is CheckState.NOT_APPLICABLE


def _is_bound(rules: Sequence[Rule], compared: Sequence[_Compared], room: Headroom) -> bool:
    checked = any(rules[one.place].check == "headroom" for one in compared)
    return checked and not isinstance(room.limit, Unlimited)


COMPARISONS: Final[dict[str, Callable[[Rule, CreditFacts, Headroom], comparisons.Comparison]]] = {
    "headroom": comparisons.headroom,
    "utilisation": comparisons.utilisation,
    "order_share_of_available": comparisons.order_share_of_available,
    "single_document_maximum": comparisons.single_document_maximum,
    # Nothing is prepaid where the quick verdict is given.
    "order_warning_line": comparisons.single_document_maximum,
    "prepayment": comparisons.prepayment,
}


def amount(counted: int) -> Decimal:
    """Return an amount counted in ten-thousandths as the books keep it."""
    return Decimal(counted).scaleb(-4)


def text(counted: int, *, digits: int) -> str:
    """Return an amount counted in ten-thousandths as `Money.text` writes it: 1,200,000,000 is ``120000.00``."""
    if digits == _USUAL_DIGITS and counted >= 0 and not counted % 100:
        return f"{counted // 10_000}.{counted // 100 % 100:02d}"
    whole, rest = divmod(abs(counted), 10_000)
    decimals = f"{rest:04d}"
    kept = max(digits, len(decimals.rstrip("0")))
    sign = "-" if counted < 0 else ""
    return f"{sign}{whole}.{decimals[:kept]}" if kept else f"{sign}{whole}"
