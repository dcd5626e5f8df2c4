"""Rules that suggest another grade or treatment to a person."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import attributes, moves, rating
from tradecredit.core.scoring.values import Known
from tradecredit.integrations import policy_packs

KNOWN = frozenset(attributes.REGISTRY)
GRADES = ("A", "B", "C", "D")
SCORECARD_PACK = policy_packs.load_pack("policy-scorecard")["grades"]
MATRIX_PACK = policy_packs.load_pack("authority-matrix")["grades"]


def fired(section, *, grade, history=None, **values):
    rules = moves.parse(section["moves"], known=KNOWN)
    known = {name: Known(value=Decimal(value)) for name, value in values.items()}
    figures = {name: Decimal(value) for name, value in (history or {}).items()}
    found = moves.fired(rules, values=known, grade=grade, grades=GRADES, history=figures)
    return [(rule.name, rule.suggests) for rule in found]


class TestFired:
    def test_three_clean_years_suggest_a_better_grade(self):
        assert fired(SCORECARD_PACK, grade="B", years_of_trade="3", overdue_count="0") == [
            ("three_clean_years", "up")
        ]
        assert fired(SCORECARD_PACK, grade="B", years_of_trade="2.99", overdue_count="0") == []
        assert fired(SCORECARD_PACK, grade="B", years_of_trade="9", overdue_count="1") == []

    def test_the_best_grade_is_suggested_no_better_one(self):
        assert fired(SCORECARD_PACK, grade="A", years_of_trade="5", overdue_count="0") == []

    def test_two_years_of_the_best_grade_suggest_strategic_credit(self):
        assert fired(SCORECARD_PACK, grade="A", history={"best_grade_years": "2.00"}) == [
            ("two_years_best", "strategic")
        ]
        assert fired(SCORECARD_PACK, grade="A", history={"best_grade_years": "1.99"}) == []

    def test_two_alerts_suggest_restricted_credit(self):
        assert fired(SCORECARD_PACK, grade="D", history={"warned_periods": "2"}) == [
            ("two_alerts", "restricted")
        ]
        assert fired(SCORECARD_PACK, grade="D", history={"warned_periods": "1"}) == []

    def test_two_alerts_within_days_are_an_option_of_policy(self):
        section = copy.deepcopy(SCORECARD_PACK)
        rule = next(one for one in section["moves"]["rules"] if one["name"] == "two_alerts")
        rule["when"] = "alerts_lately >= 2"

        assert fired(section, grade="D", history={"alerts_lately": "2", "warned_periods": "1"}) == [
            ("two_alerts", "restricted")
        ]

    def test_three_payments_in_time_suggest_a_better_grade(self):
        assert fired(MATRIX_PACK, grade="C", on_time_streak="3") == [("three_payments_in_time", "up")]
        assert fired(MATRIX_PACK, grade="C", on_time_streak="2") == []


class TestMove:
    def test_tells_who_it_is_about_and_what_is_suggested(self):
        (rule,) = moves.parse(MATRIX_PACK["moves"], known=KNOWN).rules

        assert (rule.role, rule.due_days) == ("credit_manager", 7)
        assert rule.words("示例甲").zh == "示例甲：连续三笔按期回款，建议上调等级"
        assert rule.words("X").en == "X: Three payments in time in a row; a better grade is suggested"


class TestParse:
    def test_a_policy_without_moves_suggests_nothing(self):
        assert moves.parse(None, known=KNOWN) == moves.Moves()

    @pytest.mark.parametrize(
        "change",
        [{"suggests": "sideways"}, {"when": "nobody_knows > 1"}, {"due_days": "0"}, {"colour": "red"}],
    )
    def test_a_wrong_rule_is_a_mistake_of_the_grades(self, change):
        (rule,) = MATRIX_PACK["moves"]["rules"]
        section = {**MATRIX_PACK, "moves": {**MATRIX_PACK["moves"], "rules": [{**rule, **change}]}}

        with pytest.raises(PolicyError, match=r"grades\.moves"):
            rating.parse(section, known=attributes.REGISTRY)
