"""Weight of evidence and information value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.scoring import evidence
from tradecredit.core.scoring.evidence import Count

# The German credit sample by property: 700 goods and 300 bads.
PROPERTY = (
    Count(goods=222, bads=60),
    Count(goods=161, bads=71),
    Count(goods=230, bads=102),
    Count(goods=87, bads=67),
)


class TestWeightOfEvidence:
    def test_is_the_logarithm_of_good_over_bad(self):
        found = evidence.weight_of_evidence(good_share=Decimal("0.2"), bad_share=Decimal("0.3"))

        assert round(found, 16) == Decimal("-0.4054651081081644")

    def test_refuses_a_share_of_nothing(self):
        with pytest.raises(ValueError, match="greater than 0"):
            evidence.weight_of_evidence(good_share=Decimal(0), bad_share=Decimal(1))


class TestMeasure:
    def test_gives_the_published_weights_of_property_with_our_sign(self):
        found = evidence.measure(PROPERTY)

        assert [round(each.weight, 6) for each in found] == [
            Decimal("0.461035"),
            Decimal("-0.028573"),
            Decimal("-0.034191"),
            Decimal("-0.586082"),
        ]

    def test_gives_the_published_value_of_each_bin(self):
        found = evidence.measure(PROPERTY)

        assert [round(each.value, 6) for each in found] == [
            Decimal("0.054007"),
            Decimal("0.000190"),
            Decimal("0.000391"),
            Decimal("0.058050"),
        ]

    def test_a_bin_without_bads_counts_half_a_bad(self):
        found = evidence.measure((Count(goods=1, bads=0), Count(goods=1, bads=2)))

        assert found[0].weight == Decimal(2).ln()

    def test_an_empty_bin_says_nothing(self):
        found = evidence.measure((Count(goods=0, bads=0), *PROPERTY))

        assert (found[0].weight, found[0].value) == (0, 0)

    def test_refuses_a_sample_without_bads(self):
        with pytest.raises(ValueError, match="goods and bads"):
            evidence.measure((Count(goods=3, bads=0),))


class TestInformationValue:
    def test_gives_the_published_value_of_property(self):
        assert round(evidence.information_value(PROPERTY), 6) == Decimal("0.112638")


class TestByValue:
    def test_counts_goods_and_bads_of_each_value(self):
        found = evidence.by_value(["b", "a", "a"], outcomes=[True, False, True])

        assert list(found.items()) == [("a", Count(goods=1, bads=1)), ("b", Count(goods=0, bads=1))]
