"""The best cut of all."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tradecredit.core.scoring import binning, evidence
from tradecredit.core.scoring.binning import BinningRules
from tradecredit.core.scoring.evidence import Count

COUNTS = st.builds(Count, goods=st.integers(0, 6), bads=st.integers(0, 4))
RULES = st.builds(
    BinningRules,
    bins_max=st.integers(2, 4),
    least_count=st.integers(1, 4),
    trend=st.sampled_from(["rising", "falling", "any"]),
)


def is_admissible(bins: tuple[Count, ...], rules: BinningRules) -> bool:
    if any(each.total < rules.least_count for each in bins):
        return False
    rates = [Decimal(each.bads) / each.total for each in bins]
    rises = all(left <= right for left, right in pairwise(rates))
    falls = all(left >= right for left, right in pairwise(rates))
    return {"rising": rises, "falling": falls, "any": rises or falls}[rules.trend]


class TestBestCuts:
    def test_cuts_where_good_becomes_bad(self):
        pieces = (Count(goods=9, bads=1), Count(goods=9, bads=1), Count(goods=2, bads=8))

        assert binning.best_cuts(pieces, rules=BinningRules(bins_max=5, least_count=1)) in {(2,), (1, 2)}

    def test_keeps_the_direction_asked_for(self):
        pieces = (Count(goods=2, bads=8), Count(goods=9, bads=1))

        assert binning.best_cuts(pieces, rules=BinningRules(bins_max=2, least_count=1, trend="rising")) == ()

    def test_makes_no_bin_too_small(self):
        pieces = (Count(goods=1, bads=0), Count(goods=5, bads=5))

        assert binning.best_cuts(pieces, rules=BinningRules(bins_max=2, least_count=2)) == ()

    @settings(deadline=None, max_examples=60)
    @given(st.lists(COUNTS, min_size=2, max_size=6), RULES)
    def test_is_as_good_as_trying_everything(self, pieces, rules):
        if not sum(each.goods for each in pieces) or not sum(each.bads for each in pieces):
            return
        ways = [
            binning.merged(pieces, cuts=cuts)
            for number in range(rules.bins_max)
            for cuts in combinations(range(1, len(pieces)), number)
        ]
        best = max(
            (evidence.information_value(way) for way in ways if is_admissible(way, rules)), default=None
        )

        found = binning.merged(pieces, cuts=binning.best_cuts(pieces, rules=rules))

        if best is not None:
            assert is_admissible(found, rules)
            assert round(evidence.information_value(found), 15) == round(best, 15)


class TestMerged:
    def test_sums_between_the_cuts(self):
        pieces = (Count(goods=1, bads=2), Count(goods=3, bads=4), Count(goods=5, bads=6))

        assert binning.merged(pieces, cuts=(1,)) == (Count(goods=1, bads=2), Count(goods=8, bads=10))
