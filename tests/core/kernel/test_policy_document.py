"""A mistake in a policy file is named by its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError


def node(value: object) -> Node:
    return Node(value, "limits")


class TestNode:
    def test_reads_each_kind_of_value(self):
        document = node(
            {"rate": "0.95", "days": 30, "from": "2026-01-31", "on": "yes", "label": {"zh": "甲", "en": "A"}}
        )

        assert document.child("rate").number() == Decimal("0.95")
        assert document.child("days").count() == 30
        assert document.child("from").day() == date(2026, 1, 31)
        assert document.child("on").flag() is True
        assert document.child("label").words() == Words(zh="甲", en="A")

    def test_names_the_path_of_a_missing_key(self):
        with pytest.raises(PolicyError) as caught:
            node({"caps": [{}]}).child("caps").items()[0].child("grade")

        assert caught.value.path == "limits.caps[0]"

    def test_refuses_a_misspelt_key(self):
        with pytest.raises(PolicyError, match="unknown wieght"):
            node({"wieght": "1"}).only("weight")

    @pytest.mark.parametrize("value", [0.95, True, "about ten", "NaN", "Infinity", None])
    def test_refuses_what_is_not_an_exact_number(self, value):
        with pytest.raises(PolicyError):
            node(value).number()

    @pytest.mark.parametrize(
        ("value", "fits"), [("0", True), ("100", True), ("-0.01", False), ("100.01", False)]
    )
    def test_holds_numbers_inside_their_bounds(self, value, fits):
        if fits:
            assert node(value).number(least="0", most="100") == Decimal(value)
        else:
            with pytest.raises(PolicyError):
                node(value).number(least="0", most="100")

    def test_refuses_half_a_day_count(self):
        with pytest.raises(PolicyError, match="whole"):
            node("1.5").count()

    def test_refuses_a_label_in_one_language(self):
        with pytest.raises(PolicyError, match="en"):
            node({"zh": "甲"}).words()
