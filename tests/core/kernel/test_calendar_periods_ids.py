"""Days, ranges, identifiers, canonical text, outcomes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tradecredit.core.kernel import canonical, ids, outcome, periods
from tradecredit.core.kernel.calendar import WorkCalendar
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.periods import Validity

# National Day 2026: 1–7 October off, Saturday 10 October worked.
CALENDAR = WorkCalendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    makeup_workdays=frozenset({date(2026, 10, 10)}),
)


class TestWorkCalendar:
    def test_rolls_a_due_day_over_the_holiday(self):
        assert CALENDAR.roll(date(2026, 10, 1), rule="forward") == date(2026, 10, 8)
        assert CALENDAR.roll(date(2026, 10, 1), rule="none") == date(2026, 10, 1)

    def test_works_on_a_makeup_saturday(self):
        assert CALENDAR.is_workday(date(2026, 10, 10))
        assert not CALENDAR.is_workday(date(2026, 10, 11))

    def test_counts_workdays(self):
        assert CALENDAR.add_workdays(date(2026, 9, 30), 2) == date(2026, 10, 9)


class TestValidity:
    def test_includes_its_first_day_and_excludes_its_last(self):
        validity = Validity(date(2026, 1, 1), date(2026, 2, 1))
        assert [validity.holds_on(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 1))] == [
            False, True, False,
        ]  # fmt: skip

    def test_refuses_to_end_before_it_begins(self):
        with pytest.raises(ValueError, match="ends after it begins"):
            Validity(date(2026, 1, 1), date(2026, 1, 1))

    def test_adds_months_within_shorter_months(self):
        assert periods.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
        assert periods.add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)
        assert periods.month_end(date(2024, 2, 3)) == date(2024, 2, 29)


class TestUuid7:
    def test_carries_time_version_and_variant(self):
        made = ids.uuid7(unix_ms=0x0192_0000_0001, randomness=bytes(10))
        assert (made.version, made.int >> 80, made.variant) == (7, 0x0192_0000_0001, "specified in RFC 4122")


class TestCanonical:
    def test_gives_one_text_to_one_value(self):
        value = {
            "b": Decimal("1.10"),
            "a": (date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
            "c": {"乙", "甲"},
        }
        assert canonical.dumps(value) == (
            '{"a":["2026-01-02","2026-01-02T00:00:00+00:00"],"b":"1.10","c":["乙","甲"]}'
        )

    def test_refuses_floats(self):
        with pytest.raises(TypeError, match="float"):
            canonical.dumps({"a": 0.1})


class TestOutcome:
    def test_the_worst_wins(self):
        assert outcome.worst([Outcome.WARN, Outcome.HOLD, Outcome.APPROVE]) is Outcome.HOLD

    def test_nothing_known_is_never_a_yes(self):
        assert outcome.worst([]) is Outcome.REVIEW

    def test_names_the_words_allowed(self):
        with pytest.raises(ValueError, match="approve, warn, review, hold, reject"):
            outcome.parse("maybe")
