"""Recorded texts become values of the right kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.scoring import attributes
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.values import Known, Missing


class TestRead:
    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("debt_ratio", "68%", Decimal("0.68")),
            ("debt_ratio", "0.68", Decimal("0.68")),
            ("order_amount", "2,000,000", Decimal(2000000)),
            ("dishonest_debtor", "是", True),
            ("dishonest_debtor", "No", False),
            ("pending_lawsuits", "无", Decimal(0)),
            ("pending_lawsuits", "3", Decimal(3)),
            ("ownership_type", " 国企 ", "国企"),
        ],
    )
    def test_reads_the_attributes_kind_of_value(self, name, text, value):
        known = attributes.read(REGISTRY[name], text, source="file", known_on=date(2026, 1, 1))

        assert known == Known(value=value, source="file", known_on=date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("name", "text", "cause"),
        [
            ("debt_ratio", "high", "not_understood"),
            ("debt_ratio", "NaN", "not_understood"),
            ("dishonest_debtor", "perhaps", "not_understood"),
            ("debt_ratio", "  ", "not_recorded"),
        ],
    )
    def test_what_cannot_be_read_is_missing_and_never_zero(self, name, text, cause):
        assert attributes.read(REGISTRY[name], text) == Missing(cause=cause)


class TestShown:
    @pytest.mark.parametrize(
        ("name", "value", "zh", "en"),
        [
            ("debt_ratio", Decimal("0.9667"), "96.67%", "96.67%"),
            ("order_amount", Decimal(2000000), "2,000,000.00", "2,000,000.00"),
            ("max_days_late", Decimal(12), "12 天", "12 days"),
            ("industry_score", Decimal(85), "85 分", "85 points"),
            ("years_of_trade", Decimal("2.5"), "2.5 年", "2.5 years"),
            ("order_count", Decimal(100), "100", "100"),
            ("dishonest_debtor", True, "是", "yes"),
            ("ownership_type", "国企", "国企", "国企"),
        ],
    )
    def test_writes_values_as_people_do(self, name, value, zh, en):
        shown = attributes.shown(REGISTRY[name], value)

        assert (shown.zh, shown.en) == (zh, en)
