from decimal import Decimal

import pytest

from core.receivables.books import cny
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.receivables import abc_classes
from tradecredit.core.receivables.abc_classes import Owed, Shares

SHARES = Shares(a=Decimal(80), b=Decimal(15))


def owed(key: str, days: int, amount: str) -> Owed:
    return Owed(key=key, days_overdue=days, amount=cny(amount))


class TestClassify:
    def test_goes_by_where_the_middle_of_an_account_lies(self) -> None:
        accounts = [
            owed("late", 90, "20"),
            owed("safe", 0, "100"),
            owed("slow", 5, "50"),
            owed("slower", 30, "30"),
        ]

        found = abc_classes.classify(owed=accounts, shares=SHARES, by="amount")

        assert found == {"safe": "A", "slow": "A", "slower": "B", "late": "C"}

    def test_makes_the_riskiest_part_c(self) -> None:
        accounts = [owed("safe", 0, "80"), owed("slow", 10, "15"), owed("late", 200, "5")]

        assert abc_classes.classify(owed=accounts, shares=SHARES, by="amount") == {
            "safe": "A",
            "slow": "B",
            "late": "C",
        }

    def test_by_count_looks_at_places_alone(self) -> None:
        accounts = [owed(f"{place:02}", place, "1" if place else "1000") for place in range(20)]

        found = abc_classes.classify(owed=accounts, shares=SHARES, by="count")

        assert [found[f"{place:02}"] for place in (0, 15, 16, 18, 19)] == ["A", "A", "B", "B", "C"]

    def test_of_equal_delay_the_larger_amount_is_the_riskier(self) -> None:
        accounts = [owed("large", 10, "90"), owed("small", 10, "10")]

        assert abc_classes.classify(
            owed=accounts, shares=Shares(a=Decimal(10), b=Decimal(5)), by="amount"
        ) == {
            "small": "A",
            "large": "C",
        }

    def test_a_large_account_that_is_the_riskiest_is_c_and_a_single_sound_one_is_a(self) -> None:
        accounts = [owed("safe", 0, "93"), owed("large", 190, "7")]

        assert abc_classes.classify(owed=accounts, shares=SHARES, by="amount")["large"] == "C"
        assert abc_classes.classify(owed=accounts[:1], shares=SHARES, by="amount") == {"safe": "A"}

    def test_of_nothing_is_nothing(self) -> None:
        assert abc_classes.classify(owed=[], shares=SHARES, by="amount") == {}


class TestParse:
    def test_reads_two_shares(self) -> None:
        assert abc_classes.parse(Node({"a": "80", "b": "15"}, "abc")) == SHARES

    def test_refuses_more_than_everything(self) -> None:
        with pytest.raises(PolicyError):
            abc_classes.parse(Node({"a": "80", "b": "30"}, "abc"))
