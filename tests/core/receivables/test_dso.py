from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.receivables.books import cny
from tradecredit.core.kernel.money import CurrencyMismatchError, Money
from tradecredit.core.receivables import dso
from tradecredit.core.receivables.dso import DueAmount, MonthOfSales

DUE = date(2025, 3, 1)


class TestSimple:
    def test_agrees_with_the_published_example(self) -> None:
        # https://www.criskco.com/blog/dso-add-collection-tools
        days = dso.simple(open_total=cny("1200000"), credit_sales=cny("10000000"), days=365)

        assert days == Decimal("43.8")

    def test_agrees_with_a_second_published_example(self) -> None:
        # https://trymesha.com/blog/the-2-dso-calculation-formulas-simple-vs-countback-method-explained/
        days = dso.simple(open_total=cny("150000"), credit_sales=cny("1800000"), days=365)

        assert days is not None
        assert dso.rounded(days, places=7) == Decimal("30.4166667")
        assert dso.rounded(days, places=1) == Decimal("30.4")

    def test_is_unknown_without_sales(self) -> None:
        assert dso.simple(open_total=cny("10"), credit_sales=cny("0"), days=365) is None

    def test_never_divides_two_currencies(self) -> None:
        with pytest.raises(CurrencyMismatchError):
            dso.simple(open_total=cny("10"), credit_sales=Money.of("10", "USD"), days=365)


class TestBestPossible:
    def test_agrees_with_the_published_example(self) -> None:
        # https://www.criskco.com/blog/dso-add-collection-tools
        days = dso.best_possible(open_not_due=cny("800000"), credit_sales=cny("10000000"), days=365)

        assert days == Decimal("29.2")


class TestAverageDaysDelinquent:
    def test_agrees_with_the_published_example(self) -> None:
        # https://www.criskco.com/blog/dso-add-collection-tools
        add = dso.average_days_delinquent(dso=Decimal("43.8"), best_possible_dso=Decimal("29.2"))

        assert add == Decimal("14.6")

    def test_is_unknown_when_either_is(self) -> None:
        assert dso.average_days_delinquent(dso=None, best_possible_dso=Decimal(1)) is None
        assert dso.average_days_delinquent(dso=Decimal(1), best_possible_dso=None) is None


class TestCountBack:
    def test_agrees_with_the_published_example(self) -> None:
        # https://support.benjipays.com/support/solutions/articles/150000179580
        months = [MonthOfSales(sales=cny(sales), days=30) for sales in ("100000", "80000", "70000")]

        days = dso.count_back(open_total=cny("212000"), newest_first=months)

        assert days is not None
        assert dso.rounded(days, places=7) == Decimal("73.7142857")

    def test_counts_a_month_without_sales_in_full(self) -> None:
        months = [MonthOfSales(sales=cny("0"), days=28), MonthOfSales(sales=cny("100"), days=31)]

        assert dso.count_back(open_total=cny("100"), newest_first=months) == Decimal(59)

    def test_is_unknown_when_the_months_do_not_reach_back_far_enough(self) -> None:
        months = [MonthOfSales(sales=cny("99.99"), days=30)]

        assert dso.count_back(open_total=cny("100"), newest_first=months) is None

    def test_is_zero_when_nothing_is_open(self) -> None:
        assert dso.count_back(open_total=cny("0"), newest_first=[]) == Decimal(0)


class TestCollectionEffectivenessIndex:
    def test_agrees_with_the_published_example(self) -> None:
        # https://gaviti.com/?p=3708
        cei = dso.collection_effectiveness_index(
            open_begin=cny("100000"),
            credit_sales=cny("1000000"),
            open_end=cny("120000"),
            open_end_not_due=cny("100000"),
        )

        assert cei == Decimal(98)

    def test_is_unknown_when_nothing_was_collectable(self) -> None:
        nothing = cny("0")

        cei = dso.collection_effectiveness_index(
            open_begin=nothing, credit_sales=nothing, open_end=nothing, open_end_not_due=nothing
        )

        assert cei is None


class TestOnTimeCollectionRate:
    def test_takes_due_days_from_the_first_and_before_the_last(self) -> None:
        due = [
            DueAmount(due_date=DUE, amount=cny("100"), paid_in_time=cny("100")),
            DueAmount(due_date=DUE + timedelta(days=30), amount=cny("300"), paid_in_time=cny("0")),
            DueAmount(due_date=DUE + timedelta(days=31), amount=cny("900"), paid_in_time=cny("900")),
            DueAmount(due_date=DUE - timedelta(days=1), amount=cny("900"), paid_in_time=cny("900")),
        ]

        rate = dso.on_time_collection_rate(due=due, start=DUE, end=DUE + timedelta(days=31))

        assert rate == Decimal("0.25")

    def test_is_unknown_when_nothing_fell_due(self) -> None:
        assert dso.on_time_collection_rate(due=[], start=DUE, end=DUE + timedelta(days=1)) is None


class TestRates:
    def test_shares_what_was_collected_of_what_was_due(self) -> None:
        rate = dso.collection_rate(collected=cny("300"), due_at_begin=cny("100"), due_in_period=cny("400"))

        assert rate == Decimal("0.6")

    def test_shares_what_is_overdue_of_what_is_open(self) -> None:
        assert dso.overdue_rate(overdue=cny("30"), open_total=cny("120")) == Decimal("0.25")
        assert dso.overdue_rate(overdue=cny("0"), open_total=cny("0")) is None
