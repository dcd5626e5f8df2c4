"""What security is worth on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.limits import cover
from tradecredit.core.limits.cover import Cover

YEAR = Validity(date(2026, 1, 1), date(2027, 1, 1))
RATES = {"guarantee": Decimal("0.8")}


class TestWorth:
    def test_counts_covers_of_the_day_and_currency_at_their_rates(self):
        covers = [
            Cover(kind="guarantee", amount=Money.of("100000", "CNY"), validity=YEAR),
            Cover(kind="guarantee", amount=Money.of("100000", "USD"), validity=YEAR),
            Cover(kind="promise", amount=Money.of("100000", "CNY"), validity=YEAR),
        ]

        assert cover.worth(covers, rates=RATES, as_of=date(2026, 12, 31), currency="CNY") == Money.of(
            "80000", "CNY"
        )

    def test_counts_nothing_after_the_end(self):
        covers = [Cover(kind="guarantee", amount=Money.of("100000", "CNY"), validity=YEAR)]

        assert cover.worth(covers, rates=RATES, as_of=date(2027, 1, 1), currency="CNY").is_zero
