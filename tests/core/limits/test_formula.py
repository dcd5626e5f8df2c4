from __future__ import annotations

from decimal import Decimal

import pytest

from factories.credit_facts import section
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.scoring import attributes
from tradecredit.core.scoring.values import Known

GRADES = section("five-pillars", "grades")


def policy(*steps):
    written = {**section("five-pillars", "limits"), "formula": list(steps)}
    written.pop("trial")
    return recommend.parse(written, grades=GRADES, known=attributes.REGISTRY)


def step(text, **fields):
    return {"name": "own", "label": {"zh": "公式", "en": "Formula"}, "formula": text, **fields}


def proposed(found, **values):
    grade = grade_policy.of_grade(grade_policy.parse(GRADES), grade="B")
    known = {name: Known(value=Decimal(value)) for name, value in values.items()}
    return recommend.propose(found, grade=grade, values=known, currency="CNY")


class TestFormula:
    def test_comes_to_what_the_text_says_with_attributes_and_figures(self):
        found = proposed(
            policy(step("average_monthly_sales * limit_months"), step("min(amount, equity * 0.10)")),
            average_monthly_sales="100000",
            equity="1500000",
        )

        assert found.amount.text() == "150000.00"
        assert [one.words.en for one in found.steps] == [
            (
                "Formula: average_monthly_sales * limit_months (average_monthly_sales = 100,000, limit_months = 2)"
                " = 200,000.00"
            ),
            "Formula: min(amount, equity * 0.10) (amount = 200,000, equity = 1,500,000) = 150,000.00",
        ]

    def test_has_no_answer_where_a_figure_is_missing(self):
        found = proposed(policy(step("average_monthly_sales * limit_months")))

        assert found.amount is None
        assert "average_monthly_sales = ?" in found.steps[-1].words.zh

    def test_may_look_at_the_grade(self):
        assert proposed(policy(step('if grade = "B" then 7000 else 0'))).amount.text() == "7000.00"

    @pytest.mark.parametrize(
        ("text", "said"),
        [("average_monthly_sale * 2", "average_monthly_sales?"), ("1 +", ""), ("equity * ", "")],
    )
    def test_is_looked_over_before_it_is_used(self, text, said):
        with pytest.raises(PolicyError, match=r"limits\.formula\[0\]\.formula") as refusal:
            policy(step(text))

        assert said.replace("?", "") in str(refusal.value)


class TestWrittenConditions:
    def factor(self, when):
        line = {"when": when, "times": "1.2", "label": {"zh": "上调", "en": "raised"}}
        return policy(
            step("100000"), {"name": "f", "label": {"zh": "系数", "en": "Factor"}, "factor": [line]}
        )

    @pytest.mark.parametrize(
        ("years", "overdue", "amount"),
        [("3", "0", "120000.00"), ("2.99", "0", "100000.00"), ("3", "1", "100000.00")],
    )
    def test_a_factor_may_ask_in_the_language(self, years, overdue, amount):
        found = self.factor("years_of_trade >= 3 and overdue_count = 0")

        assert proposed(found, years_of_trade=years, overdue_count=overdue).amount.text() == amount

    def test_a_missing_value_fulfils_no_comparison_but_can_be_asked_for(self):
        assert proposed(self.factor("years_of_trade >= 3")).amount.text() == "100000.00"
        assert proposed(self.factor("years_of_trade = null")).amount.text() == "120000.00"

    def test_an_unknown_attribute_is_named(self):
        with pytest.raises(PolicyError, match="years_of_trad"):
            self.factor("years_of_trad >= 3")
