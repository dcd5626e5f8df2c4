"""KS, AUC, Gini and lift."""

from __future__ import annotations

from decimal import Decimal

from tradecredit.core.scoring import separation
from tradecredit.core.scoring.evidence import Count
from tradecredit.core.scoring.separation import Observation


def observed(*pairs: tuple[int, bool]) -> list[Observation]:
    return [Observation(score=score, is_bad=is_bad) for score, is_bad in pairs]


class TestMeasure:
    def test_a_score_that_knows_everything(self):
        found = separation.measure(observed((1, True), (2, False), (3, False)))

        assert (found.auc.value, found.ks, found.gini.value) == (1, 1, 1)

    def test_a_score_that_knows_nothing(self):
        found = separation.measure(observed((5, True), (5, False), (5, False)))

        assert (found.auc.value, found.ks, found.gini.value) == (Decimal("0.5"), 0, 0)

    def test_ties_count_half(self):
        found = separation.measure(observed((1, True), (2, True), (2, False), (3, False)))

        assert found.auc.value == Decimal("0.875")

    def test_ks_is_the_widest_gap(self):
        found = separation.measure(observed((1, True), (2, False), (3, True), (4, False)))

        assert found.ks == Decimal("0.5")

    def test_the_interval_is_delongs(self):
        # Placements of the goods 1, 0.5, 1 and of the bads 1, 2/3: variances 1/12 and 1/18.
        found = separation.measure(observed((1, True), (3, True), (2, False), (4, False), (5, False)))

        assert round(found.auc.value, 6) == Decimal("0.833333")
        spread = (Decimal(1) / 12 / 3 + Decimal(1) / 18 / 2).sqrt()
        assert round(found.auc.low, 12) == round(Decimal(5) / 6 - Decimal("1.959963984540054") * spread, 12)
        assert found.auc.high == 1

    def test_one_bad_has_the_widest_interval(self):
        found = separation.measure(observed((2, True), (1, False), (3, False), (4, False)))

        assert found.auc.high - found.auc.low > Decimal("0.7")

    def test_without_bads_there_is_nothing_to_tell(self):
        assert separation.measure(observed((1, False), (2, False))) is None


class TestLift:
    def test_compares_each_group_with_everybody(self):
        first, second = separation.lift((Count(goods=10, bads=10), Count(goods=75, bads=5)))

        assert (round(first.lift, 3), round(first.caught, 3)) == (Decimal("3.333"), Decimal("0.667"))
        assert (round(second.lift, 3), second.caught) == (Decimal("0.417"), 1)

    def test_without_bads_there_is_none(self):
        assert separation.lift((Count(goods=3, bads=0),)) == ()


class TestInGroups:
    def test_makes_equal_groups_from_the_worst(self):
        found = separation.in_groups(observed((4, False), (1, True), (3, False), (2, True)), groups=2)

        assert found == (Count(goods=0, bads=2), Count(goods=2, bads=0))

    def test_keeps_equal_scores_together(self):
        found = separation.in_groups(observed((1, True), (1, False), (1, False), (2, False)), groups=4)

        assert found == (Count(goods=2, bads=1), Count(goods=1, bads=0))
