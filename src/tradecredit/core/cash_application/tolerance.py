"""Tolerance: when a payment that is a little too small or too large may still be meant for an amount."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """At most an amount (by currency; none given means nothing) and at most a percentage of what is expected."""

    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Both sides apart: paying too little is not the mirror of paying too much."""

    short: Allowance = field(default_factory=Allowance)
    over: Allowance = field(default_factory=Allowance)


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
