from __future__ import annotations

import copy

import pytest

from tradecredit.core.collections import strategy
from tradecredit.core.kernel.refusal import PolicyError

_WORDS = {"zh": "提醒", "en": "Reminder"}


def _stage(code, from_days, to_days=None, **more):
    end = {} if to_days is None else {"to_days": to_days}
    return {
        "code": code,
        "label": _WORDS,
        "letter": "formal",
        "tone": "formal",
        "from_days": from_days,
        **end,
        **more,
    }


def _document(**more):
    return {"stages": [_stage("one", 1, 7), _stage("two", 8)], **more}


class TestParse:
    def test_reads_the_three_stages_of_the_default_pack(self, five_pillars):
        stages = [
            (step.code, step.from_days, step.to_days) for step in five_pillars.steps if step.kind == "stage"
        ]

        assert stages == [("stage-1", 1, 7), ("stage-2", 8, 30), ("stage-3", 31, None)]

    def test_lets_a_reminder_last_until_the_next_begins(self, five_pillars):
        reminders = [
            (step.code, step.from_days, step.to_days)
            for step in five_pillars.steps
            if step.kind == "reminder"
        ]

        assert reminders == [("due-7", -7, -4), ("due-3", -3, 0)]

    def test_freezes_from_stage_two_and_marks_in_stage_three(self, five_pillars):
        one, two, three = (five_pillars.step(code) for code in ("stage-1", "stage-2", "stage-3"))

        assert [freeze.scope for freeze in one.freezes] == []
        assert [freeze.scope for freeze in two.freezes] == ["orders"]
        assert (two.marks_high_risk, three.marks_high_risk) == (False, True)
        assert [task.role for task in three.tasks] == ["legal"]

    def test_tells_finance_and_sales_after_three_days_in_the_payment_record_pack(self, payment_record):
        step = payment_record.step_of(3)

        assert [task.role for task in step.tasks if not task.grades] == ["finance_manager", "sales_manager"]

    @pytest.mark.parametrize(
        ("days", "code"),
        [
            (-8, None), (-7, "due-7"), (-4, "due-7"), (-3, "due-3"), (0, "due-3"), (1, "stage-1"), (7, "stage-1"),
            (8, "stage-2"), (30, "stage-2"), (31, "stage-3"), (4000, "stage-3"),
        ],
    )  # fmt: skip
    def test_places_every_day_in_one_step(self, five_pillars, days, code):
        step = five_pillars.step_of(days)

        assert (step.code if step else None) == code

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"stages": []}, "dunning.stages"),
            ({"stages": [_stage("one", 2)]}, "dunning.stages"),
            ({"stages": [_stage("one", 1, 7), _stage("two", 9)]}, "dunning.stages[1].from_days"),
            ({"stages": [_stage("one", 1), _stage("two", 8)]}, "dunning.stages[1].from_days"),
            ({"stages": [_stage("one", 1, 7)]}, "dunning.stages[0].to_days"),
            ({"stages": [_stage("one", 1, 7), _stage("one", 8)]}, "dunning"),
            (
                {"stages": [_stage("one", 1, freezes=[{"scope": "order"}])]},
                "dunning.stages[0].freezes[0].scope",
            ),
            ({"stages": [_stage("one", 1, freeze=["orders"])]}, "dunning.stages[0]"),
            ({"minimum_amounts": {"CNY": "-1"}}, "dunning.minimum_amounts.CNY"),
            ({"minimum_amounts": {"CNY": 0.5}}, "dunning.minimum_amounts.CNY"),
            ({"quiet_days": -1}, "dunning.quiet_days"),
            ({"partial_disputes": "maybe"}, "dunning.partial_disputes"),
            ({"reminders": [{"days_before": 3}, {"days_before": 7}]}, "dunning.reminders"),
        ],
    )
    def test_names_the_place_of_a_mistake(self, change, path):
        document = copy.deepcopy(_document())
        document.update(change)

        with pytest.raises(PolicyError) as refusal:
            strategy.parse(document)

        assert refusal.value.path == path


class TestTaskAction:
    def test_gives_a_task_for_low_grades_to_customers_without_a_grade_too(self, payment_record):
        task = payment_record.step_of(3).tasks[-1]

        assert (task.is_for("D"), task.is_for("A"), task.is_for(None)) == (True, False, True)
