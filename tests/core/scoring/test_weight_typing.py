"""Weights of single indicators become the two levels of a model, each of which sums to 100 %."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.scoring import model_lines, model_typing, scorecard_document, weight_typing
from tradecredit.integrations import policy_packs

MODEL = policy_packs.load_pack("five-pillars")
NAMES = [one.name for each in model_lines.lines(MODEL).dimensions for one in each.indicators]


class TestShares:
    def test_what_rounding_leaves_goes_to_the_largest_rest(self):
        assert weight_typing.shares([Decimal(1)] * 3) == [Decimal("33.4"), Decimal("33.3"), Decimal("33.3")]

    def test_nothing_has_no_shares(self):
        assert weight_typing.shares([Decimal(0), Decimal(0)]) == [0, 0]

    @given(st.lists(st.decimals(0, 1000, places=4), min_size=1, max_size=12))
    def test_they_sum_to_the_whole(self, parts):
        found = weight_typing.shares(parts)
        assert sum(found) == (100 if sum(parts) else 0)
        assert all(each >= 0 for each in found)


class TestTyped:
    def test_of_30_10_and_60_the_first_two_in_one_dimension(self):
        weights = {"debt_ratio": Decimal(30), "current_ratio": Decimal(10), "inventory_turnover": Decimal(60)}
        found = weight_typing.typed(model_lines.lines(MODEL), weights=weights)
        assert (found["weight:solvency"], found["weight:operation"]) == ("40", "60")
        assert (found["weight:solvency:debt_ratio"], found["weight:solvency:current_ratio"]) == ("75", "25")
        assert "weight:profitability:gross_margin" not in found

    @given(
        st.dictionaries(st.sampled_from(NAMES), st.decimals(0, 100, places=2), min_size=1).filter(
            lambda d: sum(d.values()) > 0
        )
    )
    def test_typed_into_the_model_they_are_sound(self, weights):
        typed = weight_typing.typed(model_lines.lines(MODEL), weights=weights)
        scorecard_document.parse(model_typing.written(MODEL, typed)["scorecard"])
