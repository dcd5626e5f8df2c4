"""What a table says when one row, several or none match."""

from __future__ import annotations

from decimal import Decimal

import pytest

from factories.decision_models import decision, fact, model, needs, table

RULES = ["< 30 | 1", "[20..60] | 3", "> 50 | 2"]


def decided(days: int | None, *, policy: str, rules: list[str] | None = None, **kwargs: str):
    logic = table(["days"], ["points"], rules or RULES, policy=policy, **kwargs)
    made = model(fact("days") + decision("score", logic, needs=needs("days")))
    return made.decide("score", {"days": days})


class TestHitPolicies:
    @pytest.mark.parametrize(
        ("policy", "days", "expected"),
        [
            ("UNIQUE", 10, 1),
            ("FIRST", 25, 1),
            ("RULE ORDER", 25, (1, 3)),
            ("COLLECT", 55, (3, 2)),
            ("COLLECT SUM", 25, 4),
            ("COLLECT MIN", 55, 2),
            ("COLLECT MAX", 25, 3),
            ("COLLECT COUNT", 25, 2),
        ],
    )
    def test_settles(self, policy, days, expected):
        found = decided(days, policy=policy)

        assert found.value == expected
        assert found.diagnostics == ()

    @pytest.mark.parametrize(
        ("policy", "days", "code"),
        [("UNIQUE", 25, "several_hits"), ("ANY", 25, "differing_hits"), ("PRIORITY", 25, "not_prioritised")],
    )
    def test_refuses_to_choose_and_says_which_rows(self, policy, days, code):
        found = decided(days, policy=policy)

        assert found.value is None
        assert found.diagnostics[0].code == code
        if code != "not_prioritised":
            assert "1, 2" in found.diagnostics[0].words.en

    def test_any_accepts_rows_that_agree(self):
        assert decided(25, policy="ANY", rules=["< 30 | 7", "> 20 | 7.0"]).value == 7

    @pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", "高"), ("OUTPUT ORDER", ("高", "低"))])
    def test_orders_by_the_listed_values(self, policy, expected):
        rules = ['< 30 | "低"', '> 20 | "高"']

        assert decided(25, policy=policy, rules=rules, values='"高", "中", "低"').value == expected

    def test_texts_have_no_sum(self):
        found = decided(10, policy="COLLECT SUM", rules=['- | "a"'])

        assert found.value is None
        assert [one.code for one in found.diagnostics] == ["wrong_aggregation"]

    def test_takes_the_default_when_no_row_matches(self):
        assert decided(70, policy="UNIQUE", rules=["< 30 | 1"], default="0").value == Decimal(0)

    def test_no_row_and_no_default_is_null_with_the_reason(self):
        found = decided(70, policy="UNIQUE", rules=["< 30 | 1"])

        assert found.value is None
        assert [one.code for one in found.diagnostics] == ["no_hit"]

    def test_a_missing_fact_matches_no_comparison(self):
        found = decided(None, policy="UNIQUE")

        assert found.value is None
        assert "no_hit" in [one.code for one in found.diagnostics]
