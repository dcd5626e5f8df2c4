"""Attributes that a policy works out from others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import formulas, model_typing, scorecard, scorecard_document
from tradecredit.core.scoring.values import Known, Missing
from tradecredit.integrations import policy_packs

MODEL = policy_packs.load_pack("three-tiers")
YEAR_END, MARCH = date(2025, 12, 31), date(2026, 3, 31)
OWN = {
    "formula:name": "sales_per_equity",
    "formula:zh": "净资产周转",
    "formula:en": "Sales per equity",
    "formula:unit": "times",
    "formula:direction": "higher_is_better",
    "formula:formula": "revenue / equity",
}


def known_with(**changes):
    typed = {**OWN, **{f"formula:{key}": value for key, value in changes.items()}}
    return scorecard_document.attributes_of(model_typing.written(MODEL, typed)["scorecard"])


class TestCompleted:
    def test_works_out_a_formula_and_is_as_old_as_its_oldest_part(self):
        values = {
            "revenue": Known(value=Decimal(1200), known_on=MARCH),
            "equity": Known(value=Decimal(400), known_on=YEAR_END),
        }

        found = formulas.completed(values, known=known_with())

        assert found["sales_per_equity"] == Known(value=Decimal(3), source="formula", known_on=YEAR_END)

    @pytest.mark.parametrize("equity", [Missing(), Known(value=Decimal(0))])
    def test_an_unknown_part_or_a_division_by_zero_makes_it_missing(self, equity):
        values = {"revenue": Known(value=Decimal(1200)), "equity": equity}

        assert formulas.completed(values, known=known_with())["sales_per_equity"] == Missing(
            cause="not_computable"
        )

    def test_a_result_of_another_kind_than_declared_is_missing(self):
        values = {"revenue": Known(value=Decimal(1)), "equity": Known(value=Decimal(2))}

        found = formulas.completed(values, known=known_with(formula="revenue > equity"))

        assert isinstance(found["sales_per_equity"], Missing)

    def test_scores_like_any_other_indicator(self):
        first = model_typing.written(MODEL, OWN)
        typed = {"add:statements": "sales_per_equity", "weight:statements:current_ratio": "0"}
        typed |= {"weight:statements:sales_per_equity": "40", "bin:sales_per_equity:1:edge": "2"}
        second = model_typing.written({**MODEL, **first}, typed)
        third = model_typing.written(
            {**MODEL, **second},
            {"weight:statements:sales_per_equity": "40", "bin:sales_per_equity:1:edge": "2",
             "bin:sales_per_equity:1:points": "90"},
        )  # fmt: skip
        card = scorecard_document.parse(third["scorecard"])
        values = {"revenue": Known(value=Decimal(1200)), "equity": Known(value=Decimal(400))}

        result = scorecard.evaluate(
            card,
            values=formulas.completed(values, known=scorecard_document.attributes_of(third["scorecard"])),
            as_of=MARCH,
        )

        assert result.score == Decimal("90.00")


class TestAttributesOf:
    @pytest.mark.parametrize("formula", ["revenue / nobody_knows", "revenue /", "sales_per_equity + 1"])
    def test_a_formula_asks_only_what_is_known_before_it(self, formula):
        with pytest.raises(PolicyError, match="sales_per_equity"):
            known_with(formula=formula)
