"""Conditions as data."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import conditions
from tradecredit.core.scoring.values import Known

KNOWN = frozenset({"debt_ratio", "industry", "dishonest_debtor"})
VALUES = {
    "debt_ratio": Known(value=Decimal("0.71")),
    "industry": Known(value="steel"),
    "dishonest_debtor": Known(value=True),
}


def parsed(document):
    return conditions.parse(Node(document, "rule"), known=KNOWN)


class TestHolds:
    @pytest.mark.parametrize(
        ("document", "expected"),
        [
            ({"attribute": "debt_ratio", "above": "0.70"}, True),
            ({"attribute": "debt_ratio", "above": "0.71"}, False),
            ({"attribute": "industry", "is": "steel"}, True),
            ({"attribute": "industry", "is_not": "steel"}, False),
            ({"attribute": "industry", "one_of": ["glass", "steel"]}, True),
            ({"attribute": "dishonest_debtor", "is": "yes"}, True),
            ({"attribute": "industry", "missing": "no"}, True),
            ({"attribute": "industry", "above": "1"}, False),
            (
                {
                    "all": [
                        {"attribute": "industry", "is": "steel"},
                        {"attribute": "debt_ratio", "above": "1"},
                    ]
                },
                False,
            ),
            (
                {
                    "any": [
                        {"attribute": "industry", "is": "steel"},
                        {"attribute": "debt_ratio", "above": "1"},
                    ]
                },
                True,
            ),
        ],
    )
    def test_compares_with_known_values(self, document, expected):
        assert conditions.holds(parsed(document), values=VALUES) is expected

    @pytest.mark.parametrize(
        ("document", "expected"),
        [
            ({"attribute": "debt_ratio", "above": "0.70"}, False),
            ({"attribute": "debt_ratio", "up_to": "0.70"}, False),
            ({"attribute": "industry", "is": "steel"}, False),
            ({"attribute": "industry", "is_not": "steel"}, False),
            ({"attribute": "industry", "missing": "yes"}, True),
            ({"attribute": "industry", "missing": "no"}, False),
        ],
    )
    def test_a_missing_value_fulfils_no_comparison(self, document, expected):
        assert conditions.holds(parsed(document), values={}) is expected


class TestParse:
    @pytest.mark.parametrize(
        "document",
        [
            {"attribute": "shoe_size", "above": "1"},
            {"attribute": "debt_ratio"},
            {"attribute": "debt_ratio", "above": "1", "is": "x"},
            {"all": []},
            {"attribute": "debt_ratio", "over": "1"},
        ],
    )
    def test_refuses_what_would_never_hold_or_says_two_things(self, document):
        with pytest.raises(PolicyError):
            parsed(document)

    def test_names_what_it_looks_at(self):
        condition = parsed(
            {"any": [{"attribute": "industry", "is": "steel"}, {"attribute": "debt_ratio", "above": "1"}]}
        )

        assert conditions.attributes_of(condition) == {"industry", "debt_ratio"}
