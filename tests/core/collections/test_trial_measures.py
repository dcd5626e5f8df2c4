from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.collections import trial_measures
from tradecredit.core.collections.trial_measures import Measure, Sums
from tradecredit.core.kernel.reasons import Words

BEGINS, DECIDED = date(2026, 1, 1), date(2026, 7, 30)


def _sums(pairs):
    """Return the sums over (x, y) of customers."""
    pairs = [(Decimal(x), Decimal(y)) for x, y in pairs]
    return Sums(
        customers=len(pairs),
        x=sum(x for x, _ in pairs),
        y=sum(y for _, y in pairs),
        xx=sum(x * x for x, _ in pairs),
        xy=sum(x * y for x, y in pairs),
        yy=sum(y * y for _, y in pairs),
    )


def _measure(champion, challenger, *, is_more_better=True):
    return Measure(
        code="paid",
        words=Words(zh="", en=""),
        unit="share",
        is_more_better=is_more_better,
        champion=_sums(champion),
        challenger=_sums(challenger),
    )


def _side(chance, *, customers, rng):
    """Return a side of customers of very different size, who pay nearly everything in time or nearly nothing."""
    pairs = []
    for _ in range(customers):
        items = rng.choice([1, 2, 3, 5, 8, 20])
        of_customer = 0.95 if rng.random() < chance else 0.05
        pairs.append((items, sum(rng.random() < of_customer for _ in range(items))))
    return pairs


def _shown(*, effect, trials=300, customers=120, seed=5):
    rng = random.Random(seed)
    return [
        _measure(_side(0.5, customers=customers, rng=rng), _side(0.5 + effect, customers=customers, rng=rng))
        for _ in range(trials)
    ]


class TestDifference:
    def test_follows_the_ratio_of_sums(self):
        # Rates 6/10 and 9/10. Residuals y - r x: (0.2, -0.6, 0.4) and (-0.7, 0.4, 0.3); n/(n-1) Σ² / (Σx)².
        measure = _measure([(3, 2), (6, 3), (1, 1)], [(3, 2), (4, 4), (3, 3)])

        assert measure.champion.variance == Decimal("0.0084")
        assert measure.challenger.variance == Decimal("0.0111")
        found = measure.difference
        assert found.value == Decimal("0.3")
        # 1.959964 √0.0195 = 0.273694; (1.959964 + 0.841621) √0.0195 = 0.391220
        assert [round(each, 6) for each in (found.low, found.high, found.detectable)] == [
            Decimal("0.026306"),
            Decimal("0.573694"),
            Decimal("0.391220"),
        ]

    @pytest.mark.parametrize("side", [[], [(4, 2)]])
    def test_says_nothing_of_a_side_without_two_customers(self, side):
        assert _measure([(3, 2), (6, 3)], side).difference is None

    def test_shows_a_difference_that_is_not_there_one_time_in_twenty(self):
        found = [measure.difference.is_shown for measure in _shown(effect=0)]

        assert 0.02 <= sum(found) / len(found) <= 0.08

    def test_counting_items_instead_of_customers_would_show_it_far_more_often(self):
        # The reason why customers are counted: their items are not independent.
        wrong = 0
        for measure in _shown(effect=0):
            rates = measure.champion.rate, measure.challenger.rate
            error = sum(
                rate * (1 - rate) / side.x
                for rate, side in zip(rates, (measure.champion, measure.challenger), strict=True)
            ).sqrt()
            wrong += abs(rates[1] - rates[0]) > Decimal("1.96") * error

        assert wrong / 300 > 0.25  # it is a third of the time

    def test_shows_a_difference_as_large_as_it_says_about_four_times_in_five(self):
        large = sum(measure.difference.detectable for measure in _shown(effect=0)) / 300

        # Customers who turn from nearly never to nearly always bring 0.9 of a share each.
        found = [measure.difference.is_shown for measure in _shown(effect=float(large) / 0.9)]

        assert 0.7 <= sum(found) / len(found) <= 0.9


class TestFinding:
    MANY = ([(2, 1)] * 20 + [(2, 0)] * 20, [(2, 2)] * 20 + [(2, 1)] * 20)

    def test_more_is_better_or_worse(self):
        assert _measure(*self.MANY).finding == "better"
        assert _measure(*self.MANY[::-1]).finding == "worse"
        assert _measure(*self.MANY, is_more_better=False).finding == "worse"

    def test_is_open_with_few_customers_however_clear_it_looks(self):
        champion, challenger = ([(2, 0)] * 28 + [(2, 1)], [(2, 2)] * 28 + [(2, 1)])

        assert _measure(champion, challenger).difference.is_shown
        assert _measure(champion, challenger).finding == "open"


class TestTold:
    def _told(self, main, state, before=None):
        return trial_measures.told(main, before or main, state=state, begins=BEGINS, decided_on=DECIDED)

    def test_concludes_nothing_before_all_is_known(self):
        told = self._told(_measure(*TestFinding.MANY), "running")

        assert "So far the difference is +50.0" in told.en
        assert "nothing is concluded before" in told.en
        assert "不下结论" in told.zh

    def test_concludes_when_all_is_known(self):
        assert self._told(_measure(*TestFinding.MANY), "over").en.startswith(
            "The new strategy does better: +50.0"
        )
        assert self._told(_measure(*TestFinding.MANY[::-1]), "over").en.startswith(
            "The new strategy does worse"
        )
        same = _measure(TestFinding.MANY[0], TestFinding.MANY[0])
        assert self._told(same, "over").en.startswith("No difference shows: +0.0")

    def test_foretells_what_will_show(self):
        told = self._told(_measure([], []), "ahead", before=_measure(*TestFinding.MANY))

        assert told.en.startswith(
            "Begins on 2026-01-01. As customers paid before, a difference of 15.9 points"
        )

    def test_says_when_there_are_too_few(self):
        assert "fewer than 30 customers" in self._told(_measure([(1, 1)] * 5, [(1, 0)] * 40), "over").en
