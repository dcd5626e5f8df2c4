from __future__ import annotations

from datetime import date

import pytest

from tradecredit.core.collections import instalment_plans
from tradecredit.core.collections.instalment_plans import Part, Plan, UnableToAgreePlanError
from tradecredit.core.kernel.money import Money

TENTH, TWENTIETH = date(2026, 3, 10), date(2026, 3, 20)


def cny(amount):
    return Money.of(amount, "CNY")


@pytest.fixture
def plan():
    return Plan(
        parts=(Part(due_date=TENTH, amount=cny("100.00")), Part(due_date=TWENTIETH, amount=cny("100.00"))),
        accelerates_after_days=3,
        instalment_ids=frozenset({"a"}),
    )


class TestStanding:
    @pytest.mark.parametrize(
        ("paid", "day", "expected"),
        [
            ("0.00", 10, ("running", "0.00", "0.00")),
            ("0.00", 11, ("late", "100.00", "100.00")),
            ("0.00", 13, ("late", "100.00", "100.00")),
            ("0.00", 14, ("broken", "200.00", "200.00")),
            ("60.00", 14, ("broken", "200.00", "140.00")),
            ("100.00", 14, ("running", "100.00", "0.00")),
            ("100.00", 21, ("late", "200.00", "100.00")),
            ("199.99", 24, ("broken", "200.00", "0.01")),
            ("200.00", 24, ("kept", "0.00", "0.00")),
        ],
    )
    def test_follows_from_what_was_paid(self, plan, paid, day, expected):
        found = instalment_plans.standing(plan, paid=cny(paid), as_of=date(2026, 3, day))

        assert (found.state, found.due_now.text(), found.missing.text()) == expected

    def test_a_part_too_late_makes_all_the_rest_due(self, plan):
        found = instalment_plans.standing(plan, paid=cny("0.00"), as_of=date(2026, 3, 14))

        assert found.due_now == plan.total == cny("200.00")


class TestAsPromise:
    def test_keeps_letters_back_until_the_next_part_is_too_late(self, plan):
        promise = instalment_plans.as_promise(plan, paid=cny("100.00"), as_of=TENTH)

        assert promise is not None
        assert (promise.promised_date, promise.covers("a"), promise.covers("b")) == (
            date(2026, 3, 23),
            True,
            False,
        )

    @pytest.mark.parametrize("paid", ["0.00", "200.00"])
    def test_is_none_once_the_plan_is_broken_or_kept(self, plan, paid):
        assert instalment_plans.as_promise(plan, paid=cny(paid), as_of=date(2026, 3, 24)) is None


class TestCheck:
    def test_takes_parts_that_make_up_what_is_owed(self, plan):
        instalment_plans.check(plan, owed=cny("200.00"), as_of=TENTH)

    @pytest.mark.parametrize(
        ("days", "amounts", "owed"),
        [
            ((TWENTIETH, TENTH), ("1.00", "1.00"), "5.00"),
            ((TENTH, TENTH), ("1.00", "1.00"), "5.00"),
            ((date(2026, 3, 1), TENTH), ("1.00", "1.00"), "5.00"),
            ((TENTH, TWENTIETH), ("1.00", "0.00"), "5.00"),
            ((TENTH, TWENTIETH), ("3.00", "2.01"), "5.00"),
        ],
    )
    def test_refuses_days_and_amounts_that_make_no_sense(self, days, amounts, owed):
        parts = tuple(
            Part(due_date=day, amount=cny(amount)) for day, amount in zip(days, amounts, strict=True)
        )

        with pytest.raises(UnableToAgreePlanError):
            instalment_plans.check(Plan(parts=parts), owed=cny(owed), as_of=date(2026, 3, 2))
