from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.credit_facts import authority_of, section
from tradecredit.core.approvals import authority
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import PolicyError

AUTHORITY = authority_of()
_BOUNDS = [Decimal(text) for text in ("0", "49999.99", "50000", "200000", "499999.99", "500000", "2000000")]


def fits(rule, *, kind, grade, amount, over):
    """Say whether a row fits, compared bound by bound: the meaning that the table must have."""
    is_ours = amount.currency == AUTHORITY.currency
    bounds = rule.amounts
    value = amount.amount if is_ours else Decimal("Infinity")
    return (
        (rule.request_kinds is None or kind in rule.request_kinds)
        and (rule.grades is None or (grade or authority.UNRATED) in rule.grades)
        and (bounds.at_least is None or value >= bounds.at_least)
        and (bounds.above is None or value > bounds.above)
        and (bounds.below is None or value < bounds.below)
        and (bounds.up_to is None or value <= bounds.up_to)
        and (rule.over_most is None or over is None or over.amount <= rule.over_most)
    )


class TestRuleFor:
    @given(
        kind=st.sampled_from(["order_release", "credit_limit", "policy", "something"]),
        grade=st.none() | st.sampled_from(["A", "B", "C", "D"]),
        amount=st.sampled_from(_BOUNDS).flatmap(
            lambda bound: st.sampled_from([bound, bound + Decimal("0.01"), bound + 1])
        ),
        currency=st.sampled_from(["CNY", "USD"]),
        over=st.none() | st.sampled_from(_BOUNDS).map(lambda amount: Money(amount, "CNY")),
    )
    def test_is_the_first_row_that_fits(self, kind, grade, amount, currency, over):
        asked = {"kind": kind, "grade": grade, "amount": Money(amount, currency), "over": over}

        expected = next((rule for rule in AUTHORITY.rules if fits(rule, **asked)), AUTHORITY.otherwise)

        assert AUTHORITY.rule_for(**asked).code == expected.code


class TestTold:
    def test_names_the_row_and_why_not_those_before_it(self):
        told = AUTHORITY.told(kind="order_release", grade="A", amount=Money.of("500000.00", "CNY"))

        assert told.headline.zh.startswith("“授权表”第 2 行命中：申请类型 order_release")
        assert told.headline.zh.endswith("结果 A级 50万及以上。")
        assert [words.en for words in told.rows_before] == [
            "Row 1 did not match: Amount is CNY 500,000.00, it asks for < 500000.00."
        ]


class TestParse:
    def test_reads_rows_written_as_tests_of_the_language(self):
        written = section("five-pillars", "authority")
        written["rules"] = [
            {
                "code": "middle",
                "label": {"zh": "五万至二十万", "en": "50,000 to 200,000"},
                "when": {"request_kind": ["credit_limit"], "amount": "[50000..200000]"},
                "mode": "single",
                "roles": ["finance_manager"],
            }
        ]
        parsed = authority.parse(written)

        found = [
            parsed.rule_for(kind="credit_limit", grade=None, amount=Money.of(amount, "CNY")).code
            for amount in ("49999.99", "50000.00", "200000.00", "200000.01")
        ]
        assert found == ["otherwise", "middle", "middle", "otherwise"]

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"when": {"amount": "< <"}}, "'< <'"),
            ({"when": {"colour": "red"}}, "unknown colour"),
            ({"when": {"grade": "A"}, "grades": ["A"]}, "either as tests or as lists"),
        ],
    )
    def test_names_the_place_of_a_mistake(self, fields, said):
        written = section("five-pillars", "authority")
        written["rules"] = [
            {"code": "a", "label": {"zh": "甲", "en": "a"}, "mode": "single", "roles": ["cfo"], **fields}
        ]

        with pytest.raises(PolicyError, match="authority") as refusal:
            authority.parse(written)

        assert said in str(refusal.value)
