from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tradecredit.core.collections import ranking
from tradecredit.core.collections.case_policy import AgeStep, CasePolicy
from tradecredit.core.collections.ranking import Candidate
from tradecredit.core.kernel.money import Money

TODAY = date(2026, 3, 2)
POLICY = CasePolicy(
    service_priority=("D",),
    chances=(AgeStep(to_days=30, factor=Decimal("0.80")), AgeStep(to_days=None, factor=Decimal("0.50"))),
    urgency=(AgeStep(to_days=30, factor=Decimal(1)), AgeStep(to_days=None, factor=Decimal("1.2"))),
    broken_promise=Decimal("0.8"),
)


def candidate(key="C1", asked="100000.00", days=40, **fields):
    return Candidate(key=key, asked=Money.of(asked, "CNY"), days_max=days, **fields)


def rank(*candidates):
    return ranking.rank(candidates, policy=POLICY, as_of=TODAY)


class TestRank:
    def test_weighs_money_by_chance_and_age(self):
        (one,) = rank(candidate())

        assert (one.chance, one.value) == (Decimal("0.50"), Money.of("60000.00", "CNY"))

    @pytest.mark.parametrize(("days", "value"), [(30, "80000.00"), (31, "60000.00")])
    def test_the_age_changes_on_its_day(self, days, value):
        assert rank(candidate(days=days))[0].value == Money.of(value, "CNY")

    def test_a_broken_promise_is_worth_less(self):
        assert rank(candidate(broken_promises=2))[0].chance == Decimal("0.32")

    def test_puts_the_most_worthwhile_first_and_whoever_promised_last(self):
        order = rank(
            candidate("small", "1000.00"),
            candidate("waits", "900000.00", is_waiting=True, promise_due_on=TODAY + timedelta(days=3)),
            candidate("large", "5000.00"),
            candidate("nothing", "0.00"),
        )

        assert [one.candidate.key for one in order] == ["large", "small", "waits"]

    def test_a_weak_grade_has_priority_of_service(self):
        assert [rank(candidate(grade=grade))[0].is_priority for grade in ("D", "A", None)] == [
            True,
            False,
            False,
        ]

    @pytest.mark.parametrize(
        ("fields", "zh", "en"),
        [
            ({}, "还没有人联系过", "nobody has called yet"),
            (
                {"broken_promises": 1, "latest_contact_on": TODAY - timedelta(days=3)},
                "承诺已落空 1 次；上次联系在 3 天前",
                "1 promises were broken; last contact 3 days ago",
            ),
            ({"promise_due_on": TODAY}, "承诺今天付款", "payment is promised for today"),
            ({"next_on": TODAY}, "约定 2026-03-02 跟进", "to be followed up on 2026-03-02"),
        ],
    )
    def test_says_why_in_a_sentence(self, fields, zh, en):
        why = rank(candidate(**fields))[0].why

        assert why.zh.startswith("逾期 CNY 100,000.00，最久 40 天，按账龄估计能收回 ")
        assert zh in why.zh
        assert en in why.en
