"""Between grades, and as an intake ages."""

from __future__ import annotations

from decimal import Decimal

from tradecredit.core.scoring import movements
from tradecredit.core.scoring.movements import Vintage


class TestMigration:
    def test_counts_by_before_and_after(self):
        found = movements.migration([("A", "A"), ("A", "B"), ("B", "A"), ("A", "B")], grades=("A", "B"))

        assert found.counts == ((1, 2), (1, 0))
        assert (found.stayed, found.improved, found.worsened) == (1, 1, 2)

    def test_tells_shares_of_the_grade_before(self):
        found = movements.migration([("A", "A"), ("A", "B")], grades=("A", "B"))

        assert found.share("A", "B") == Decimal("0.5")
        assert found.share("B", "A") is None

    def test_grades_of_another_scale_stand_last(self):
        found = movements.migration([("AAA", "A")], grades=("A", "B"))

        assert found.grades == ("A", "B", "AAA")
        assert found.improved == 1


class TestVintages:
    def test_cumulates_bads_by_period(self):
        found = movements.vintages(
            [("2026-01", 0), ("2026-01", 2), ("2026-01", None), ("2026-02", None)],
            periods={"2026-01": 3, "2026-02": 2},
        )

        assert found[0] == Vintage(name="2026-01", customers=3, bad_by_period=(1, 1, 2))
        assert found[1].rates == (0, 0)

    def test_bad_after_the_periods_that_ended_is_not_known_yet(self):
        (found,) = movements.vintages([("2026-02", 4)], periods={"2026-02": 2})

        assert found.bad_by_period == (0, 0)

    def test_an_empty_intake_has_no_rates(self):
        (found,) = movements.vintages([], periods={"2026-02": 2})

        assert found.rates == ()
