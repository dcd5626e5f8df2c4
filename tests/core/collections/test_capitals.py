from __future__ import annotations

import pytest

from tradecredit.core.collections import capitals
from tradecredit.core.kernel.money import Money


class TestInCapitals:
    @pytest.mark.parametrize(
        ("amount", "capital"),
        [
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("107000.53", "壹拾万柒仟元零伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("100010000.10", "壹亿零壹万元零壹角整"),
            ("0.05", "伍分"),
            ("0.50", "伍角整"),
            ("0", "零元整"),
            ("82000", "捌万贰仟元整"),
            ("10", "壹拾元整"),
            ("1000000000000", "壹万亿元整"),
            ("1000100000000.00", "壹万零壹亿元整"),
            ("10000000001", "壹佰亿零壹元整"),
        ],
    )
    def test_follows_the_official_examples(self, amount, capital):
        assert capitals.in_capitals(Money.of(amount, "CNY")) == "人民币" + capital

    def test_names_other_currencies(self):
        assert capitals.in_capitals(Money.of("1200", "USD")) == "美元壹仟贰佰元整"
        assert capitals.in_capitals(Money.of("5", "CHF")) == "CHF伍元整"

    def test_says_minus(self):
        assert capitals.in_capitals(Money.of("-3.20", "CNY")) == "人民币负叁元贰角整"

    def test_refuses_more_than_sixteen_figures(self):
        with pytest.raises(ValueError, match="sixteen figures"):
            capitals.in_capitals(Money.of("10000000000000000", "CNY"))
