"""Backtests: findings where there are enough customers, and honesty where there are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.scoring import backtest, backtest_document, movements
from tradecredit.core.scoring.backtest import Judged
from tradecredit.core.scoring.stability import Characteristic

GRADES = ("A", "B", "C")
SECTION = {
    "source": "s", "reason": "r", "days_overdue": "30", "horizon_days": "180", "trifle": "100",
    "least_customers": "20", "least_bads": "4", "least_auc": "0.70", "chance": "0.05",
    "drift": {"check": "0.1", "shifted": "0.25"}, "expected": {"A": "0.02", "B": "0.10", "C": "0.40"},
}  # fmt: skip


def customers(grade: str, score: int, *, goods: int, bads: int) -> list[Judged]:
    return [Judged(grade=grade, score=Decimal(score), is_bad=place < bads) for place in range(goods + bads)]


def report(
    judged: list[Judged], earlier: list[str] | None = None, characteristics=(), **section
) -> backtest.Report:
    return backtest.report(
        judged,
        grades=GRADES,
        rules=backtest.parse(SECTION | section, grades=GRADES),
        earlier=earlier if earlier is not None else [each.grade for each in judged],
        migration=movements.migration([], grades=GRADES),
        vintages=(),
        characteristics=characteristics,
    )


SOUND = [
    *customers("A", 90, goods=20, bads=0),
    *customers("B", 75, goods=18, bads=2),
    *customers("C", 50, goods=6, bads=4),
]


class TestReport:
    def test_a_sound_model_has_no_findings(self):
        found = report(SOUND)

        assert found.findings == ()
        assert found.is_enough
        assert found.is_monotone
        assert found.drift == 0
        assert [round(line.lift, 2) for line in found.lift] == [Decimal("3.33"), Decimal("0.83"), 0]

    def test_too_few_to_say(self):
        found = report([*customers("A", 90, goods=3, bads=2), *customers("C", 50, goods=9, bads=0)])

        assert not found.is_enough
        assert found.findings == ()
        assert found.separation is not None

    def test_tells_a_grade_that_does_worse_than_expected(self):
        found = report([*customers("A", 90, goods=20, bads=4), *customers("C", 50, goods=5, bads=5)])

        assert [each.kind for each in found.findings] == ["calibration"]
        assert found.findings[0].words.en == "A does worse than expected: 16.7% against 2.0% (chance 0.1%)"

    def test_tells_a_score_that_does_not_separate_and_an_order_that_is_wrong(self):
        found = report(
            [*customers("A", 90, goods=30, bads=10), *customers("C", 50, goods=39, bads=1)], expected={}
        )

        assert [each.kind for each in found.findings] == ["separation", "order"]

    def test_tells_a_portfolio_that_has_shifted(self):
        found = report(SOUND, earlier=["A"] * 45 + ["C"] * 5)

        assert [each.kind for each in found.findings] == ["drift"]

    def test_tells_an_indicator_that_has_shifted(self):
        words = Words(zh="负债率", en="Debt ratio")
        found = report(
            SOUND,
            characteristics=[
                Characteristic(name="debt_ratio", label=words, index=Decimal("0.3")),
                Characteristic(name="roe", label=words, index=Decimal("0.25")),
            ],
        )

        assert [each.words.en for each in found.findings] == ["Debt ratio has shifted: CSI 0.300, above 0.25"]


class TestParse:
    def test_refuses_an_expected_rate_of_a_grade_that_is_not(self):
        with pytest.raises(PolicyError, match="unknown Z"):
            backtest.parse(SECTION | {"expected": {"Z": "0.1"}}, grades=GRADES)


class TestAsDict:
    def test_says_everything_as_text(self):
        found = backtest_document.as_dict(
            report(SOUND),
            rules=backtest.parse(SECTION, grades=GRADES),
            grades=GRADES,
            as_of=date(2026, 9, 30),
            rated_on=date(2026, 4, 3),
            left_out=2,
        )

        assert found["grades"][2]["observed"] == {"value": "0.4000", "low": "0.1682", "high": "0.6873"}
        assert (found["customers"], found["bads"], found["left_out"]) == (50, 6, 2)
        assert found["lift"][0] == {"grade": "C", "lift": "3.3333", "caught": "0.6667"}
