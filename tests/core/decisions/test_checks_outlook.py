"""Checks of behaviour and of what lies ahead, and why they do not apply, without a database."""

from __future__ import annotations

import copy
import dataclasses
from decimal import Decimal

import pytest

from factories.credit_facts import asking, cny, credit_facts, item, receivables, section
from tradecredit.core.decisions import evaluate, policy, recording
from tradecredit.core.decisions.outlook import Horizon, Outlook


def finding(facts, **rule):
    control = copy.deepcopy(section("five-pillars", "order_control"))
    base = {"code": "extra", "label": {"zh": "附加", "en": "Extra"}, "at": ["order"], "on_fail": "hold"}
    control["checks"] = [{**base, **rule}]
    decision = evaluate.evaluate(facts=facts, policy=policy.parse(control))
    return decision.results[0].finding


def looking(**fields):
    return dataclasses.replace(credit_facts(), outlook=Outlook(**fields))


class TestPaymentBehaviour:
    @pytest.mark.parametrize(("late", "state"), [("8.0", "passed"), ("8.1", "failed"), ("-3.0", "passed")])
    def test_compares_the_average(self, late, state):
        found = finding(looking(average_days_late=Decimal(late)), check="payment_behaviour", days=8)

        assert found.state.value == state

    def test_says_that_nothing_was_paid(self):
        assert (
            finding(looking(), check="payment_behaviour", days=8).sentence == "payment_behaviour.nothing_paid"
        )

    def test_does_not_know_what_was_not_gathered(self):
        assert finding(credit_facts(), check="payment_behaviour", days=8).state.value == "unknown"


class TestDunningLevel:
    def test_fails_at_a_stage_that_the_rule_names(self):
        facts = looking(dunning_stages=frozenset({"stage-1", "stage-3"}))

        assert finding(facts, check="dunning_level", words=["stage-3"]).ours == "stage-3"
        assert finding(facts, check="dunning_level", words=["stage-2"]).state.value == "passed"


class TestDynamicLimit:
    def test_leaves_out_what_lies_beyond_the_horizon(self):
        facts = looking(horizons=(Horizon(days=90, beyond=cny("36000.00")),))

        assert finding(facts, check="dynamic_limit", days=90).state.value == "passed"
        assert finding(asking(facts, "120000.01"), check="dynamic_limit", days=90).gap == "0.01"

    def test_does_not_count_what_is_wanted_later(self):
        facts = looking(horizons=(Horizon(days=90, beyond=cny("0.00")),), wanted_in_days=91)

        assert finding(facts, check="dynamic_limit", days=90).sentence == "dynamic_limit.later"


class TestOverdueInAll:
    def test_fails_only_when_all_three_pass_their_lines(self):
        rule = {"check": "overdue_in_all", "amounts": {"CNY": "50000.00"}, "days": 15, "share": "0.20"}
        bad = dataclasses.replace(
            credit_facts(),
            receivables=receivables(item("INV-1", "90000.00", days=16), open_amount="400000.00"),
        )
        young = dataclasses.replace(
            credit_facts(),
            receivables=receivables(item("INV-1", "90000.00", days=15), open_amount="400000.00"),
        )

        assert finding(bad, **rule).gap == "40000.00"
        assert finding(young, **rule).state.value == "passed"


class TestSecured:
    def test_exempts_what_is_covered_to_the_last_cent(self):
        facts = credit_facts()
        covered = dataclasses.replace(
            facts, exposure=dataclasses.replace(facts.exposure, covers={"insurance": cny("536000.00")})
        )

        rule = {"check": "grade_refused", "exempt_when_secured": "yes"}
        assert finding(covered, **rule).sentence == "rule.secured"
        assert finding(asking(covered, "120000.01"), **rule).sentence == "grade_refused.failed"
        assert finding(covered, check="grade_refused").sentence == "grade_refused.failed"


class TestRecording:
    def test_gives_the_same_facts_again(self):
        facts = looking(
            average_days_late=Decimal("9.0"),
            paid_count=2,
            dunning_stages=frozenset({"stage-1"}),
            horizons=(Horizon(days=90, beyond=cny("36000.00")),),
            agreed_terms=30,
            wanted_in_days=5,
        )

        assert recording.from_dict(recording.to_dict(facts)) == facts
