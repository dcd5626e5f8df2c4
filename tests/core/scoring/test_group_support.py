"""Two numbers: a rating by itself, and with the group behind it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import group_support
from tradecredit.core.scoring.group_support import Standing, Supporter
from tradecredit.core.scoring.rating import Band, GradeScale
from tradecredit.core.scoring.support_policy import Support

SCALE = GradeScale(
    bands=tuple(
        Band(grade, Words(zh=grade, en=grade), Decimal(least))
        for grade, least in (("A", 85), ("B", 70), ("C", 55), ("D", 0))
    ),
    rules=(),
    without_score="C",
)
SUPPORT = Support(shares={"guarantee": Decimal("0.8"), "parent": Decimal("0.5")}, grades_up=1)
OWN = Standing(score=Decimal(60), grade="C")


def backed(*supporters, own=OWN, caps=(), support=SUPPORT):
    found = [
        Supporter(code=code, name=code, kind=kind, rating=Standing(score=Decimal(score), grade=grade))
        for code, kind, score, grade in supporters
    ]
    return group_support.supported(support, scale=SCALE, own=own, supporters=found, caps=caps)


class TestSupported:
    def test_a_parent_bridges_half_the_distance(self):
        found = backed(("P", "parent", 90, "A"))

        assert (found.score, found.grade) == (Decimal("75.00"), "B")
        assert found.words.en == "P (P, its parent) stands at 90; 50% of the distance counts: 60 → 75.00"

    def test_the_best_support_counts_and_not_the_sum(self):
        found = backed(("P", "parent", 90, "A"), ("G", "guarantee", 85, "A"))

        assert (found.score, found.supporter.code) == (Decimal("80.00"), "G")

    @pytest.mark.parametrize(
        ("supporter", "caps", "grade"),
        [
            (("G", "guarantee", 99, "A"), (), "B"),  # 91.2 would be an A: one grade up at most
            (("G", "guarantee", 99, "C"), (), "C"),  # never above the supporter's own grade
            (("G", "guarantee", 99, "A"), ("D",), "C"),  # a cap of its own holds; support never harms
        ],
    )
    def test_ends_at_its_limits(self, supporter, caps, grade):
        assert backed(supporter, caps=caps).grade == grade

    @pytest.mark.parametrize("supporter", [("P", "parent", 50, "D"), ("S", "supplies", 99, "A")])
    def test_nobody_better_or_no_such_tie_is_no_support(self, supporter):
        assert backed(supporter) is None
