"""What a company lets the matcher do."""

from decimal import Decimal

import pytest

from tradecredit.core.cash_application.matcher import policy, values
from tradecredit.core.cash_application.matcher.policy import MatcherPolicy
from tradecredit.core.cash_application.tolerance import Allowance, Tolerance
from tradecredit.core.kernel.refusal import PolicyError

POLICY = MatcherPolicy(
    tolerance=Tolerance(
        short=Allowance(amounts={"CNY": Decimal("5.00")}, percent=Decimal(1)),
        over=Allowance(amounts={"CNY": Decimal("2.00")}, percent=Decimal(100)),
    )
)


def units(amount: str) -> int:
    return values.units(Decimal(amount))


class TestLimits:
    @pytest.mark.parametrize(("gap", "is_within"), [("3.00", True), ("3.01", False)])
    def test_too_little_is_held_to_the_amount_and_to_the_percentage(self, gap, is_within) -> None:
        limits = POLICY.limits("CNY")

        assert limits.is_short_within(gap=units(gap), expected=units("300.00")) is is_within

    @pytest.mark.parametrize(("over", "is_within"), [("2.00", True), ("2.01", False)])
    def test_too_much_has_an_allowance_of_its_own(self, over, is_within) -> None:
        limits = POLICY.limits("CNY")

        assert limits.is_over_within(over=units(over), expected=units("300.00")) is is_within

    def test_a_currency_without_an_allowance_has_none(self) -> None:
        assert not POLICY.limits("USD").is_short_within(gap=1, expected=units("300.00"))


class TestParse:
    def test_reads_the_switches(self) -> None:
        found = policy.parse({"by_exact_amount": False, "by_fifo": True})

        assert (found.by_reference, found.by_exact_amount, found.by_fifo) == (True, False, True)

    def test_refuses_a_switch_that_is_no_truth_value(self) -> None:
        with pytest.raises(PolicyError) as error:
            policy.parse({"by_fifo": "yes"})

        assert error.value.path == "receivables.matching.by_fifo"
