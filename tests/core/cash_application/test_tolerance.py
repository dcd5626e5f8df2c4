from decimal import Decimal

import pytest

from tradecredit.core.cash_application import tolerance
from tradecredit.core.cash_application.tolerance import Allowance, Tolerance
from tradecredit.core.kernel.refusal import PolicyError

POLICY = Tolerance(
    short=Allowance(amounts={"CNY": Decimal("5.00")}, percent=Decimal(1)),
    over=Allowance(amounts={"CNY": Decimal("2.00")}, percent=Decimal(100)),
)


class TestParse:
    def test_reads_both_sides(self) -> None:
        section = {
            "short": {"amounts": {"CNY": "5.00"}, "percent": "1"},
            "over": {"amounts": {"CNY": "2.00"}, "percent": 100},
        }

        assert tolerance.parse(section) == POLICY

    @pytest.mark.parametrize("value", ["-1", "x", 0.5, "NaN"])
    def test_names_the_place_of_what_is_wrong(self, value) -> None:
        with pytest.raises(PolicyError) as error:
            tolerance.parse({"over": {"amounts": {"USD": value}}})

        assert error.value.path == "receivables.matching.tolerance.over.amounts.USD"
