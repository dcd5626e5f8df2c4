"""What three statements say about themselves: identities, growth against the year before, thin data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.scoring import statement_checks
from tradecredit.core.scoring.ratios import Statement
from tradecredit.core.scoring.values import Known, Missing

NOW = Statement(
    period_end=date(2025, 12, 31),
    basis="standalone",
    total_assets=Decimal(1000),
    total_liabilities=Decimal(680),
    equity=Decimal(320),
    current_assets=Decimal(600),
    inventory=Decimal(200),
    receivables=Decimal(150),
    cash=Decimal(90),
    revenue=Decimal(1100),
    cost_of_sales=Decimal(880),
    net_profit=Decimal(30),
    operating_cash_flow=Decimal(-20),
    investing_cash_flow=Decimal(-30),
    financing_cash_flow=Decimal(60),
    net_cash_flow=Decimal(10),
)
BEFORE = Statement(
    period_end=date(2024, 12, 31),
    receivables=Decimal(100),
    inventory=Decimal(200),
    equity=Decimal(250),
    cash=Decimal(80),
    revenue=Decimal(1000),
    cost_of_sales=Decimal(750),
)


def failed(current, previous=None):
    return [each.name for each in statement_checks.checks(current, previous=previous) if not each.holds]


class TestChecks:
    def test_holds_for_statements_that_agree(self):
        found = statement_checks.checks(NOW, previous=BEFORE)

        assert [each.name for each in found] == [
            "balance",
            "current_assets",
            "current_parts",
            "cash_flow",
            "cash_moved",
        ]
        assert failed(NOW, BEFORE) == []

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"equity": Decimal("319.97")}, "balance"),
            ({"current_assets": Decimal("1000.03")}, "current_assets"),
            ({"inventory": Decimal("360.03")}, "current_parts"),
            ({"operating_cash_flow": Decimal(-21)}, "cash_flow"),
            ({"cash": Decimal(91)}, "cash_moved"),
        ],
    )
    def test_names_the_identity_that_is_broken(self, change, name):
        assert failed(replace(NOW, **change), BEFORE) == [name]

    def test_a_rounding_of_two_cents_is_no_break(self):
        assert failed(replace(NOW, equity=Decimal("319.98"))) == []

    def test_says_nothing_of_what_is_not_given(self):
        assert statement_checks.checks(Statement(period_end=date(2025, 12, 31), equity=Decimal(5))) == ()

    def test_tells_both_sides_of_a_break(self):
        broken = statement_checks.checks(replace(NOW, equity=Decimal(300)))[0]

        assert broken.words.zh == "资产总计 1,000.00，负债合计 + 所有者权益 980.00"
        assert broken.words.en == "Total assets 1,000.00, Total liabilities + Equity 980.00"


class TestValuesOf:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("statement_items", Decimal(14)),
            ("statement_periods", Decimal(2)),
            ("statement_breaks", Decimal(0)),
            ("statement_basis", "standalone"),
            # 50 % more receivables, 10 % more revenue
            ("receivables_outgrowth", Decimal("0.4")),
            # no more inventory, 880 of cost after 750
            ("inventory_outgrowth", Decimal(0) - Decimal(130) / 750),
            ("margin_shift", Decimal("-0.05")),
            # equity rose by 70, of which 30 are profit
            ("equity_unexplained", Decimal("0.16")),
            ("accruals", Decimal("0.05")),
        ],
    )
    def test_tells_each_figure(self, name, expected):
        assert statement_checks.values_of([NOW, BEFORE])[name] == Known(
            value=expected, source="financial_statement", known_on=date(2025, 12, 31)
        )

    def test_half_a_year_is_no_year_to_grow_in(self):
        found = statement_checks.values_of([NOW, replace(BEFORE, period_end=date(2025, 6, 30))])

        assert found["receivables_outgrowth"] == Missing(cause="not_computable")

    def test_a_margin_of_no_sales_is_missing(self):
        found = statement_checks.values_of([replace(NOW, revenue=Decimal(0)), BEFORE])

        assert found["margin_shift"] == Missing(cause="not_computable")
