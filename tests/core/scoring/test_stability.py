"""Drift of scores and indicators."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.scoring import stability
from tradecredit.core.scoring.ranges import Edge, Range

LINES = stability.Lines(check=Decimal("0.1"), shifted=Decimal("0.25"))


class TestIndex:
    def test_follows_the_formula(self):
        assert round(stability.index(expected=[50, 50], actual=[70, 30]), 6) == Decimal("0.169460")

    def test_nothing_moved(self):
        assert stability.index(expected=[1, 3], actual=[2, 6]) == 0

    def test_an_emptied_group_counts_half_a_customer(self):
        found = stability.index(expected=[5, 5], actual=[10, 0])

        assert round(found, 6) == round(
            Decimal("0.5") * Decimal(2).ln() + (Decimal("0.05") - Decimal("0.5")) * Decimal("0.1").ln(), 6
        )

    def test_of_nobody_there_is_none(self):
        assert stability.index(expected=[0, 0], actual=[1, 2]) is None


class TestCountsIn:
    def test_counts_the_unknown_last(self):
        low, high = (
            Range(upper=Edge(Decimal(5), included=False)),
            Range(lower=Edge(Decimal(5), included=True)),
        )

        assert stability.counts_in([Decimal(4), Decimal(5), None], groups=[low, high]) == (1, 1, 1)


class TestStanding:
    @pytest.mark.parametrize(
        ("found", "word"), [("0.0999", "stable"), ("0.1", "check"), ("0.25", "check"), ("0.2501", "shifted")]
    )
    def test_says_what_the_index_means(self, found, word):
        assert stability.standing(Decimal(found), lines=LINES) == word
