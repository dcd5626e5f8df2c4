"""The stages of exposure: an obligation is in exactly one of them, so nothing is counted twice."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.money import CurrencyMismatchError, Money

if TYPE_CHECKING:
    from collections.abc import Mapping


class Stage(StrEnum):
    """Where an obligation stands on its way from order to cash."""

    ORDERED = "ordered"
    DELIVERED = "delivered"
    BILLED = "billed"
    BILL = "bill"
    UNAPPLIED = "unapplied"


PART_NAMES: Final = (*(stage.value for stage in Stage), "reserved", "disputed")
# The stages that cash for one order pays for, in this order.
PAID_STAGES: Final = ("delivered", "ordered", "reserved")
_BILL: Final = "bill."
_COVER: Final = "cover."
_EARMARKED: Final = "earmarked"
_PAID: Final = "paid."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureParts:
    """The amounts of one credit account by stage, all in one currency.

    ``unapplied`` is cash received and not yet matched, so it is zero or negative; ``reserved`` is held for documents
    that passed a check and are not yet posted; ``disputed`` tells how much of ``billed`` is disputed and is no
    amount of its own, and neither is what follows. ``bills`` tells of whom the bills inside ``bill`` are and what was
    done with them (``commercial.held``), ``earmarked`` how much of the cash inside ``unapplied`` is for one order
    only (zero or more), ``paid`` how much of that pays for what its order counts, by the stage in which it counts,
    ``covers`` what stands behind the debt by kind (``insurance``), after its haircut.
    """

    ordered: Money
    delivered: Money
    billed: Money
    bill: Money
    unapplied: Money
    reserved: Money
    disputed: Money
    bills: Mapping[str, Money] = field(default_factory=dict)
    covers: Mapping[str, Money] = field(default_factory=dict)
    earmarked: Money | None = None
    paid: Mapping[str, Money] = field(default_factory=dict)

    def __post_init__(self) -> None:
        currency = self.ordered.currency
        for name in PART_NAMES:
            part: Money = getattr(self, name)
            if part.currency != currency:
                raise CurrencyMismatchError(currency, part.currency)
        for part in (
            *self.bills.values(),
            *self.covers.values(),
            *self.paid.values(),
            self.earmarked_cash,
        ):
            if part.currency != currency:
                raise CurrencyMismatchError(currency, part.currency)
        if self.unapplied.is_positive:
            raise ValueError("unapplied cash reduces exposure: it is zero or negative")
        if self.reserved.amount < 0:
            raise ValueError("a reserved amount is never negative")

    @property
    def currency(self) -> str:
        """Return the account's currency."""
        return self.ordered.currency

    @property
    def earmarked_cash(self) -> Money:
        """Return the cash that covers one order only; zero when there is none."""
        return Money.zero(self.currency) if self.earmarked is None else self.earmarked

    @property
    def total(self) -> Money:
        """Return everything counted once; disputed is inside billed already.

        400,000 billed, 50,000 ordered, 20,000 reserved and 54,000 unapplied make 416,000.
        """
        return self.ordered + self.delivered + self.billed + self.bill + self.unapplied + self.reserved

    def less(self, own: ExposureParts) -> ExposureParts:
        """Take out what is counted already for the document being checked."""
        return _combined(self, own, sign=-1)

    def plus(self, other: ExposureParts) -> ExposureParts:
        """Add another set of amounts, stage by stage."""
        return _combined(self, other, sign=1)

    def as_dict(self) -> dict[str, str]:
        """Return the amounts as plain texts for recording."""
        found = {name: getattr(self, name).text() for name in PART_NAMES}
        found |= {f"{_BILL}{kind}": amount.text() for kind, amount in sorted(self.bills.items())}
        found |= {f"{_COVER}{kind}": amount.text() for kind, amount in sorted(self.covers.items())}
        if not self.earmarked_cash.is_zero:
            found[_EARMARKED] = self.earmarked_cash.text()
        found |= {f"{_PAID}{stage}": amount.text() for stage, amount in sorted(self.paid.items())}
        return found


def none_in(currency: str) -> ExposureParts:
    """Return parts that are all zero."""
    amounts: dict[str, Any] = dict.fromkeys(PART_NAMES, Money.zero(currency))
    return ExposureParts(**amounts)


def of(amounts: Mapping[str, str], currency: str) -> ExposureParts:
    """Build parts from plain texts by name; a stage that is not named is zero."""
    beside = {name for name in amounts if name == _EARMARKED or name.startswith((_BILL, _COVER, _PAID))}
    unknown = set(amounts) - set(PART_NAMES) - beside
    if unknown:
        raise ValueError(f"no such part of exposure: {', '.join(sorted(unknown))}")
    return ExposureParts(
        **{name: Money.of(amounts.get(name, "0"), currency) for name in PART_NAMES},
        bills=_named(amounts, _BILL, currency),
        covers=_named(amounts, _COVER, currency),
        earmarked=_earmarked(amounts, currency),
        paid=_named(amounts, _PAID, currency),
    )


def _earmarked(amounts: Mapping[str, str], currency: str) -> Money | None:
    found = Money.of(amounts.get(_EARMARKED, "0"), currency)
    return None if found.is_zero else found


def with_securities(
    parts: ExposureParts,
    *,
    bills: Mapping[str, Money],
    covers: Mapping[str, Money],
    earmarked: Money,
    paid: Mapping[str, Money],
) -> ExposureParts:
    """Return the parts with what is known of bills, covers and earmarked cash."""
    return dataclasses.replace(
        parts,
        bills=bills,
        covers=covers,
        earmarked=None if earmarked.is_zero else earmarked,
        paid={stage: amount for stage, amount in paid.items() if not amount.is_zero},
    )


def with_paid(own: ExposureParts) -> ExposureParts:
    """Return a document's own parts with what its earmarked cash pays for of them.

    First for goods that left, then for what is ordered, then for the room that is kept; never for more than they are.
    Cash of 70,000 for 40,000 delivered and 60,000 ordered pays for all of the first and 30,000 of the second.
    """
    left, paid = own.earmarked_cash, {}
    for stage in PAID_STAGES:
        part: Money = getattr(own, stage)
        taken = max(min(left, part), Money.zero(own.currency))
        if not taken.is_zero:
            paid[stage] = taken
        left -= taken
    return dataclasses.replace(own, paid=paid)


def _named(amounts: Mapping[str, str], prefix: str, currency: str) -> dict[str, Money]:
    return {
        name.removeprefix(prefix): Money.of(amount, currency)
        for name, amount in amounts.items()
        if name.startswith(prefix)
    }


def _combined(left: ExposureParts, right: ExposureParts, *, sign: int) -> ExposureParts:
    earmarked = left.earmarked_cash + right.earmarked_cash.times(sign)
    return ExposureParts(
        **{name: getattr(left, name) + getattr(right, name).times(sign) for name in PART_NAMES},
        # A document has bills and covers of its own in no case: they stay with the account.
        bills=left.bills or right.bills,
        covers=left.covers or right.covers,
        earmarked=None if earmarked.is_zero else earmarked,
        paid={} if left.earmarked is None and right.earmarked is None else _paid(left, right, sign=sign),
    )


def _paid(left: ExposureParts, right: ExposureParts, *, sign: int) -> dict[str, Money]:
    zero = Money.zero(left.currency)
    found = {
        stage: left.paid.get(stage, zero) + right.paid.get(stage, zero).times(sign)
        for stage in sorted({*left.paid, *right.paid})
    }
    return {stage: amount for stage, amount in found.items() if not amount.is_zero}
