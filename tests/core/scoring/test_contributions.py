"""What makes the difference between two scores."""

from __future__ import annotations

from decimal import Decimal

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import contributions
from tradecredit.core.scoring.contributions import Contribution


def given(name, points, weight, amount):
    return Contribution(
        label=Words(zh=name, en=name),
        points=None if points is None else Decimal(points),
        weight=Decimal(weight),
        given=Decimal(amount),
    )


BEFORE = {
    "a": given("a", "100", "25", "25.00"),
    "b": given("b", "60", "50", "30.00"),
    "c": given("c", None, "0", "0"),
}


class TestShifts:
    def test_puts_the_largest_difference_first_and_leaves_out_what_is_the_same(self):
        after = {**BEFORE, "a": given("a", "100", "15", "15.00"), "b": given("b", "80", "50", "40.50")}

        found = contributions.shifts(BEFORE, after, most=3)

        assert [(each.indicator, each.difference) for each in found] == [
            ("b", Decimal("10.50")),
            ("a", Decimal("-10.00")),
        ]
        assert [each.words.en for each in found] == [
            "b 30.00 → 40.50 (points 60 → 80)",
            "a 25.00 → 15.00 (weight 25% → 15%)",
        ]

    def test_tells_indicators_that_came_went_or_became_known(self):
        after = {
            "b": BEFORE["b"],
            "c": given("c", "50", "20", "10.00"),
            "d": given("d", "10", "5", "0.50"),
        }

        found = contributions.shifts(BEFORE, after, most=9)

        assert [each.words.zh for each in found] == [
            "a 25.00 → –（不再计入）",
            "c 0 → 10.00（得分 缺 → 50，权重 0% → 20%）",
            "d – → 0.50（新指标）",
        ]


class TestOfRecorded:
    def test_reads_the_parts_of_a_recorded_rating(self):
        part = {
            "indicator": "a", "label": {"zh": "甲", "en": "a"}, "points": "80.0", "used_weight": "25.00",
            "contribution": "20.00",
        }  # fmt: skip

        assert contributions.of_recorded({"parts": [part]}) == {
            "a": Contribution(
                label=Words(zh="甲", en="a"),
                points=Decimal("80.0"),
                weight=Decimal("25.00"),
                given=Decimal("20.00"),
            )
        }
        assert contributions.of_recorded({}) == {}
