"""Allocation: a payment set against instalments in a given order, never above what is open or what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradecredit.core.cash_application.candidates import Candidate
    from tradecredit.core.kernel.money import Money


class UnableToAllocateError(UnableToError):
    """The amount asked for cannot be set against the instalment."""

    code = "unable_to_allocate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one instalment takes."""

    item_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """The shares and what remains of the payment; together they are the payment."""

    shares: tuple[Share, ...]
    unapplied: Money


def allocate(*, payment: Money, items: Iterable[Candidate]) -> Allocated:
    """Set the payment against the items one after the other until it is used up.

    100.00 against 60.00 and 70.00 takes 60.00 and 40.00, nothing remains; 150.00 leaves 20.00 unapplied.
    """
    left = payment
    shares: list[Share] = []
    for item in items:
        if not left.is_positive:
            break
        taken = min(left, item.open)
        if taken.is_positive:
            shares.append(Share(item_id=item.item_id, amount=taken))
            left -= taken
    return Allocated(shares=tuple(shares), unapplied=left)


def check_share(*, asked: Money, open_amount: Money, unapplied: Money) -> None:
    """Check an allocation that a person asked for; raises UnableToAllocateError with the three amounts.

    50.00 is fine when 60.00 is open and 50.00 unapplied; 50.01 is refused.
    """
    facts = {"asked": asked.text(), "open": open_amount.text(), "unapplied": unapplied.text()}
    if not asked.is_positive:
        raise UnableToAllocateError(
            Words(
                zh="核销金额必须大于零，本次为 {asked}。请填写要核销的金额",
                en="an allocation is above zero, this one is {asked}; enter the amount to apply",
            ).filled(**facts),
            **facts,
        )
    if asked > open_amount:
        raise UnableToAllocateError(
            Words(
                zh="核销 {asked} 超过该期未清金额 {open}。请减少金额或另选发票",
                en="{asked} is more than the {open} still open; lower it or choose another invoice",
            ).filled(**facts),
            **facts,
        )
    if asked > unapplied:
        raise UnableToAllocateError(
            Words(
                zh="核销 {asked} 超过该笔回款的未核销余额 {unapplied}。请减少金额或使用另一笔回款",
                en="{asked} is more than the {unapplied} left of this payment; lower it or use another payment",
            ).filled(**facts),
            **facts,
        )
