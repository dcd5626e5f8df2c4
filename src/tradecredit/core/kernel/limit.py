"""A limit is a tagged value: not set, unlimited, or an amount. Zero means zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True)
class NotSet:
    """Nobody has granted anything yet: trade is cash, and a check goes to a person."""


@dataclass(frozen=True, slots=True)
class Unlimited:
    """Somebody decided, on record, that this account is not limited."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A granted amount; ``Amount(Money.of("0", "CNY"))`` grants nothing."""

    money: Money


Limit = NotSet | Unlimited | Amount


def headroom(*, limit: Limit, exposure: Money) -> Limit:
    """Return what is left of the limit: an amount (may be negative), unlimited, or not set."""
    match limit:
        case Amount(money):
            return Amount(money - exposure)
        case Unlimited() | NotSet():
            return limit
        case _:
            assert_never(limit)


def kind_of(limit: Limit) -> str:
    """Return the stored tag: ``not_set``, ``unlimited`` or ``amount``."""
    match limit:
        case Amount():
            return "amount"
        case Unlimited():
            return "unlimited"
        case NotSet():
            return "not_set"
        case _:
            assert_never(limit)


def text(limit: Limit) -> str:
    """Return the limit as it stands in files and JSON: ``"50000.00"``, ``"unlimited"`` or ``"not set"``."""
    match limit:
        case Amount(money):
            return money.text()
        case Unlimited():
            return "unlimited"
        case NotSet():
            return "not set"
        case _:
            assert_never(limit)
