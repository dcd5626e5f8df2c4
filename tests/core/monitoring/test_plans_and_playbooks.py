from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.monitoring import overlays, plans, playbooks

LABEL = {"zh": "止损", "en": "Stop the loss"}


def _plan(**changes):
    step = {"code": "line", "do": "freeze_limit", "label": LABEL}
    return Node({"code": "stop-loss", "label": LABEL, "steps": [step], **changes}, "plans[0]")


class TestReadPlans:
    def test_reads_what_it_freezes_and_what_people_do(self):
        steps = [
            {"code": "line", "do": "freeze_limit", "label": LABEL},
            {"code": "goods", "do": "task", "role": "sales", "label": LABEL, "due_in_days": "2"},
            {"code": "half", "do": "propose_lower_line", "share": "0.50", "label": LABEL},
        ]

        (plan,) = plans.read([_plan(steps=steps, levels=["red"])])

        assert plan.freezes == ("limit",)
        assert [(step.code, step.due_in_days) for step in plan.tasks] == [("goods", 2)]
        assert plan.does(plans.LOWER_LINE).share == Decimal("0.50")

    @pytest.mark.parametrize(
        "steps",
        [
            [],
            [{"code": "x", "do": "task", "label": LABEL}],
            [{"code": "x", "do": "call_the_police", "label": LABEL}],
            [{"code": "x", "do": "propose_lower_line", "label": LABEL}],
            [{"code": "x", "do": "freeze_limit", "label": LABEL}] * 2,
        ],
        ids=["no steps", "a task of nobody", "an unknown step", "no share", "one code twice"],
    )
    def test_refuses_a_plan_that_cannot_run(self, steps):
        with pytest.raises(PolicyError):
            plans.read([_plan(steps=steps)])

    def test_one_plan_answers_a_level(self):
        with pytest.raises(PolicyError, match="already"):
            plans.read([_plan(levels=["red"]), _plan(code="other", levels=["red"])])


class TestHabit:
    HABIT = playbooks.Habit(
        code="visit-a", grades=("A",), every_days=90, role="sales", title=Words(zh="走访", en="Visit")
    )

    def test_a_round_begins_every_so_many_days(self):
        begun = [
            day
            for day in (date(2026, 1, 1) + timedelta(days=offset) for offset in range(360))
            if self.HABIT.is_due(customer="C001", since=day - timedelta(days=1), as_of=day)
        ]

        assert len(begun) == 4
        assert {(later - earlier).days for earlier, later in itertools.pairwise(begun)} == {90}
        assert self.HABIT.next_on(customer="C001", as_of=begun[0]) == begun[1]

    def test_days_on_which_nobody_closed_the_books_are_made_up_for(self):
        later = self.HABIT.next_on(customer="C001", as_of=date(2026, 1, 1))

        assert self.HABIT.is_due(customer="C001", since=date(2026, 1, 1), as_of=later + timedelta(days=5))

    def test_customers_are_spread_over_the_days(self):
        firsts = {self.HABIT.next_on(customer=f"C{n:03}", as_of=date(2026, 1, 1)) for n in range(200)}

        assert len(firsts) > 60


class TestOverlay:
    OVERLAY = Node(
        {
            "code": "downturn", "label": LABEL, "from": date(2026, 3, 1), "to": date(2026, 6, 1),
            "industries": ["房地产"], "signals": {"industry_downturn": "yes"},
        },
        "overlays[0]",
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("day", "industry", "said"),
        [
            (date(2026, 2, 28), "房地产开发", {}),
            (date(2026, 3, 1), "房地产开发", {"industry_downturn": True}),
            (date(2026, 5, 31), "房地产", {"industry_downturn": True}),
            (date(2026, 6, 1), "房地产", {}),
            (date(2026, 4, 1), "机械", {}),
        ],
    )
    def test_holds_for_its_trade_between_its_days(self, day, industry, said):
        overlay = overlays.read(self.OVERLAY)

        assert overlays.signals_of([overlay], industry=industry, region="", as_of=day) == said

    def test_ends_after_it_begins(self):
        with pytest.raises(PolicyError):
            overlays.read(Node({**self.OVERLAY.value, "to": date(2026, 3, 1)}, "overlays[0]"))
