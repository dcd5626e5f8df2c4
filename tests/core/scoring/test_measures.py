"""Values become points."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import measures, ranges
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.ranges import Edge, Range


def steps(**change: object) -> measures.StepDeduction:
    given = {
        "line": Decimal("0.70"),
        "step": Decimal("0.10"),
        "points": Decimal(15),
        "mode": "floor",
        "unit": "pp",
        "beyond": "above",
    }
    return measures.StepDeduction(**{**given, **change})  # type: ignore[arg-type] # built from texts


class TestDeducted:
    @pytest.mark.parametrize(
        ("value", "left"),
        [
            ("0.70", "100"),
            ("0.79", "100"),
            ("0.80", "85"),
            ("0.85", "85"),
            ("0.90", "70"),
            ("1.36", "10"),
            ("2", "0"),
        ],
    )
    def test_takes_points_off_for_each_whole_step(self, value, left):
        assert measures.deducted(steps(), Decimal(value)) == Decimal(left)

    def test_takes_parts_of_steps_when_linear(self):
        assert measures.deducted(steps(mode="linear"), Decimal("0.85")) == Decimal("77.5")

    def test_measures_steps_in_shares_of_the_line_when_relative(self):
        assert measures.deducted(steps(unit="relative"), Decimal("0.77")) == Decimal(85)

    def test_counts_below_the_line_when_less_is_worse(self):
        assert measures.deducted(steps(line=Decimal(1), beyond="below"), Decimal("0.85")) == Decimal(85)
        assert measures.deducted(steps(line=Decimal(1), beyond="below"), Decimal("1.5")) == Decimal(100)


class TestMeasure:
    def test_reads_a_flag_in_a_value_map(self):
        table = measures.ValueMap((("no", Decimal(100)), ("yes", Decimal(0))))

        found = measures.measure(table, value=True, attribute=REGISTRY["dishonest_debtor"])

        assert found is not None
        assert found.points == 0

    def test_has_no_points_for_a_quality_without_a_line(self):
        table = measures.ValueMap((("private", Decimal(70)),))

        assert measures.measure(table, "family", attribute=REGISTRY["ownership_type"]) is None

    def test_falls_back_to_otherwise(self):
        table = measures.ValueMap((("private", Decimal(70)),), otherwise=Decimal(40))

        found = measures.measure(table, "family", attribute=REGISTRY["ownership_type"])

        assert found is not None
        assert found.points == 40

    def test_has_no_points_for_text_in_a_table_of_numbers(self):
        assert measures.measure(steps(), "much", attribute=REGISTRY["debt_ratio"]) is None


class TestRange:
    @pytest.mark.parametrize(
        ("lower_included", "upper_included", "at_lower", "at_upper"),
        [
            (True, True, True, True),
            (True, False, True, False),
            (False, True, False, True),
            (False, False, False, False),
        ],
    )
    def test_holds_its_edges_as_written(self, lower_included, upper_included, at_lower, at_upper):
        found = Range(Edge(Decimal(1), lower_included), Edge(Decimal(2), upper_included))

        assert found.contains(Decimal(1)) is at_lower
        assert found.contains(Decimal(2)) is at_upper
        assert found.contains(Decimal("1.5"))
        assert not found.contains(Decimal("0.99"))
        assert not found.contains(Decimal("2.01"))

    @pytest.mark.parametrize(
        "value", [{"above": "1", "from": "1"}, {"above": "2", "below": "1"}, {"from": "1", "below": "1"}]
    )
    def test_refuses_an_impossible_range(self, value):
        with pytest.raises(PolicyError):
            ranges.parse(Node(value, "x"))


class TestGapsAndOverlaps:
    @pytest.mark.parametrize(
        ("written", "finding"),
        [
            ([{"below": "1"}, {"from": "1"}], None),
            ([{"up_to": "1"}, {"above": "1"}], None),
            ([{"above": "1"}, {"up_to": "1"}], None),
            ([{"up_to": "1"}, {"from": "1"}], "two ranges cover 1"),
            ([{"below": "1"}, {"above": "1"}], "nothing covers 1 itself"),
            ([{"below": "1"}, {"from": "2"}], "nothing covers numbers between 1 and 2"),
            ([{"below": "2"}, {"from": "1"}], "two ranges cover numbers between 1 and 2"),
            ([{"from": "1"}], "nothing covers numbers under 1"),
            ([{"below": "1"}], "nothing covers numbers over 1"),
            ([{"below": "1"}, {"below": "2"}, {"from": "2"}], "two ranges have the same open end"),
            ([], "no range at all"),
        ],
    )
    def test_finds_every_gap_and_overlap(self, written, finding):
        found = ranges.gaps_and_overlaps([ranges.parse(Node(each, "x")) for each in written])

        assert found == (() if finding is None else (finding,))
