"""The review calendar by grade and size (Z10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import review_calendar
from tradecredit.integrations import policy_packs

SECTION = policy_packs.load_pack("five-pillars")["grades"]["reviews"]
GRADES = ("A", "B", "C", "D")
CALENDAR = review_calendar.parse(SECTION, grades=GRADES)
LAST = date(2026, 1, 31)


class TestDueOn:
    @pytest.mark.parametrize(
        ("grade", "line", "due"),
        [
            ("A", "1000000", date(2026, 4, 30)),
            ("A", "999999.99", date(2026, 7, 31)),
            ("B", None, date(2026, 7, 31)),
            ("C", "5000000", date(2026, 2, 28)),
            ("D", None, date(2026, 2, 28)),
        ],
    )
    def test_large_customers_are_looked_at_more_often_and_weak_ones_every_month(self, grade, line, due):
        amount = None if line is None else Decimal(line)

        assert CALENDAR.due_on(last=LAST, grade=grade, line=amount) == due

    def test_a_grade_of_another_scale_has_no_day(self):
        assert CALENDAR.due_on(last=LAST, grade="五星", line=None) is None


class TestParse:
    def test_a_policy_may_have_none(self):
        assert review_calendar.parse(None, grades=GRADES) is None

    @pytest.mark.parametrize(
        "change", [{"months": {"A": {"large": "3", "other": "6"}}}, {"large_from": "-1"}, {"due_days": "0"}]
    )
    def test_every_grade_needs_its_months(self, change):
        with pytest.raises(PolicyError, match="grades"):
            review_calendar.parse({**SECTION, **change}, grades=GRADES)
