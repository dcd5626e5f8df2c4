"""The proposed limit, step by step."""

from __future__ import annotations

from decimal import Decimal

from tradecredit.core.kernel.money import Money
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.values import Known

LABEL = {"zh": "甲", "en": "A"}


def policy_of(trade: str) -> dict[str, object]:
    return {
        "trade": trade,
        "terms_days": "30",
        "prepayment_percent": "0",
        "review_months": "3",
        "figures": {"months": "3", "cap": "500000"},
    }


GRADES = {
    "grades": [
        {"grade": "A", "label": LABEL, "from": "50", "policy": policy_of("credit")},
        {"grade": "D", "label": LABEL, "from": "0", "policy": policy_of("cash")},
    ]
}
LIMITS = {
    "currency": "CNY",
    "formula": [
        {
            "name": "sales",
            "label": LABEL,
            "start": {"attribute": "average_monthly_sales", "figure": "months"},
        },
        {
            "name": "tenure",
            "label": LABEL,
            "factor": [
                {"when": {"attribute": "years_of_trade", "from": "3"}, "times": "1.2", "label": LABEL}
            ],
        },
        {"name": "equity", "label": LABEL, "at_most": {"attribute": "equity", "share": "0.10"}},
        {"name": "cap", "label": LABEL, "at_most": {"figure": "cap"}},
        {"name": "rounding", "label": LABEL, "round_down_to": "1000"},
    ],
    "trial": {"label": LABEL, "when": {"attribute": "order_count", "below": "3"}, "most": "50000"},
    "validity_months": "12",
    "temporary": {"days_most": "30", "share_most": "0.50"},
}


def proposed(grade: str = "A", currency: str = "CNY", **values: str) -> recommend.Proposal:
    policy = recommend.parse(LIMITS, grades=GRADES, known=REGISTRY)
    known = {name: Known(value=Decimal(text)) for name, text in values.items()}
    terms = grade_policy.of_grade(grade_policy.parse(GRADES), grade=grade)
    return recommend.propose(policy, grade=terms, values=known, currency=currency)


class TestPropose:
    def test_multiplies_sales_by_the_grade_and_tenure(self):
        found = proposed(average_monthly_sales="100000", years_of_trade="7")

        assert found.amount == Money.of("360000", "CNY")
        assert [step.after for step in found.steps] == [300000, 360000, 360000, 360000, 360000]
        assert found.steps[0].words.en == "A: 100,000.00 × 3 = 300,000.00"

    def test_caps_by_equity_and_by_grade(self):
        assert proposed(average_monthly_sales="100000", equity="2000000").amount == Money.of("200000", "CNY")
        assert proposed(average_monthly_sales="900000").amount == Money.of("500000", "CNY")

    def test_negative_equity_carries_no_credit(self):
        assert proposed(average_monthly_sales="100000", equity="-1").amount == Money.of("0", "CNY")

    def test_cuts_down_to_the_multiple_and_never_up(self):
        assert proposed(average_monthly_sales="33333.33").amount == Money.of("99000", "CNY")

    def test_proposes_nothing_where_sales_are_unknown(self):
        found = proposed()

        assert found.amount is None
        assert found.steps[-1].words.en == "A: no data"

    def test_a_trial_bounds_the_formula_and_stands_in_for_it(self):
        assert proposed(order_count="2", average_monthly_sales="100000").amount == Money.of("50000", "CNY")
        assert proposed(order_count="2", average_monthly_sales="1000").amount == Money.of("3000", "CNY")
        assert proposed(order_count="2").amount == Money.of("50000", "CNY")
        assert proposed(order_count="3").amount is None

    def test_a_grade_without_credit_gets_zero_even_on_trial(self):
        found = proposed("D", average_monthly_sales="100000", order_count="1")

        assert found.amount == Money.of("0", "CNY")
        assert not found.is_trial

    def test_says_nothing_about_another_currency(self):
        found = proposed(currency="USD", average_monthly_sales="100000", order_count="1")

        assert found.amount is None
        assert found.steps[-1].words.en == "the policy's amounts are in CNY and say nothing about USD"
