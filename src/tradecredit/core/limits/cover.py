"""Security behind a line: what guarantees, collateral and insurance are worth on a day, at policy's rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.kernel.periods import Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """One security: its kind (guarantee, collateral, insurance …), its amount and its time."""

    kind: str
    amount: Money
    validity: Validity


def worth(covers: Iterable[Cover], *, rates: Mapping[str, Decimal], as_of: date, currency: str) -> Money:
    """Return what the covers of the currency count for on the day; a kind without a rate counts for nothing.

    A guarantee of 100,000 at rate 0.8 is worth 80,000.
    """
    value = Money.zero(currency)
    for cover in covers:
        if cover.amount.currency == currency and cover.validity.holds_on(as_of) and cover.kind in rates:
            value += cover.amount.times(rates[cover.kind])
    return value.rounded_down()
