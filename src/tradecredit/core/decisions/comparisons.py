"""The comparisons of the quick verdict: each tells whether a check fails for an amount, in whole numbers.

They are made only for checks that apply (`quick.prepare` asks the ordinary function first). Their operators are those of
numbers and of columns alike, so that very many orders can be compared at once.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from tradecredit.core.kernel import money
from tradecredit.core.kernel.limit import Amount

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom

# Amount asked, exposure, what is left of the line (None: not limited by an amount) → whether the check fails.
Comparison = Callable[[int, int, int | None], bool]
_DIGITS = 4


def floor_units(amount: Decimal) -> int:
    """Return the most ten-thousandths that an amount covers."""
    return int(amount.scaleb(_DIGITS).to_integral_value(rounding=ROUND_FLOOR))


def headroom(rule: Rule, facts: CreditFacts, room: Headroom) -> Comparison:
    """Fail when the amount is more than what is left; an account without limit never fails."""
    del rule, facts
    if not isinstance(room.limit, Amount):
        return _never

    def fails(amount: int, exposure: int, left: int | None) -> bool:
        del exposure
        return left is None or amount > left

    return fails


def utilisation(rule: Rule, facts: CreditFacts, room: Headroom) -> Comparison:
    """Fail when exposure with the amount reaches the share of the line."""
    del facts
    if not isinstance(room.limit, Amount):
        return _never
    line = floor_units(room.limit.money.amount)
    part, whole = _ratio(rule)
    reached = line * part

    def fails(amount: int, exposure: int, left: int | None) -> bool:
        del left
        return (exposure + amount) * whole >= reached

    return fails


def order_share_of_available(rule: Rule, facts: CreditFacts, room: Headroom) -> Comparison:
    """Fail when the amount is more than the share of what is left, or nothing is left."""
    del facts, room
    part, whole = _ratio(rule)

    def fails(amount: int, exposure: int, left: int | None) -> bool:
        del exposure
        return left is None or (left <= 0) | (amount * whole > left * part)

    return fails


def single_document_maximum(rule: Rule, facts: CreditFacts, room: Headroom) -> Comparison:
    """Fail when the amount is above the policy's maximum."""
    del room
    most = floor_units(rule.amounts[facts.currency])

    def fails(amount: int, exposure: int, left: int | None) -> bool:
        del exposure, left
        return amount > most

    return fails


def prepayment(rule: Rule, facts: CreditFacts, room: Headroom) -> Comparison:
    """Fail when anything is to be prepaid, since nothing is: 30 % of an amount, rounded to the minor unit."""
    del room
    share = max(rule.share or Decimal(0), facts.line.prepayment_share or Decimal(0))
    part, whole = share.as_integer_ratio()
    minor: int = 10 ** (_DIGITS - money.minor_digits(facts.currency))

    def fails(amount: int, exposure: int, left: int | None) -> bool:
        del exposure, left
        return 2 * amount * part >= whole * minor

    return fails


def _never(amount: int, exposure: int, left: int | None) -> bool:
    del amount, exposure, left
    return False


def _ratio(rule: Rule) -> tuple[int, int]:
    return (rule.share or Decimal(0)).as_integer_ratio()
