"""What would lift a customer: payments in time, a better indicator, a datum that is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tradecredit.core.scoring import counterfactual, rating, scorecard_document
from tradecredit.core.scoring.values import Known

DAY = date(2026, 3, 2)
SECTION = {
    "name": "small",
    "label": {"zh": "小", "en": "small"},
    "digits": "2",
    "missing": "worst",
    "dimensions": [
        {
            "name": "all",
            "label": {"zh": "全部", "en": "All"},
            "weight": "100",
            "indicators": [
                {
                    "attribute": "on_time_rate",
                    "weight": "60",
                    "points": {
                        "bins": [
                            {"from": "0.85", "points": "100"},
                            {"from": "0.60", "below": "0.85", "points": "50"},
                            {"below": "0.60", "points": "0"},
                        ]
                    },
                },
                {
                    "attribute": "debt_ratio",
                    "weight": "40",
                    "points": {
                        "bins": [{"up_to": "0.55", "points": "100"}, {"above": "0.55", "points": "0"}]
                    },
                },
            ],
        }
    ],
}
GRADES = {
    "without_score": "C",
    "grades": [
        {"grade": "A", "label": {"zh": "优", "en": "Best"}, "from": "90"},
        {"grade": "B", "label": {"zh": "良", "en": "Good"}, "from": "60"},
        {"grade": "C", "label": {"zh": "差", "en": "Poor"}, "from": "0"},
    ],
    "rules": [
        {
            "name": "dishonest",
            "label": {"zh": "失信", "en": "Dishonest"},
            "when": {"attribute": "dishonest_debtor", "is": "yes"},
            "at_best": "C",
        }
    ],
}
KNOWN = scorecard_document.attributes_of(SECTION)
MODEL, SCALE = scorecard_document.parse(SECTION), rating.parse(GRADES, known=KNOWN)


def told(**values):
    known = {
        name: Known(value=value if isinstance(value, bool) else Decimal(value))
        for name, value in values.items()
    }
    found = counterfactual.ways(MODEL, SCALE, values=known, as_of=DAY, most=5)
    return [(way.words.en, way.score) for way in found]


class TestWays:
    def test_counts_the_payments_in_time_that_are_enough(self):
        # Ten trades at 70 %: with ten more in time 17 of 20 are 85 %.
        assert told(on_time_rate="0.70", order_count="10", debt_ratio="0.68") == [
            ("10 more payments of the usual size in time → grade B", Decimal("60.00")),
            ("On-time payment rate at least 85% (now 70%) → grade B", Decimal("60.00")),
            ("Debt ratio at most 55% (now 68%) → grade B", Decimal("70.00")),
        ]

    def test_asks_for_the_datum_that_is_missing(self):
        assert told(on_time_rate="0.70") == [
            ("On-time payment rate at least 85% (now 70%) → grade B", Decimal("60.00")),
            ("Debt ratio, unknown now: at most 55% → grade B", Decimal("70.00")),
        ]

    def test_the_best_grade_needs_nothing(self):
        assert told(on_time_rate="0.99", debt_ratio="0.2") == []

    def test_what_a_rule_keeps_down_no_indicator_lifts(self):
        assert told(on_time_rate="0.70", debt_ratio="0.2", dishonest_debtor=True) == []

    def test_takes_the_line_that_is_enough_and_no_better_one(self):
        assert told(on_time_rate="0.50", debt_ratio="0.2") == [
            ("On-time payment rate at least 60% and below 85% (now 50%) → grade B", Decimal("70.00"))
        ]
