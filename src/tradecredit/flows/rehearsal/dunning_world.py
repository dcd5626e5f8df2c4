"""A world of customers who pay in time, late or never until the end, contest, promise: the same from the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER: Final = 1_000_000
_ISSUED_BEFORE_DUE: Final = 45
_TAIL: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to one invoice, in days from the first day of the play; NEVER where it does not happen."""

    customer: str
    number: str
    amount: Decimal
    due: int
    paid: int
    # Paid after the letters of the day were written and before they leave.
    is_paid_late_in_the_day: bool
    disputed: int = NEVER
    settled: int = NEVER
    promised: int = NEVER
    promised_for: int = NEVER

    @property
    def issued(self) -> int:
        """Return the day of the invoice."""
        return self.due - _ISSUED_BEFORE_DUE

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but the due day and the payment ever happens to it."""
        return self.disputed == NEVER and self.promised == NEVER

    def is_contested(self, day: int) -> bool:
        """Tell whether a dispute is open on the day."""
        return self.disputed <= day < self.settled

    def is_promised(self, day: int, *, grace_days: int) -> bool:
        """Tell whether a promise is not yet due on the day."""
        return self.promised <= day <= self.promised_for + grace_days


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The fates of all invoices, and how many days are played; by the last day everything is paid."""

    seed: int
    days: int
    fates: tuple[Fate, ...]

    @property
    def plain(self) -> tuple[Fate, ...]:
        """Return the only invoices of customers to whom nothing else happens: their days can be told beforehand."""
        counted: dict[str, int] = {}
        for fate in self.fates:
            counted[fate.customer] = counted.get(fate.customer, 0) + 1
        return tuple(fate for fate in self.fates if fate.is_plain and counted[fate.customer] == 1)


def invent(*, seed: int, days: int, codes: Sequence[str]) -> World:
    """Invent one to five invoices a customer; a third are paid in time, a third late, the rest at the very end."""
    draw = random.Random(seed)  # noqa: S311 - a seeded world, no secret
    fates = tuple(
        _fate(draw, code=code, number=f"{code}-{line + 1}", days=days)
        for code in codes
        for line in range(draw.choice((1, 1, 1, 2, 3, 5)))
    )
    return World(seed=seed, days=days, fates=fates)


def _fate(draw: random.Random, *, code: str, number: str, days: int) -> Fate:
    last = days - _TAIL
    due = draw.randrange(8, max(last * 3 // 4, 9))
    paid = min(draw.choice((due - draw.randrange(0, 8), due + draw.randrange(0, 60), last, last)), last)
    disputed = settled = promised = promised_for = NEVER
    lot = draw.randrange(10)
    if lot < 2:  # noqa: PLR2004 - one in five is contested for a while
        disputed = min(max(due + draw.randrange(-5, 40), 0), last)
        settled = min(disputed + draw.randrange(1, 40), last)
    elif lot < 4:  # noqa: PLR2004 - one in five is promised, not always kept
        promised = min(max(due + draw.randrange(1, 40), 0), last)
        promised_for = promised + draw.randrange(0, 15)
    if paid <= disputed:
        disputed = settled = NEVER
    if paid <= promised:
        promised = promised_for = NEVER
    return Fate(
        customer=code,
        number=number,
        amount=Decimal(draw.randrange(20_000, 90_000_000)) / 100,
        due=due,
        paid=paid,
        is_paid_late_in_the_day=draw.random() < 1 / 4,
        disputed=disputed,
        settled=min(settled, paid) if disputed != NEVER else NEVER,
        promised=promised,
        promised_for=promised_for,
    )
