"""When a moved grade makes a line worth looking at again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.kernel.limit import Amount, NotSet, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.limits import review
from tradecredit.core.limits.review import ReviewPolicy

POLICY = ReviewPolicy(frozenset({"up", "down"}), Decimal("0.10"))
CURRENT = Amount(Money.of("500000", "CNY"))


class TestIsDue:
    @pytest.mark.parametrize(
        ("direction", "proposed", "expected"),
        [
            ("down", "450000", True),
            ("down", "450000.01", False),
            ("down", "0", True),
            ("down", "900000", False),
            ("up", "550000", True),
            ("up", "549999.99", False),
            ("up", "100000", False),
            ("same", "0", False),
            ("first", "0", False),
        ],
    )
    def test_asks_for_a_change_of_the_least_share_in_the_direction_of_the_grade(
        self, direction, proposed, expected
    ):
        found = review.is_due(
            POLICY, direction=direction, current=CURRENT, proposed=Money.of(proposed, "CNY")
        )

        assert found is expected

    @pytest.mark.parametrize("current", [NotSet(), Unlimited()])
    def test_leaves_what_somebody_decided_without_an_amount(self, current):
        assert not review.is_due(POLICY, direction="down", current=current, proposed=Money.of("0", "CNY"))

    def test_needs_an_amount_to_propose(self):
        assert not review.is_due(POLICY, direction="down", current=CURRENT, proposed=None)

    def test_heeds_only_the_moves_that_policy_names(self):
        only_falls = ReviewPolicy(frozenset({"down"}), Decimal(0))

        assert not review.is_due(
            only_falls, direction="up", current=CURRENT, proposed=Money.of("900000", "CNY")
        )
