"""Money: exact, with its currency, split without losing a cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel import money as moneys
from tradecredit.core.kernel.money import CurrencyMismatchError, InvalidMoneyError, Money

CENTS = st.integers(min_value=-(10**15), max_value=10**15).map(
    lambda cents: Money(Decimal(cents) / 100, "CNY")
)


class TestMoney:
    def test_adds_what_binary_numbers_get_wrong(self):
        total = Money.of("9999999999999.99", "CNY") + Money.of("0.01", "CNY") + Money.of("0.02", "CNY")
        assert total == Money.of("10000000000000.02", "CNY")

    def test_refuses_to_mix_currencies(self):
        with pytest.raises(CurrencyMismatchError, match="convert at a dated rate"):
            Money.of("1", "CNY") + Money.of("1", "USD")

    def test_refuses_to_compare_currencies(self):
        with pytest.raises(CurrencyMismatchError):
            _ = Money.of("1", "CNY") < Money.of("2", "USD")

    @pytest.mark.parametrize("bad", ["", "12,000", "NaN", "Infinity", "一百", 1.5, True])
    def test_refuses_what_is_no_exact_amount(self, bad):
        with pytest.raises(InvalidMoneyError):
            Money.of(bad, "CNY")

    @pytest.mark.parametrize(
        ("amount", "currency", "text"),
        [("120000", "CNY", "120000.00"), ("1E+3", "CNY", "1000.00"), ("-0", "CNY", "0.00"), ("5", "JPY", "5"),
         ("1.2345", "CNY", "1.2345"), ("-3.10", "USD", "-3.10"), ("7.1", "KWD", "7.100")],
    )  # fmt: skip
    def test_writes_plain_text(self, amount, currency, text):
        assert Money.of(amount, currency).text() == text

    def test_rounds_half_up_by_name(self):
        assert Money.of("0.005", "CNY").rounded() == Money.of("0.01", "CNY")
        assert Money.of("0.009", "CNY").rounded_down() == Money.of("0.00", "CNY")
        assert Money.of("2.5", "JPY").rounded() == Money.of("3", "JPY")


class TestParse:
    def test_refuses_more_decimals_than_the_currency_has(self):
        with pytest.raises(InvalidMoneyError, match="more than the 2 decimals CNY has"):
            moneys.parse("1.001", "CNY")
        with pytest.raises(InvalidMoneyError, match="more than the 0 decimals JPY has"):
            moneys.parse("1.5", "JPY")

    def test_refuses_what_cannot_be_stored(self):
        with pytest.raises(InvalidMoneyError, match="larger than"):
            moneys.parse("10000000000000000", "CNY")


class TestSplit:
    def test_gives_the_remainder_to_the_last_part(self):
        parts = moneys.split(Money.of("100", "CNY"), (Decimal(1), Decimal(1), Decimal(1)))
        assert [part.text() for part in parts] == ["33.33", "33.33", "33.34"]

    @given(CENTS, st.lists(st.integers(min_value=1, max_value=1000).map(Decimal), min_size=1, max_size=12))
    def test_keeps_the_sum(self, amount, weights):
        assert moneys.total(moneys.split(amount, weights), "CNY") == amount


class TestLimit:
    def test_zero_means_zero(self):
        zero = limits.Amount(Money.zero("CNY"))
        left = limits.headroom(limit=zero, exposure=Money.of("1", "CNY"))
        assert left == limits.Amount(Money.of("-1", "CNY"))

    def test_unlimited_and_not_set_stay_what_they_are(self):
        exposure = Money.of("5", "CNY")
        assert limits.headroom(limit=limits.Unlimited(), exposure=exposure) == limits.Unlimited()
        assert limits.headroom(limit=limits.NotSet(), exposure=exposure) == limits.NotSet()
        assert {limits.text(one) for one in (limits.Unlimited(), limits.NotSet())} == {"unlimited", "not set"}
