from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import tradecredit
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.monitoring import triggers
from tradecredit.core.monitoring.signals import Signal, Signals
from tradecredit.core.monitoring.triggers import Level
from tradecredit.plumbing import yaml_texts

POLICIES = Path(tradecredit.__file__).parent / "policies"
PACKS = ["five-pillars", "payment-record"]


def _policy(pack="five-pillars"):
    return triggers.parse(yaml_texts.read((POLICIES / pack / "monitoring.yaml").read_text(encoding="utf-8")))


def _evaluate(known, *, pack="five-pillars"):
    signals = {
        name: value if isinstance(value, Signal) else Signal(value=value) for name, value in known.items()
    }
    return triggers.evaluate(policy=_policy(pack), signals=Signals(customer_id="C-1", known=signals))


def _raised(findings):
    return [(finding.rule.code, finding.rule.level.text) for finding in findings.raised]


class TestEvaluate:
    @pytest.mark.parametrize(
        ("days", "raised"),
        [
            (29, []),
            (30, [("overdue-30", "yellow")]),
            (89, [("overdue-30", "yellow")]),
            (90, [("overdue-90", "red"), ("overdue-30", "yellow")]),
        ],
    )
    def test_raises_by_days_overdue(self, days, raised):
        assert _raised(_evaluate({"overdue_days_max": Decimal(days)})) == raised

    @pytest.mark.parametrize(("ratio", "raised"), [("0.50", []), ("0.5001", [("equity-pledge", "orange")])])
    def test_raises_orange_above_half_of_the_equity_pledged(self, ratio, raised):
        assert _raised(_evaluate({"equity_pledge_ratio": Decimal(ratio)})) == raised

    def test_stays_silent_about_an_explained_delay(self):
        findings = _evaluate({"overdue_days_max": Decimal(45), "overdue_explained": True})

        assert _raised(findings) == []

    def test_lets_the_gravest_level_win(self):
        findings = _evaluate({"equity_pledge_ratio": Decimal("0.9"), "major_lawsuit": True})

        assert findings.level == Level.RED
        assert _raised(findings) == [("major-lawsuit", "red"), ("equity-pledge", "orange")]

    @pytest.mark.parametrize("pack", PACKS)
    def test_gives_a_task_of_high_priority_for_a_new_enforcement_record(self, pack):
        known = {"enforcement_records": Signal(value=Decimal(2), previous=Decimal(1))}

        (finding,) = _evaluate(known, pack=pack).raised

        assert finding.rule.code == "new-enforcement-record"
        assert [(task.role, task.priority) for task in finding.rule.tasks] == [("credit_manager", "high")]
        assert finding.facts == {"enforcement_records": "2"}

    def test_says_nothing_about_enforcement_records_that_were_known(self):
        known = {"enforcement_records": Signal(value=Decimal(2), previous=Decimal(2))}

        assert _raised(_evaluate(known)) == []

    def test_treats_the_first_record_ever_known_as_new(self):
        assert _raised(_evaluate({"enforcement_records": Decimal(1)})) == [
            ("new-enforcement-record", "orange")
        ]

    @pytest.mark.parametrize("value", [True, Decimal(1)])
    def test_raises_red_for_a_dishonest_debtor(self, value):
        assert _raised(_evaluate({"dishonest_debtor": value})) == [("dishonest-debtor", "red")]

    def test_reports_rules_that_lack_a_fact_instead_of_passing_them(self):
        findings = _evaluate({"overdue_days_max": Decimal(0)})

        assert "dishonest-debtor" in findings.unknown
        assert "overdue-30" not in findings.unknown

    def test_reports_a_value_of_the_wrong_type_as_unknown(self):
        assert "overdue-30" in _evaluate({"overdue_days_max": "many"}).unknown

    def test_warns_after_three_days_in_the_payment_record_pack(self):
        assert _raised(_evaluate({"overdue_days_max": Decimal(3)}, pack="payment-record")) == [
            ("overdue-3", "yellow")
        ]


class TestParse:
    @pytest.mark.parametrize(
        ("rule", "path"),
        [
            ({"level": "purple"}, "monitoring.rules[0].level"),
            ({"when": []}, "monitoring.rules[0].when"),
            ({"when": [{"fact": "x", "is": "above", "value": "1"}]}, "monitoring.rules[0].when[0].is"),
            ({"when": [{"fact": "x", "is": "more_than", "value": 0.5}]}, "monitoring.rules[0].when[0].value"),
            ({"colour": "red"}, "monitoring.rules[0]"),
            ({"freezes": ["order"]}, "monitoring.rules[0].freezes[0]"),
        ],
    )
    def test_names_the_place_of_a_mistake(self, rule, path):
        good = {
            "code": "x",
            "level": "red",
            "label": {"zh": "预警", "en": "Alert"},
            "when": [{"fact": "x", "is": "is_true"}],
        }

        with pytest.raises(PolicyError) as refusal:
            triggers.parse({"rules": [good | rule]})

        assert refusal.value.path == path

    def test_refuses_a_code_that_stands_twice(self):
        rule = {
            "code": "x",
            "level": "red",
            "label": {"zh": "预警", "en": "Alert"},
            "when": [{"fact": "x", "is": "is_true"}],
        }

        with pytest.raises(PolicyError) as refusal:
            triggers.parse({"rules": [rule, rule]})

        assert refusal.value.path == "monitoring.rules[1].code"


class TestHighest:
    def test_is_none_without_alerts_and_the_gravest_otherwise(self):
        assert triggers.highest([]) is None
        assert triggers.highest([Level.YELLOW, Level.RED, Level.ORANGE]) == Level.RED
