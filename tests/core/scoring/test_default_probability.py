"""A learned probability among the attributes: exact from a score, and never alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import conditions, default_probability, rating, scorecard_document
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.default_probability import ScoreLine
from tradecredit.plumbing import yaml_texts

GRADES = """
without_score: B
grades:
  - {grade: A, label: {zh: 优, en: Good}, from: "50", policy: {}}
  - {grade: B, label: {zh: 差, en: Bad}, from: "0", policy: {}}
rules:
  - {name: risky, label: {zh: 违约概率高, en: Risky}, when: "default_probability > 0.2", at_best: B}
"""
CARD = """
name: trial
label: {zh: 试, en: Trial}
digits: "2"
missing: keep
dimensions:
  - name: one
    label: {zh: 一, en: One}
    weight: "100"
    indicators:
      - {attribute: default_probability, weight: "60", points: {bins: [{below: "0.1", points: "100"}, {from: "0.1", points: "0"}]}}
      - {attribute: debt_ratio, weight: "40", points: {bins: [{below: "0.7", points: "100"}, {from: "0.7", points: "0"}]}}
"""


class TestOfScore:
    @pytest.mark.parametrize(("score", "expected"), [(100, "0.0474"), (40, "0.5000"), (0, "0.8808")])
    def test_is_the_logistic_of_the_line(self, score, expected):
        line = ScoreLine(intercept=Decimal(2), slope=Decimal("-0.05"))

        assert default_probability.of_score(Decimal(score), line=line) == Decimal(expected)


class TestDecidesAlone:
    @pytest.mark.parametrize(
        ("text", "alone"),
        [
            ("default_probability > 0.2", True),
            ("default_probability > 0.2 or overdue_count > 3", True),
            ("default_probability > 0.2 and overdue_count > 3", False),
            ("overdue_count > 3", False),
        ],
    )
    def test_asks_whether_it_holds_with_nothing_else_known(self, text, alone):
        condition = conditions.parse(Node(text, "when"), known=frozenset(REGISTRY))

        assert default_probability.decides_alone(condition, known=REGISTRY) is alone


class TestPolicies:
    def test_a_rule_that_lets_the_model_decide_alone_is_refused(self):
        with pytest.raises(PolicyError, match=r"grades.rules\[0\].*alone"):
            rating.parse(yaml_texts.read(GRADES), known=REGISTRY)

    def test_unless_the_policy_says_so(self):
        section = yaml_texts.read(GRADES) | {"model": {"decides": "yes"}}

        assert rating.parse(section, known=REGISTRY).rules[0].at_best == "B"

    def test_a_mark_alone_decides_nothing(self):
        section = yaml_texts.read(GRADES.replace("at_best: B", "mark: risky"))

        assert rating.parse(section, known=REGISTRY).rules[0].mark == "risky"

    def test_a_score_in_which_the_model_outweighs_the_rest_is_refused(self):
        section = yaml_texts.read(CARD)

        with pytest.raises(PolicyError, match="more than all the rest"):
            scorecard_document.parse(section)

        assert scorecard_document.parse(section | {"model_decides": "yes"}).name == "trial"
