"""Terms of orders by grade: the default, and what a moved grade does to orders that have not left."""

from __future__ import annotations

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.limits import order_terms
from tradecredit.core.limits.order_terms import OpenOrders, Terms

AGREED = Terms(days=60)


class TestByDefault:
    @pytest.mark.parametrize(
        ("line_days", "grade_days", "is_taken_over", "expected"),
        [
            (60, 30, False, 30),
            (30, 60, False, 30),
            (None, 15, False, 15),
            (45, None, False, 45),
            (None, None, False, None),
            (60, 30, True, 60),
            (None, 30, True, 30),
            (60, 0, False, 0),
        ],
    )
    def test_gives_the_shorter_of_line_and_grade(self, line_days, grade_days, is_taken_over, expected):
        found = order_terms.by_default(
            line_days=line_days, grade_days=grade_days, is_taken_over=is_taken_over
        )

        assert found == expected


class TestAfter:
    def test_keeps_terms_where_policy_says_so(self):
        assert order_terms.after(AGREED, grade_days=30, rule=OpenOrders()) == AGREED

    @pytest.mark.parametrize("rule", ["shorten", "follow"])
    def test_shortens_and_remembers_what_was_agreed(self, rule):
        found = order_terms.after(AGREED, grade_days=30, rule=OpenOrders(terms=rule))

        assert found == Terms(days=30, first_days=60)

    def test_gives_back_no_more_than_was_agreed_and_only_where_terms_follow(self):
        shortened = Terms(days=30, first_days=60)

        assert order_terms.after(shortened, grade_days=45, rule=OpenOrders(terms="follow")) == Terms(
            days=45, first_days=60
        )
        assert order_terms.after(shortened, grade_days=90, rule=OpenOrders(terms="follow")) == AGREED
        assert order_terms.after(shortened, grade_days=90, rule=OpenOrders(terms="shorten")) == shortened

    def test_leaves_shorter_terms_alone(self):
        assert order_terms.after(Terms(days=15), grade_days=30, rule=OpenOrders(terms="follow")) == Terms(
            days=15
        )


class TestParse:
    def test_reads_what_the_pack_says(self):
        found = order_terms.parse({"open_orders": {"terms": "follow", "pause_shipments": ["D"]}})

        assert found == OpenOrders(terms="follow", pause_shipments=frozenset({"D"}))

    def test_a_pack_that_says_nothing_moves_nothing(self):
        assert order_terms.parse({}) == OpenOrders(terms="keep", pause_shipments=frozenset())

    def test_refuses_what_nobody_reads(self):
        with pytest.raises(PolicyError, match="unknown lengthen"):
            order_terms.parse({"open_orders": {"lengthen": "yes"}})
