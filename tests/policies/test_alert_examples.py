"""Every pack's alerts by example: what is known of a customer, and what the rules make of it, requirement by requirement.

The examples lie with the packs (``policies/<pack>/examples/alerts``); a credit manager can read and write them.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import tradecredit
from tradecredit.core.monitoring import overlays, supplied, triggers
from tradecredit.core.monitoring.signals import Signal, Signals, typed
from tradecredit.plumbing import yaml_texts

POLICIES = Path(tradecredit.__file__).parent / "policies"
FILES = sorted(POLICIES.glob("*/examples/alerts/*.yaml"))
NAME = "示例A有限公司"


@cache
def _section(pack: str) -> dict[str, Any]:
    return yaml_texts.read((POLICIES / pack / "monitoring.yaml").read_text(encoding="utf-8"))


@cache
def _policy(pack: str) -> triggers.MonitoringPolicy:
    return triggers.parse(_section(pack))


def _with_own(pack: str, rules: list[dict[str, Any]]) -> triggers.MonitoringPolicy:
    """The pack's policy with rules that people added to it in a draft."""
    section = _section(pack)
    return triggers.parse({**section, "rules": [*section["rules"], *rules]})


def _known(example: dict[str, Any]) -> dict[str, Signal]:
    def value(given: Any) -> Any:
        return given if isinstance(given, bool) else typed(str(given))

    before = example.get("before", {})
    return {
        name: Signal(value=value(given), previous=value(before[name]) if name in before else None)
        for name, given in example["signals"].items()
    }


class Outcome:
    """What the pack's rules make of the example."""

    def __init__(self, pack: str, example: dict[str, Any]) -> None:
        self.policy = _with_own(pack, example["own_rules"]) if "own_rules" in example else _policy(pack)
        signals = Signals(customer_id="C-1", known=_known(example))
        self.found = triggers.evaluate(policy=self.policy, signals=signals)
        self.first = self.found.raised[0].rule if self.found.raised else None
        self.plan = None if self.first is None else self.policy.plan_of(self.first)

    def said(self, key: str, wanted: Any) -> Any:
        level = self.found.level
        rules = [finding.rule for finding in self.found.raised]
        plan, first = self.plan, self.first
        readers = {
            "level": lambda: "none" if level is None else level.text,
            "rules": lambda: [rule.code for rule in rules],
            "plan": lambda: plan.code,
            "steps": lambda: [step.code for step in plan.steps],
            "freezes": lambda: sorted(self.policy.freezes_of(first)),
            "phase": lambda: first.phase,
            "confirmation": lambda: first.requires_confirmation,
            "roles": lambda: sorted({task.role for rule in rules for task in rule.tasks}),
            "task": lambda: _task(rules[0], wanted),
        }
        return readers[key]()


def _task(rule: triggers.AlertRule, wanted: dict[str, str]) -> dict[str, str]:
    task = rule.tasks[0]
    words = task.title.filled(customer=NAME)
    known = {"role": task.role, "priority": task.priority, "zh": words.zh, "en": words.en}
    return {key: known[key] for key in wanted}


class TestAlertExamples:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-4]}/{path.stem}")
    def test_the_rules_say_what_the_example_promises(self, path):
        example = yaml_texts.read(path.read_text(encoding="utf-8"))

        outcome = Outcome(path.parts[-4], example)

        assert {key: outcome.said(key, wanted) for key, wanted in example["then"].items()} == example["then"]

    def test_every_requirement_of_early_warning_that_rules_can_show_has_one(self):
        named = {yaml_texts.read(path.read_text(encoding="utf-8"))["requirement"] for path in FILES}

        assert named >= {
            *("S-191", "S-192", "S-193", "S-194", "S-195", "S-196", "S-197", "S-198", "S-199", "S-200"),
            *(
                "S-201",
                "S-202",
                "S-204",
                "S-205",
                "S-206",
                "S-207",
                "S-208",
                "S-209",
                "S-210",
                "S-211",
                "S-212",
                "Z2",
                "Z5",
            ),
        }


class TestSuppliedSignals:
    @pytest.mark.parametrize("pack", sorted(path.parent.name for path in POLICIES.glob("*/monitoring.yaml")))
    def test_no_shipped_rule_asks_for_what_nobody_supplies(self, pack):
        policy = _policy(pack)

        asked = {name for name in policy.facts if not supplied.is_supplied(name, also=policy.overlay_names)}

        assert asked == set()


class TestPlaybooksAndOverlays:
    @pytest.mark.parametrize(
        ("requirement", "code", "grades", "every_days", "role"),
        [
            ("S-110", "visit-a", ("A",), 90, "sales"),
            ("S-110", "service-a", ("A",), 180, "credit_specialist"),
            ("S-111", "review-b", ("B",), 120, "credit_specialist"),
            ("S-111", "follow-b", ("B",), 60, "sales"),
            ("S-112", "screen-c", ("C",), 30, "credit_specialist"),
            ("S-102", "revise-policy", (), 365, "risk_director"),
        ],
    )
    def test_each_tier_has_its_habits(self, requirement, code, grades, every_days, role):
        habits = (*_policy("three-tiers").habits, *_policy("policy-scorecard").habits)

        found = next(one for one in habits if one.code == code)

        assert (found.grades, found.every_days, found.role) == (grades, every_days, role), requirement

    @pytest.mark.parametrize(("industry", "is_down"), [("房地产开发", True), ("专用设备", False)])
    def test_s_101_a_downturn_holds_for_its_trade(self, industry, is_down):
        said = overlays.signals_of(
            _policy("policy-scorecard").overlays, industry=industry, region="", as_of=date(2026, 6, 1)
        )

        assert said.get("industry_downturn", False) is is_down

    def test_s_117_finance_is_asked_when_a_million_is_in_danger(self):
        rule = _policy("policy-scorecard").funding

        assert (rule.within_days, rule.amount, rule.levels, rule.role) == (
            30, 1_000_000, ("orange", "red"), "finance_manager",
        )  # fmt: skip
