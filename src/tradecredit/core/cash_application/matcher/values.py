"""What the matcher is given and what it answers; amounts are whole numbers of ten-thousandths, exact and quick to add."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.reasons import Words

_SCALE: Final = 10_000


def units(amount: Decimal) -> int:
    """Return an amount in ten-thousandths: 12.34 is 123400."""
    return int(amount * _SCALE)


def amount(value: int) -> Decimal:
    """Return ten-thousandths as an amount: 123400 is 12.34."""
    return Decimal(value) / _SCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An instalment with something open, and every number by which a payer may name it; or what a credit note has left."""

    item_id: str
    customer: str
    number: str
    due_date: date
    open: int
    order_number: str = ""
    contract_number: str = ""
    is_disputed: bool = False
    is_credit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer as a payer: its names, and the group whose members pay for each other."""

    key: str
    code: str
    name: str
    other_names: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceLine:
    """One line of a remittance advice: so much of the payment is for this document."""

    number: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money that came in, as the bank tells it; ``customer`` when it is known who paid."""

    payment_id: str
    currency: str
    amount: int
    paid_on: date
    payer_name: str = ""
    payer_account: str = ""
    text: str = ""
    customer: str = ""
    advice: tuple[AdviceLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A customer who may have paid, and by which kind of evidence (``detail`` is what was seen)."""

    customer: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one item takes of the payment, or of the credit note that the payer has deducted."""

    item_id: str
    amount: int
    credit_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to set the payment against items: its evidence by kinds, in words, and its probability.

    ``gap`` is what the payment lacks (above zero) or has too much (below) against what it is set against;
    ``reason`` says what the gap is.
    """

    customer: str
    payer: str
    reference: str
    fit: str
    rivals: str
    shares: tuple[Share, ...]
    gap: int = 0
    reason: str = ""
    probability: Decimal = Decimal(0)
    words: Words | None = None

    @property
    def signature(self) -> str:
        """Return the kinds of evidence as one word, by which past matches are counted."""
        return f"{self.payer}/{self.reference}/{self.fit}/{self.rivals}"

    @property
    def items(self) -> frozenset[str]:
        """Return which items it settles."""
        return frozenset(share.item_id for share in self.shares)

    @property
    def needed(self) -> dict[str, int]:
        """Return by item, and by credit note, how much of it has to be open."""
        found: dict[str, int] = {}
        for share in self.shares:
            for key in filter(None, (share.item_id, share.credit_id)):
                found[key] = found.get(key, 0) + share.amount
        return found

    @property
    def paid(self) -> int:
        """Return how much of the payment it takes: what is set off against credit notes is not paid."""
        return sum(share.amount for share in self.shares if not share.credit_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The ways found for a payment, the likeliest first; ``is_sure`` when the first may be booked without a person.

    ``payer`` is the customer who paid where that is certain, whatever it paid for.
    """

    payment_id: str
    ways: tuple[Way, ...]
    is_sure: bool
    payer: Guess | None
    words: Words
