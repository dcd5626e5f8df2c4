from datetime import date
from decimal import Decimal

from core.receivables.books import cny, entry, instalment
from tradecredit.core.receivables import late_interest

RATE = Decimal("0.0005")
DUE = date(2025, 1, 31)


def interest(*entries, until: date, charged: date | None = None, amount: str = "10000.00"):
    return late_interest.accrued(
        instalment=instalment(amount, *entries, due=DUE), until=until, daily_rate=RATE, charged_until=charged
    )


class TestAccrued:
    def test_counts_the_days_after_the_due_day(self) -> None:
        assert interest(until=date(2025, 3, 2)) == cny("150.00")
        assert interest(until=date(2025, 2, 1)) == cny("5.00")
        assert interest(until=DUE) == cny("0")

    def test_bears_on_the_rest_from_the_day_of_a_payment(self) -> None:
        # Ten days of 10,000.00, then twenty of 4,000.00.
        assert interest(entry("6000.00", date(2025, 2, 11)), until=date(2025, 3, 2)) == cny("90.00")

    def test_ends_with_the_debt(self) -> None:
        paid = entry("10000.00", date(2025, 2, 11))

        assert interest(paid, until=date(2026, 1, 1)) == cny("50.00")

    def test_never_charges_a_day_twice(self) -> None:
        whole = interest(until=date(2025, 3, 2))
        first = interest(until=date(2025, 2, 10))
        rest = interest(until=date(2025, 3, 2), charged=date(2025, 2, 10))

        assert first + rest == whole
        assert interest(until=date(2025, 2, 10), charged=date(2025, 2, 10)) == cny("0")

    def test_leaves_out_what_was_paid_on_the_due_day(self) -> None:
        assert interest(entry("10000.00", DUE), until=date(2025, 3, 2)) == cny("0")

    def test_rounds_once(self) -> None:
        assert interest(until=date(2025, 2, 3), amount="3.33") == cny("0.00")
        assert interest(until=date(2025, 2, 4), amount="3.33") == cny("0.01")
