"""Two models, and what differs between them in sentences."""

from __future__ import annotations

from tradecredit.core.scoring import model_changes, model_typing, rating, scorecard_document
from tradecredit.integrations import policy_packs

MODEL = policy_packs.load_pack("five-pillars")


def parsed(document):
    known = scorecard_document.attributes_of(document["scorecard"])
    return scorecard_document.parse(document["scorecard"]), rating.parse(document["grades"], known=known)


def told(typed, *, language="en"):
    after = model_typing.written(MODEL, typed)
    found = model_changes.sentences(before=parsed(MODEL), after=parsed(after))
    return [words.in_language(language) for words in found]


class TestSentences:
    def test_equal_models_differ_in_nothing(self):
        assert told({}) == []

    def test_tells_weights_in_both_languages(self):
        typed = {"weight:solvency": "30", "weight:qualities": "15"}

        assert told(typed) == ["Solvency: weight 25% → 30%", "Qualities: weight 20% → 15%"]
        assert told(typed, language="zh")[0] == "偿债能力:权重 25% → 30%"

    def test_tells_points_bin_by_bin(self):
        assert told({"bin:debt_ratio:0:points": "95"}) == ["Debt ratio, at most 40%: 100 → 95 points"]

    def test_a_bin_that_is_gone_and_the_one_that_took_its_place(self):
        assert told({"bin:current_ratio:2:edge": ""}) == [
            "Current ratio, at least 1.5 and below 2: 80 → – points",
            "Current ratio, at least 1 and below 1.5: 60 → – points",
            "Current ratio, at least 1 and below 2: – → 60 points",
        ]

    def test_tells_values_missing_data_and_freshness(self):
        typed = {
            "otherwise:ownership_type": "40",
            "missing:roe": "worst",
            "missing:gross_margin": "neutral",
            "neutral:gross_margin": "30",
            "fresh:debt_ratio": "365",
        }

        assert told(typed) == [
            "Debt ratio: fresh for days 550 → 365",
            "Gross margin: when missing weight reallocated → counts as neutral, 30 points",
            "Return on equity: when missing weight reallocated → counts as the worst",
            "Ownership type, any other: 60 → 40 points",
        ]

    def test_tells_indicators_that_come_and_go(self):
        typed = {"remove:roe": "1", "weight:profitability:gross_margin": "100", "add:operation": "trend"}

        assert told(typed) == [
            "Gross margin: weight 50% → 100%",
            "Removed: Return on equity",
            "New: Payment trend (days a month), weight 0%",
        ]

    def test_tells_cut_offs_weight_sets_and_rules(self):
        after = model_typing.written(
            MODEL,
            {"cut:A": "88", "set:fast_moving_goods:solvency": "10", "set:fast_moving_goods:operation": "35"},
        )
        rules = [each for each in after["grades"]["rules"] if each["name"] != "half_known"]
        changed = {"when": {"attribute": "debt_ratio", "above": "0.8"}}
        after["grades"]["rules"] = [
            {**each, **changed} if each["name"] == "high_debt" else each for each in rules
        ]
        found = model_changes.sentences(before=parsed(MODEL), after=parsed(after))

        assert [words.en for words in found] == [
            "Fast-moving consumer goods: Solvency 15% → 10%",
            "Fast-moving consumer goods: Operation 30% → 35%",
            "Grade A: least score 85 → 88",
            "Removed: Less than 40% of the data is known",
            "Rule changed: Debt ratio above 70%",
        ]

    def test_tells_a_step_deduction_field_by_field(self):
        points = {"step_deduction": {
            "line": "0.70", "step": "0.10", "points": "15", "mode": "floor", "unit": "pp", "beyond": "above",
        }}  # fmt: skip
        before = model_typing.written(MODEL, {})
        before["scorecard"]["dimensions"][0]["indicators"][0]["points"] = points
        after = model_typing.written(before, {"step:debt_ratio:points": "20", "step:debt_ratio:line": "0.65"})
        found = model_changes.sentences(before=parsed(before), after=parsed(after))

        assert [words.en for words in found] == [
            "Debt ratio: warning line 0.70 → 0.65",
            "Debt ratio: points a step 15 → 20",
        ]

    def test_tells_models_of_their_own_that_come_change_and_go(self):
        own = {
            "own:name": "merchants",
            "own:zh": "商户",
            "own:en": "Merchants",
            "own:when": 'industry = "零售"',
        }
        with_it = {**MODEL, **model_typing.written(MODEL, own)}
        typed = {
            "of:model": "merchants",
            "when:model": 'industry = "批发"',
            "weight:solvency": "45",
            "weight:operation": "0",
            "weight:qualities": "15",
        }
        changed = {**MODEL, **model_typing.written(with_it, typed)}

        def told(before, after):
            found = model_changes.sentences(before=parsed(before), after=parsed(after))
            return [words.en for words in found]

        assert told(MODEL, with_it) == ["A model of its own: Merchants"]
        assert told(with_it, MODEL) == ["Removed: Merchants"]
        assert told(with_it, changed) == [
            "Merchants: it is for other customers now",
            "Merchants: Solvency: weight 25% → 45%",
            "Merchants: Operation: weight 15% → 0%",
            "Merchants: Qualities: weight 20% → 15%",
        ]
