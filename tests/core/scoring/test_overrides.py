"""Grades set by people."""

from __future__ import annotations

from datetime import date

import pytest

from tradecredit.core.kernel.periods import Validity
from tradecredit.core.scoring import overrides, rating
from tradecredit.core.scoring.overrides import Override, UnableToOverrideGradeError

SCALE = rating.parse(
    {
        "grades": [
            {"grade": "A", "label": {"zh": "甲", "en": "A"}, "from": "50"},
            {"grade": "B", "label": {"zh": "乙", "en": "B"}, "from": "0"},
        ],
        "without_score": "B",
    },
    known={},
)
JUNE = Validity(date(2026, 6, 1), date(2026, 7, 1))


def override(**change: object) -> Override:
    given = {"grade": "A", "reason": "bank guarantee received", "validity": JUNE, "proposed_by": "li"}
    return Override(**{**given, **change})  # type: ignore[arg-type] # built from texts


class TestFinal:
    def test_keeps_both_grades_while_the_override_holds(self):
        approved = override(approved_by="wang")

        found = overrides.final(system_grade="B", overrides=[approved], as_of=date(2026, 6, 30))

        assert (found.grade, found.system_grade, found.override) == ("A", "B", approved)

    @pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 7, 1)])
    def test_returns_to_the_systems_grade_outside_its_time(self, day):
        found = overrides.final(system_grade="B", overrides=[override(approved_by="wang")], as_of=day)

        assert found.grade == "B"
        assert not found.is_overridden

    def test_does_not_count_before_approval(self):
        assert overrides.final(system_grade="B", overrides=[override()], as_of=date(2026, 6, 2)).grade == "B"

    def test_takes_the_one_that_began_last(self):
        later = override(
            grade="B", approved_by="wang", validity=Validity(date(2026, 6, 10), date(2026, 7, 1))
        )

        found = overrides.final(
            system_grade="A", overrides=[later, override(approved_by="wang")], as_of=date(2026, 6, 15)
        )

        assert found.override == later


class TestCheckProposal:
    @pytest.mark.parametrize(
        "change", [{"grade": "Z"}, {"reason": "  "}, {"validity": Validity(date(2026, 6, 1))}]
    )
    def test_refuses_an_unknown_grade_no_reason_and_no_end(self, change):
        with pytest.raises(UnableToOverrideGradeError):
            overrides.check_proposal(override(**change), scale=SCALE)

    def test_accepts_a_complete_one(self):
        assert overrides.check_proposal(override(), scale=SCALE) is None


class TestApprove:
    def test_needs_another_person(self):
        with pytest.raises(UnableToOverrideGradeError):
            overrides.approve(override(), approved_by="li")

    def test_records_who_approved(self):
        assert overrides.approve(override(), approved_by="wang").approved_by == "wang"
