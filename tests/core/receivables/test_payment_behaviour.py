from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.receivables.books import ALL_HISTORY, cny, entry, instalment, paid
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.receivables import payment_behaviour
from tradecredit.core.receivables.payment_behaviour import Behaviour, BehaviourPolicy

TODAY = date(2025, 6, 30)
MARCH = date(2025, 3, 15)


def measured(*books, as_of: date = TODAY, policy: BehaviourPolicy = ALL_HISTORY, **more) -> Behaviour:
    return payment_behaviour.measure(instalments=books, policy=policy, as_of=as_of, currency="CNY", **more)


class TestMeasure:
    def test_knows_nothing_without_data(self) -> None:
        assert measured() == Behaviour(currency="CNY", sample_size=0)

    def test_judges_nothing_before_the_due_day_has_passed(self) -> None:
        behaviour = measured(instalment("100.00", issued=date(2025, 6, 1), due=TODAY))

        assert behaviour.sample_size == 0
        assert behaviour.on_time_rate_by_amount is None
        assert behaviour.overdue_count is None
        assert behaviour.invoice_count == 1

    def test_weighs_time_by_amount_and_by_count(self) -> None:
        behaviour = measured(
            paid("100.00", late=0, due=MARCH, number="INV-1"),
            paid("300.00", late=10, due=MARCH, number="INV-2"),
        )

        assert behaviour.on_time_rate_by_amount == Decimal("0.2500")
        assert behaviour.on_time_rate_by_count == Decimal("0.5000")
        assert behaviour.average_days_late == Decimal("5.0000")
        assert behaviour.weighted_days_late == Decimal("7.5000")
        assert behaviour.weighted_days_to_pay == Decimal("37.5000")
        assert behaviour.max_days_late == 10
        assert behaviour.overdue_count == 1
        assert behaviour.open_overdue_count == 0
        assert behaviour.max_overdue_amount == cny("300.00")

    def test_counts_unpaid_due_items_as_late(self) -> None:
        behaviour = measured(instalment("80.00", entry("30.00", TODAY), due=TODAY - timedelta(days=4)))

        assert behaviour.on_time_rate_by_amount == Decimal(0)
        assert behaviour.overdue_count == 1
        assert behaviour.open_overdue_count == 1
        assert behaviour.open_overdue_amount == cny("50.00")
        assert behaviour.max_overdue_amount == cny("80.00")
        assert behaviour.max_days_late == 4

    def test_credits_early_payers_only_in_the_signed_average(self) -> None:
        behaviour = measured(paid("100.00", late=-6, due=MARCH, number="INV-1"))

        assert behaviour.weighted_days_late == Decimal(-6)
        assert behaviour.weighted_days_delinquent == Decimal(0)
        assert behaviour.average_days_late == Decimal(0)

    def test_credits_the_part_that_came_in_time(self) -> None:
        part_late = instalment("100.00", entry("75.00", MARCH), entry("25.00", date(2025, 4, 1)), due=MARCH)

        behaviour = measured(part_late)

        assert behaviour.on_time_rate_by_amount == Decimal("0.7500")
        assert behaviour.on_time_rate_by_count == Decimal(0)
        assert behaviour.max_overdue_amount == cny("25.00")

    def test_forgets_what_a_credit_note_took_off(self) -> None:
        credited = instalment("100.00", entry("100.00", MARCH, kind="credit"), number="INV-1", due=MARCH)
        partly = instalment(
            "100.00",
            entry("60.00", TODAY, kind="credit"),
            entry("40.00", MARCH),
            number="INV-2",
            due=MARCH,
        )

        behaviour = measured(credited, partly)

        assert behaviour.sample_size == 1
        assert behaviour.on_time_rate_by_amount == Decimal(1)
        assert behaviour.max_days_late == 0

    def test_takes_a_reversed_payment_as_never_made(self) -> None:
        unpaid = instalment(
            "100.00",
            entry("100.00", MARCH),
            entry("-100.00", MARCH, recorded_at=datetime(2025, 5, 1, tzinfo=UTC)),
            due=MARCH,
        )

        known_then = measured(unpaid, known_at=datetime(2025, 4, 1, tzinfo=UTC))

        assert known_then.on_time_rate_by_count == Decimal(1)
        assert measured(unpaid).on_time_rate_by_count == Decimal(0)

    def test_dates_settlement_by_the_money_that_still_holds(self) -> None:
        repaired = instalment(
            "100.00",
            entry("100.00", date(2025, 4, 30)),
            entry("-100.00", date(2025, 4, 30)),
            entry("100.00", MARCH),
            due=MARCH,
        )

        assert measured(repaired).on_time_rate_by_count == Decimal(1)

    def test_sees_a_customer_getting_slower(self) -> None:
        behaviour = measured(
            paid("100.00", late=0, due=date(2025, 2, 1), number="INV-1"),
            paid("100.00", late=9, due=date(2025, 6, 1), number="INV-2"),
        )

        assert (behaviour.trend_days, behaviour.trend) == (Decimal(9), "slower")

    def test_sees_a_customer_getting_faster(self) -> None:
        behaviour = measured(
            paid("100.00", late=9, due=date(2025, 2, 1), number="INV-1"),
            paid("100.00", late=0, due=date(2025, 6, 1), number="INV-2"),
        )

        assert (behaviour.trend_days, behaviour.trend) == (Decimal(-9), "faster")

    @pytest.mark.parametrize(("late", "trend"), [(2, "steady"), (3, "slower")])
    def test_calls_a_small_change_steady(self, late: int, trend: str) -> None:
        behaviour = measured(
            paid("100.00", late=0, due=date(2025, 2, 1), number="INV-1"),
            paid("100.00", late=late, due=date(2025, 6, 1), number="INV-2"),
        )

        assert behaviour.trend == trend

    def test_has_no_trend_without_two_periods(self) -> None:
        assert measured(paid("100.00", late=9, due=date(2025, 6, 1), number="INV-1")).trend is None

    def test_counts_the_run_of_items_in_time_since_the_latest_late_one(self) -> None:
        behaviour = measured(
            paid("1.00", late=0, due=date(2025, 1, 31), number="INV-1"),
            paid("1.00", late=1, due=date(2025, 2, 28), number="INV-2"),
            paid("1.00", late=0, due=date(2025, 3, 31), number="INV-3"),
            paid("1.00", late=-3, due=date(2025, 4, 30), number="INV-4"),
        )

        assert behaviour.on_time_streak == 2

    def test_counts_invoices_and_amounts_by_month(self) -> None:
        first_part = instalment("60.00", number="INV-1", issued=date(2025, 4, 30))
        second_part = instalment("40.00", number="INV-1", issued=date(2025, 4, 30), item_id="INV-1/2")
        other = instalment("20.01", number="INV-2", issued=date(2025, 6, 1))

        behaviour = measured(first_part, second_part, other)

        assert behaviour.invoice_count == 2
        assert behaviour.invoiced_amount == cny("120.01")
        assert behaviour.average_invoice_amount == cny("60.01")
        assert behaviour.invoices_per_month == Decimal("0.6667")

    def test_looks_only_at_invoices_in_the_window(self) -> None:
        policy = BehaviourPolicy(window_days=30, recent_days=10, steady_within_days=Decimal(0))
        inside = instalment("1.00", number="INV-1", issued=TODAY - timedelta(days=29))
        outside = instalment("1.00", number="INV-2", issued=TODAY - timedelta(days=30))

        assert measured(inside, outside, policy=policy).invoice_count == 1


class TestParse:
    def test_reads_the_policy(self) -> None:
        policy = payment_behaviour.parse({"window_days": 365, "recent_days": 90, "steady_within_days": "2"})

        assert policy == BehaviourPolicy(window_days=365, recent_days=90, steady_within_days=Decimal(2))

    @pytest.mark.parametrize("section", [{"recent_days": 0}, {"window_days": 0, "recent_days": 9}, {}])
    def test_refuses_days_that_are_none(self, section) -> None:
        with pytest.raises(PolicyError, match="above zero"):
            payment_behaviour.parse(section)
