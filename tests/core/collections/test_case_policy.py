from __future__ import annotations

from decimal import Decimal

import pytest

from tradecredit.core.collections import case_policy, plan_library, strategy
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError

TITLE = {"zh": "止损", "en": "Stop"}
STEP = {"code": "stop", "role": "legal", "due_in_days": 2, "title": TITLE}
PLAN = {"code": "stop_loss", "title": TITLE, "answers": ["red"], "steps": [STEP]}


def read(**section):
    return case_policy.read(Node(section, "dunning"))


class TestRead:
    def test_a_policy_without_cases_ranks_nobody_down(self):
        found = read()

        assert found.chance(days_overdue=400, broken_promises=3) == Decimal(1)
        assert (found.channel_for(400), found.limitation_years, found.plans) == ("internal", None, ())

    @pytest.mark.parametrize(
        "cases",
        [
            {"chances": [{"to_days": 30, "factor": "0.5"}, {"to_days": 7, "factor": "0.9"}]},
            {"chances": [{"factor": "0.5"}, {"to_days": 7, "factor": "0.9"}]},
            {"chances": [{"to_days": 7, "factor": "1.1"}]},
            {"channels": [{"channel": "legal", "from_days": 1}, {"channel": "agency", "from_days": 90}]},
            {"channels": [{"channel": "internal", "from_days": 9}, {"channel": "agency", "from_days": 9}]},
            {"channels": [{"channel": "friends", "from_days": 1}]},
            {"follow_up_days": {"sings": 1}},
            {"nobody_reads_this": 1},
        ],
    )
    def test_refuses_what_cannot_hold(self, cases):
        with pytest.raises(PolicyError):
            read(cases=cases)

    @pytest.mark.parametrize(
        "plans", [[PLAN, PLAN], [{**PLAN, "steps": []}], [{**PLAN, "steps": [STEP, STEP]}]]
    )
    def test_refuses_a_plan_that_stands_twice_or_has_no_steps(self, plans):
        with pytest.raises(PolicyError):
            read(plans=plans)


class TestChannelFor:
    @pytest.mark.parametrize(
        ("days", "channel"),
        [(1, "internal"), (90, "internal"), (91, "agency"), (180, "agency"), (181, "legal")],
    )
    def test_changes_on_its_day(self, days, channel):
        found = read(
            cases={
                "channels": [
                    {"channel": "internal", "from_days": 1},
                    {"channel": "agency", "from_days": 91},
                    {"channel": "legal", "from_days": 181},
                ]
            }
        )

        assert found.channel_for(days) == channel


class TestReadMostLetters:
    def test_is_none_where_the_policy_caps_nothing(self):
        assert case_policy.read_most_letters(Node({}, "dunning")) is None

    def test_reads_the_cap(self):
        found = case_policy.read_most_letters(Node({"most_letters": {"letters": 2, "days": 30}}, "dunning"))

        assert found == case_policy.MostLetters(letters=2, days=30)


class TestAnswering:
    def test_finds_plans_by_level_or_rule(self):
        library = read(plans=[PLAN, {**PLAN, "code": "other", "answers": ["pledge"]}]).plans

        assert [plan.code for plan in plan_library.answering(library, level="red", rule="x")] == ["stop_loss"]
        assert [plan.code for plan in plan_library.answering(library, level="orange", rule="pledge")] == [
            "other"
        ]
        assert plan_library.of_code(library, "none") is None


class TestMode:
    def test_is_automatic_unless_the_policy_says_guided(self, five_pillars):
        assert five_pillars.mode == "automatic"

    def test_refuses_another_word(self):
        with pytest.raises(PolicyError):
            strategy.parse({"mode": "sometimes", "stages": []})
