"""Predicted against observed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.scoring import calibration
from tradecredit.core.scoring.calibration import Group
from tradecredit.core.scoring.evidence import Count


def group(name: str, predicted: str, *, goods: int, bads: int) -> Group:
    return Group(name=name, predicted=Decimal(predicted), count=Count(goods=goods, bads=bads))


class TestByGroup:
    def test_says_how_likely_so_many_bads_were(self):
        (found,) = calibration.by_group([group("A", "0.1", goods=7, bads=3)])

        assert round(found.chance_of_more, 4) == Decimal("0.0702")
        assert round(found.chance_of_fewer, 4) == Decimal("0.9872")

    def test_of_nobody_nothing_is_observed(self):
        (found,) = calibration.by_group([group("A", "0.1", goods=0, bads=0)])

        assert found.observed is None
        assert found.chance_of_more == 1


class TestHosmerLemeshow:
    def test_sums_the_squared_distances(self):
        found = calibration.hosmer_lemeshow(
            [group("A", "0.1", goods=85, bads=15), group("B", "0.5", goods=50, bads=50)],
            is_training_sample=False,
        )

        assert round(found.statistic, 6) == Decimal("2.777778")
        assert (found.freedom, round(found.chance, 4)) == (2, Decimal("0.2494"))

    def test_takes_two_degrees_off_the_training_sample(self):
        groups = [group(str(n), "0.2", goods=8, bads=2) for n in range(5)]

        assert calibration.hosmer_lemeshow(groups, is_training_sample=True).freedom == 3

    def test_needs_predictions_between_0_and_1(self):
        groups = [group("A", "0", goods=5, bads=1), group("B", "0.5", goods=1, bads=1)]

        assert calibration.hosmer_lemeshow(groups, is_training_sample=False) is None


class TestBrier:
    def test_is_the_mean_squared_distance(self):
        assert calibration.brier([(Decimal("0.2"), True), (Decimal("0.1"), False)]) == Decimal("0.325")

    def test_of_nobody_there_is_none(self):
        assert calibration.brier([]) is None


class TestIsMonotone:
    def test_passes_over_grades_without_a_rate(self):
        assert calibration.is_monotone([Decimal("0.1"), None, Decimal("0.2")])

    def test_sees_a_fall(self):
        assert not calibration.is_monotone([Decimal("0.2"), None, Decimal("0.1")])


class TestWilson:
    def test_one_of_ten(self):
        found = calibration.wilson(bads=1, total=10)

        assert (round(found.low, 4), found.value, round(found.high, 4)) == (
            Decimal("0.0179"),
            Decimal("0.1"),
            Decimal("0.4042"),
        )

    def test_none_of_ten_may_still_be_a_quarter(self):
        assert round(calibration.wilson(bads=0, total=10).high, 4) == Decimal("0.2775")


class TestAtMost:
    @pytest.mark.parametrize(
        ("bads", "rate", "chance"),
        [(0, "0.5", "0.0009765625"), (10, "0.3", "1"), (3, "0", "1"), (3, "1", "0")],
    )
    def test_sums_the_binomial(self, bads, rate, chance):
        assert calibration.at_most(bads, total=10, rate=Decimal(rate)) == Decimal(chance)


class TestChiSquareTail:
    @pytest.mark.parametrize(
        ("statistic", "freedom"), [("3.841459", 1), ("5.991465", 2), ("7.814728", 3), ("18.307038", 10)]
    )
    def test_has_five_percent_at_the_tabled_places(self, statistic, freedom):
        found = calibration.chi_square_tail(Decimal(statistic), freedom=freedom)

        assert round(found, 6) == Decimal("0.05")

    def test_of_no_distance_is_certain(self):
        assert calibration.chi_square_tail(Decimal(0), freedom=4) == 1
