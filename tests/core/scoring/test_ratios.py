"""Ratios by the glossary's formulas."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.scoring import ratios
from tradecredit.core.scoring.ratios import Statement
from tradecredit.core.scoring.values import Known, Missing

END = date(2025, 12, 31)
FULL = Statement(
    period_end=END,
    total_assets=Decimal(1000),
    total_liabilities=Decimal(680),
    current_assets=Decimal(600),
    current_liabilities=Decimal(400),
    inventory=Decimal(200),
    receivables=Decimal(100),
    equity=Decimal(320),
    revenue=Decimal(1200),
    cost_of_sales=Decimal(900),
    ebit=Decimal(90),
    interest_expense=Decimal(30),
    net_profit=Decimal(48),
    operating_cash_flow=Decimal(60),
)
BEFORE = Statement(
    period_end=date(2024, 12, 31),
    total_assets=Decimal(600),
    receivables=Decimal(200),
    inventory=Decimal(100),
    equity=Decimal(280),
)


def number(values, name):
    value = values[name]
    assert isinstance(value, Known)
    return value.value


class TestCompute:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("debt_ratio", "0.68"),
            ("current_ratio", "1.5"),
            ("quick_ratio", "1"),
            ("interest_cover", "3"),
            ("receivables_turnover", "12"),
            ("inventory_turnover", "4.5"),
            ("asset_turnover", "1.2"),
            ("gross_margin", "0.25"),
            ("net_margin", "0.04"),
            ("roe", "0.15"),
            ("cash_flow_quality", "1.25"),
            ("equity", "320"),
        ],
    )
    def test_computes_each_ratio(self, name, expected):
        assert number(ratios.compute(FULL), name) == Decimal(expected)

    def test_averages_with_the_period_before(self):
        values = ratios.compute(FULL, previous=BEFORE)

        assert number(values, "receivables_turnover") == 8
        assert number(values, "inventory_turnover") == 6
        assert number(values, "asset_turnover") == Decimal("1.5")
        assert number(values, "roe") == Decimal("0.16")

    def test_tags_values_with_the_period_they_speak_of(self):
        value = ratios.compute(FULL)["debt_ratio"]

        assert isinstance(value, Known)
        assert (value.known_on, value.source) == (END, "financial_statement")

    def test_an_empty_statement_gives_nothing(self):
        values = ratios.compute(Statement(period_end=END))

        assert all(isinstance(value, Missing) for value in values.values())

    def test_a_zero_denominator_is_missing_and_not_an_error(self):
        values = ratios.compute(Statement(period_end=END, ebit=Decimal(5), interest_expense=Decimal(0)))

        assert values["interest_cover"] == Missing(cause="not_computable")

    def test_a_loss_over_negative_equity_is_no_return(self):
        statement = Statement(
            period_end=END, equity=Decimal(-100), net_profit=Decimal(-50), operating_cash_flow=Decimal(-60)
        )

        values = ratios.compute(statement)

        assert isinstance(values["roe"], Missing)
        assert isinstance(values["cash_flow_quality"], Missing)
