from decimal import Decimal

import pytest

from core.cash_application.open_books import cny
from tradecredit.core.cash_application import tolerance
from tradecredit.core.cash_application.tolerance import Allowance, Tolerance
from tradecredit.core.kernel.refusal import PolicyError

POLICY = Tolerance(
    short=Allowance(amounts={"CNY": Decimal("5.00")}, percent=Decimal(1)),
    over=Allowance(amounts={"CNY": Decimal("2.00")}, percent=Decimal(100)),
)


class TestJudge:
    @pytest.mark.parametrize(
        ("paid", "verdict", "gap", "is_tolerated"),
        [
            ("300.00", "exact", "0.00", True),
            ("297.00", "short_within", "3.00", True),
            ("296.99", "short_beyond", "3.01", False),
            ("302.00", "over_within", "2.00", True),
            ("302.01", "over_beyond", "2.01", False),
        ],
    )
    def test_holds_both_edges_of_both_sides(self, paid, verdict, gap, is_tolerated) -> None:
        difference = tolerance.judge(paid=cny(paid), expected=cny("300.00"), tolerance=POLICY)

        assert (difference.verdict, difference.gap) == (verdict, cny(gap))
        assert difference.is_tolerated is is_tolerated

    def test_allows_nothing_by_default(self) -> None:
        difference = tolerance.judge(paid=cny("299.99"), expected=cny("300.00"), tolerance=Tolerance())

        assert difference.verdict == "short_beyond"


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
