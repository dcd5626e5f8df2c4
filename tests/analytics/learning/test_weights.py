"""Suggested weights lean to what told the bad from the good."""

from __future__ import annotations

from decimal import Decimal

from tradecredit.analytics.learning import weights

GIVEN = {"tells": Decimal(50), "noise": Decimal(50)}


def rows(count: int = 60) -> tuple[list[dict[str, Decimal | None]], list[bool]]:
    bad = [place % 3 == 0 for place in range(count)]
    return [
        {
            "tells": Decimal(20 if is_bad else 80),
            "noise": None if place % 5 == 0 else Decimal(place % 2 * 100),
        }
        for place, is_bad in enumerate(bad)
    ], bad


class TestSuggest:
    def test_leans_to_what_tells_and_sums_to_the_whole(self):
        points, bad = rows()

        found = weights.suggest(points, is_bad=bad, given=GIVEN)

        assert found["tells"] > 70
        assert sum(found.values()) == 100

    def test_keeps_the_experts_weights_where_history_says_nothing(self):
        points, bad = rows()
        same = [{name: Decimal(50) for name in GIVEN} for _ in points]

        assert weights.suggest(same, is_bad=bad, given=GIVEN) == GIVEN
