"""From score to grade, and what changed since the last one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import rating
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.rating import Snapshot
from tradecredit.core.scoring.scorecard import ScoreResult
from tradecredit.core.scoring.values import Known


def label(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def section(**change: Any) -> dict[str, Any]:
    grades = [("A", "85"), ("B", "70"), ("C", "55"), ("D", "0")]
    return {
        "without_score": "C",
        "grades": [
            {"grade": name, "label": label(name), "from": least, "policy": {}} for name, least in grades
        ],
        "rules": [
            {
                "name": "thin",
                "label": label("thin"),
                "when": {"attribute": "order_count", "below": "3"},
                "default": "C",
            },
            {
                "name": "abnormal",
                "label": label("abnormal"),
                "when": {"attribute": "abnormal_operation", "is": "yes"},
                "at_best": "C",
            },
            {
                "name": "lawsuit",
                "label": label("lawsuit"),
                "when": {"attribute": "pending_lawsuits", "from": "1"},
                "at_best": "D",
                "mark": "high_risk",
            },
        ],
        **change,
    }


def scored(score: str | None) -> ScoreResult:
    value = None if score is None else Decimal(score)
    return ScoreResult(
        score=value,
        parts=(),
        completeness=Decimal(100),
        low=Decimal(0),
        high=Decimal(100),
        blocked_by=(),
        weight_set=None,
        model="test",
    )


def suggested(score: str | None, **values: Any) -> rating.Suggestion:
    scale = rating.parse(section(), known=REGISTRY)
    known = {name: Known(value=Decimal(v) if type(v) is int else v) for name, v in values.items()}
    return rating.suggest(scale, result=scored(score), values=known)


class TestSuggest:
    @pytest.mark.parametrize(
        ("score", "grade"),
        [
            ("100", "A"),
            ("85", "A"),
            ("84.99", "B"),
            ("70", "B"),
            ("69.99", "C"),
            ("55", "C"),
            ("54.99", "D"),
            ("0", "D"),
        ],
    )
    def test_takes_the_band_of_the_score_on_both_edges(self, score, grade):
        assert suggested(score).grade == grade

    def test_gives_the_policys_grade_without_a_score(self):
        found = suggested(None)

        assert (found.grade, found.band_grade) == ("C", None)

    def test_defaults_replace_the_band(self):
        assert suggested("95", order_count=2).grade == "C"
        assert suggested("10", order_count=2).grade == "C"
        assert suggested("95", order_count=3).grade == "A"

    def test_caps_only_lower(self):
        assert suggested("95", abnormal_operation=True).grade == "C"
        assert suggested("10", abnormal_operation=True).grade == "D"

    def test_the_worst_cap_wins_over_a_default_and_marks(self):
        found = suggested("95", order_count=1, abnormal_operation=True, pending_lawsuits=1)

        assert found.grade == "D"
        assert found.band_grade == "A"
        assert found.marks == ("high_risk",)
        assert found.fired == ("thin", "abnormal", "lawsuit")
        assert len(found.reasons) == 4


class TestCompare:
    def snapshot(self, grade: str, score: str, **points: int) -> Snapshot:
        return Snapshot(
            grade=grade, score=Decimal(score), points={name: Decimal(value) for name, value in points.items()}
        )

    def compared(self, old: Snapshot | None, new: Snapshot) -> rating.Change:
        return rating.compare(rating.parse(section(), known=REGISTRY), old=old, new=new)

    def test_calls_the_first_rating_first(self):
        change = self.compared(None, self.snapshot("B", "75"))

        assert change.direction == "first"
        assert change.is_change

    def test_names_the_direction_and_what_moved(self):
        change = self.compared(
            self.snapshot("A", "90", on_time_rate=100, roe=80),
            self.snapshot("C", "60", on_time_rate=20, roe=80),
        )

        assert (change.direction, change.moved) == ("down", ("on_time_rate",))
        assert change.words.en == "Grade A → C, score 90 → 60"
        assert self.compared(self.snapshot("C", "60"), self.snapshot("A", "90")).direction == "up"

    def test_the_same_again_is_no_change(self):
        same = self.snapshot("A", "90", on_time_rate=100)

        assert not self.compared(same, same).is_change

    def test_other_points_are_a_change_even_within_the_grade(self):
        change = self.compared(self.snapshot("A", "90", roe=80), self.snapshot("A", "91", roe=100))

        assert change.is_change
        assert change.direction == "same"

    def test_takes_a_grade_of_an_older_scale_for_a_fall(self):
        assert self.compared(self.snapshot("AAA", "99"), self.snapshot("A", "90")).direction == "down"


class TestParse:
    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"grades": []}, "grades.grades"),
            ({"without_score": "E"}, "grades.without_score"),
            (
                {"grades": [{"grade": "A", "label": label("A"), "from": "10"}], "without_score": "A"},
                "grades.grades",
            ),
            (
                {
                    "rules": [
                        {"name": "x", "label": label("x"), "when": {"attribute": "shoe_size", "from": "1"}}
                    ]
                },
                "grades.rules[0]",
            ),
        ],
    )
    def test_names_the_place_of_a_mistake(self, change, path):
        with pytest.raises(PolicyError) as caught:
            rating.parse(section(**change), known=REGISTRY)

        assert caught.value.path == path

    def test_takes_any_names_for_grades(self):
        stars = [
            {"grade": "★★★", "label": label("3"), "from": "60"},
            {"grade": "★", "label": label("1"), "from": "0"},
        ]

        scale = rating.parse({"grades": stars, "without_score": "★"}, known=REGISTRY)

        assert scale.grades == ("★★★", "★")
