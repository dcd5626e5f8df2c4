"""The ledger's indicators as attribute values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables.payment_behaviour import Behaviour
from tradecredit.core.scoring import trade_record

DAY = date(2026, 6, 30)
RECORD = Behaviour(
    currency="CNY",
    sample_size=10,
    on_time_rate_by_amount=Decimal("0.9"),
    on_time_streak=4,
    overdue_count=1,
    average_days_late=Decimal("0.5"),
    max_days_late=5,
    max_overdue_amount=Money.of("8000", "CNY"),
    invoice_count=12,
    invoiced_amount=Money.of("120000", "CNY"),
    invoices_per_month=Decimal(2),
)


def found(behaviour, *, since=None, currency="CNY"):
    values = trade_record.values_of(behaviour, customer_since=since, currency=currency, as_of=DAY)
    return {name: value.value for name, value in values.items()}


class TestValuesOf:
    def test_names_each_indicator(self):
        assert found(RECORD) == {
            "on_time_rate": Decimal("0.9"),
            "on_time_streak": Decimal(4),
            "overdue_count": Decimal(1),
            "average_days_late": Decimal("0.5"),
            "max_days_late": Decimal(5),
            "max_overdue_amount": Decimal(8000),
            "order_amount": Decimal(120000),
            "order_count": Decimal(12),
            "order_frequency": Decimal(2),
            "average_monthly_sales": Decimal("20000.00"),
            "years_of_trade": Decimal("0.50"),
        }

    def test_leaves_amounts_of_another_currency_out(self):
        values = found(RECORD, currency="USD")

        assert {"order_amount", "max_overdue_amount", "average_monthly_sales"} & values.keys() == set()
        assert values["on_time_rate"] == Decimal("0.9")

    def test_knows_nothing_of_a_customer_without_invoices(self):
        assert found(None) == {}
        assert found(Behaviour(currency="CNY", sample_size=0)) == {}

    @pytest.mark.parametrize(
        ("since", "years"),
        [(date(2023, 6, 30), "3.00"), (date(2026, 6, 30), "0.00"), (date(2027, 1, 1), "0.00")],
    )
    def test_counts_years_from_the_day_the_customer_came(self, since, years):
        assert found(RECORD, since=since)["years_of_trade"] == Decimal(years)

    def test_tags_values_with_the_ledger_and_the_day(self):
        value = trade_record.values_of(RECORD, customer_since=None, currency="CNY", as_of=DAY)["on_time_rate"]

        assert (value.source, value.known_on) == ("ledger", DAY)
