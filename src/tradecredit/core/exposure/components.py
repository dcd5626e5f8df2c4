"""The stages of exposure: an obligation is in exactly one of them, so nothing is counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureParts:
    """The amounts of one credit account by stage, all in one currency.

    ``unapplied`` is cash received and not yet matched, so it is zero or negative; ``reserved`` is held for documents
    that passed a check and are not yet posted; ``disputed`` tells how much of ``billed`` is disputed and is no
    amount of its own.
    """

    ordered: Money
    delivered: Money
    billed: Money
    bill: Money
    unapplied: Money
    reserved: Money
    disputed: Money

    def __post_init__(self) -> None:
        currency = self.ordered.currency
        for name in PART_NAMES:
            part: Money = getattr(self, name)
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
        return {name: getattr(self, name).text() for name in PART_NAMES}


def none_in(currency: str) -> ExposureParts:
    """Return parts that are all zero."""
    zero = Money.zero(currency)
    return ExposureParts(**dict.fromkeys(PART_NAMES, zero))


def of(amounts: Mapping[str, str], currency: str) -> ExposureParts:
    """Build parts from plain texts by name; a stage that is not named is zero."""
    unknown = set(amounts) - set(PART_NAMES)
    if unknown:
        raise ValueError(f"no such part of exposure: {', '.join(sorted(unknown))}")
    return ExposureParts(**{name: Money.of(amounts.get(name, "0"), currency) for name in PART_NAMES})


def _combined(left: ExposureParts, right: ExposureParts, *, sign: int) -> ExposureParts:
    return ExposureParts(
        **{name: getattr(left, name) + getattr(right, name).times(sign) for name in PART_NAMES}
    )
