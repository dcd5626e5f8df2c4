from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.monitoring import detectors
from tradecredit.core.monitoring.detectors import OrderDetector, PaymentDetector

USUAL = PaymentDetector()
DAYS = st.lists(st.integers(-30, 120).map(Decimal), min_size=5, max_size=12)


def _days(*values):
    return [Decimal(value) for value in values]


class TestMedian:
    @pytest.mark.parametrize(
        ("values", "middle"), [((3,), "3"), ((5, 1, 3), "3"), ((4, 1, 3, 2), "2.5"), ((1, 2, 300), "2")]
    )
    def test_is_the_value_in_the_middle(self, values, middle):
        assert detectors.median(_days(*values)) == Decimal(middle)

    def test_is_unknown_for_nothing(self):
        assert detectors.median([]) is None


class TestDeviation:
    def test_one_outlier_does_not_widen_it(self):
        assert detectors.deviation(_days(0, 1, 2, 3, 400)) == Decimal("1.4826")


class TestSlowing:
    def test_measures_in_deviations_from_before(self):
        found = detectors.slowing(
            recent=_days(15, 16, 14, 15, 15), baseline=_days(0, 1, 2, 1, 0), rules=USUAL
        )

        assert found == Decimal("7.0000")

    def test_says_nothing_with_too_few_payments(self):
        assert (
            detectors.slowing(recent=_days(15, 16, 14, 15), baseline=_days(0, 1, 2, 1, 0), rules=USUAL)
            is None
        )

    @given(recent=DAYS, baseline=DAYS)
    def test_everybody_later_by_a_day_is_never_better(self, recent, baseline):
        before = detectors.slowing(recent=recent, baseline=baseline, rules=USUAL)

        later = detectors.slowing(recent=[day + 1 for day in recent], baseline=baseline, rules=USUAL)

        assert later >= before


class TestDrift:
    def test_sums_what_exceeds_the_usual_and_the_slack(self):
        found = detectors.drift(recent=_days(3, 5, 0, 6, 2), baseline=_days(1, 1, 1, 1, 1), rules=USUAL)

        assert found == Decimal("6.0000")

    @given(recent=DAYS, baseline=DAYS)
    def test_is_never_below_nothing(self, recent, baseline):
        assert detectors.drift(recent=recent, baseline=baseline, rules=USUAL) >= 0


class TestDrop:
    RULES = OrderDetector(periods=4, least_active=3)

    @pytest.mark.parametrize(
        ("now", "drop"), [("40", "0.6000"), ("100", "0.0000"), ("250", "-1.5000"), ("0", "1.0000")]
    )
    def test_compares_with_the_usual(self, now, drop):
        earlier = [Decimal(each) for each in ("90", "100", "110", "100")]

        assert detectors.drop(now=Decimal(now), earlier=earlier, rules=self.RULES) == Decimal(drop)

    def test_says_nothing_of_who_seldom_orders(self):
        assert detectors.drop(now=Decimal(0), earlier=_days(0, 100, 0, 100), rules=self.RULES) is None


class TestRead:
    def test_reads_how_keen_they_are(self):
        found = detectors.read(
            Node({"payments": {"recent_days": "60"}, "orders": {"periods": "3", "least_active": "2"}}, "x")
        )

        assert (found.payments.recent_days, found.orders.periods, found.window_days) == (60, 3, 180)

    def test_refuses_more_active_periods_than_there_are(self):
        with pytest.raises(PolicyError):
            detectors.read(Node({"orders": {"periods": "3", "least_active": "4"}}, "x"))
