"""Tolerance: when a payment that is a little too small or too large may still be meant for an amount."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping

Verdict = Literal["exact", "short_within", "short_beyond", "over_within", "over_beyond"]
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """At most an amount (by currency; none given means nothing) and at most a percentage of what is expected."""

    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    percent: Decimal = Decimal(0)

    def limit_for(self, expected: Money) -> Money:
        """Return the smaller of both: 5.00 and 1 % of 300.00 allow 3.00."""
        by_amount = self.amounts.get(expected.currency, Decimal(0))
        by_percent = expected.amount * self.percent / _HUNDRED
        return Money(min(by_amount, by_percent), expected.currency).rounded_down()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Both sides apart: paying too little is not the mirror of paying too much."""

    short: Allowance = field(default_factory=Allowance)
    over: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far the payment is from what was expected; ``gap`` is never negative."""

    verdict: Verdict
    gap: Money

    @property
    def is_tolerated(self) -> bool:
        """Tell whether the payment is exact or within the allowance of its side."""
        return self.verdict in ("exact", "short_within", "over_within")


def judge(*, paid: Money, expected: Money, tolerance: Tolerance) -> Difference:
    """Compare a payment with the amount expected; a gap equal to the allowance is within it.

    With 5.00 and 1 % allowed short, 297.00 for 300.00 is short within, 296.99 is short beyond.
    """
    gap = expected - paid
    if gap.is_zero:
        return Difference(verdict="exact", gap=gap)
    if gap.is_positive:
        within = gap <= tolerance.short.limit_for(expected)
        return Difference(verdict="short_within" if within else "short_beyond", gap=gap)
    within = -gap <= tolerance.over.limit_for(expected)
    return Difference(verdict="over_within" if within else "over_beyond", gap=-gap)


def parse(section: Mapping[str, Any]) -> Tolerance:
    """Read ``{short: {amounts: {CNY: "5.00"}, percent: "1"}, over: {…}}``; raises PolicyError."""
    return Tolerance(
        short=_parse_side("receivables.matching.tolerance.short", section.get("short", {})),
        over=_parse_side("receivables.matching.tolerance.over", section.get("over", {})),
    )


def _parse_side(path: str, side: Mapping[str, Any]) -> Allowance:
    amounts = {
        currency: _not_negative(f"{path}.amounts.{currency}", value)
        for currency, value in side.get("amounts", {}).items()
    }
    return Allowance(amounts=amounts, percent=_not_negative(f"{path}.percent", side.get("percent", "0")))


def _not_negative(path: str, value: Any) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str | int) else None
    except ArithmeticError:
        number = None
    if number is None or not number.is_finite() or number < 0:
        raise PolicyError(path, f'{value!r} is not a number of zero or more, written as text such as "5.00"')
    return number
