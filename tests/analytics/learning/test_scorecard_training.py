"""A learned scorecard is a policy's scorecard: the ordinary engine says the same as the regression."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from tradecredit.analytics.learning import documents, logistic, proving, ranking, scorecard_training
from tradecredit.analytics.learning.proving import Plan
from tradecredit.analytics.learning.samples import Sample, UnableToLearnError
from tradecredit.analytics.learning.scorecard_training import Settings
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import scorecard, scorecard_document
from tradecredit.core.scoring.values import Known, Missing

LABEL = Words(zh="试", en="Trial")


def made(rows: int = 1500) -> Sample:
    random = np.random.default_rng(3)
    values = np.round(random.normal(size=(rows, 3)), 3)
    chance = logistic.of_odds(-2 + 1.2 * values[:, 0] - 0.8 * values[:, 1])
    bad = random.random(rows) < chance
    values[random.random(rows) < 0.1, 1] = np.nan
    return Sample(
        names=("Debt ratio", "Margin", "Noise"), values=values, is_bad=bad, periods=np.arange(rows) * 1.0
    )


class TestLearn:
    def test_keeps_what_says_something_and_drops_noise(self):
        found = scorecard_training.learn(made(), settings=Settings(least_information=0.1))

        assert {feature.name for feature in found.features} == {"Debt ratio", "Margin"}
        assert all(coefficient > 0 for coefficient in found.coefficients)

    def test_refuses_a_sample_of_noise(self):
        sample = made()
        noise = Sample(
            names=("Noise",), values=sample.values[:, 2:], is_bad=sample.is_bad, periods=sample.periods
        )

        with pytest.raises(UnableToLearnError):
            scorecard_training.learn(noise, settings=Settings(least_information=0.1))

    def test_keeps_the_trend_asked_for(self):
        found = scorecard_training.learn(made(), settings=Settings(), trends={"Debt ratio": "falling"})

        assert "Debt ratio" not in {feature.name for feature in found.features}


class TestSection:
    def test_the_rating_engine_ranks_as_the_regression_does(self):
        sample = made()
        learned = scorecard_training.learn(sample, settings=Settings())
        card = scorecard_document.parse(scorecard_training.section(learned, name="trial", label=LABEL))
        risk = learned.log_odds(sample)

        scores = np.array([float(self._score(card, row)) for row in sample.values[:300]])

        # One straight line: rounding of points to two digits leaves a hundredth of the score.
        slope, start = np.polyfit(scores, risk[:300], 1)
        assert slope < 0
        assert np.abs(risk[:300] - (start + slope * scores)).max() < 0.01

    @staticmethod
    def _score(card, row):
        names = scorecard_training.slugs(["Debt ratio", "Margin", "Noise"])
        values = {
            name: Missing() if np.isnan(value) else Known(value=Decimal(repr(float(value))))
            for name, value in zip(names, row, strict=True)
        }
        return scorecard.evaluate(card, values=values, as_of=date(2026, 1, 1)).score


class TestOfDefault:
    def test_proves_on_rows_it_did_not_learn_from(self):
        found = documents.of_default(
            made(),
            plan=Plan(kind="scorecard", folds=3),
            name="trial",
            definition="bad",
            progress=lambda _: None,
        )

        assert 0.7 < float(found["figures"]["auc"]) < 0.85
        assert found["figures"]["tested_on"] == 1500
        assert "3 folds" in found["protection"][0]["en"]
        assert scorecard_document.parse(found["model"]["scorecard"]).name == "trial"

    def test_a_split_in_time_tests_only_later_rows(self):
        proof = proving.prove(made(), Plan(kind="scorecard", test_from=1000), progress=lambda _: None)

        assert (proof.trained_on, len(proof.rates)) == (1000, 500)
        assert ranking.auc(proof.rates, proof.is_bad) > 0.7


class TestScoreLine:
    def test_gives_the_log_odds_back_from_the_score(self):
        sample = made(400)
        learned = scorecard_training.learn(sample, settings=Settings())
        card = scorecard_document.parse(scorecard_training.section(learned, name="trial", label=LABEL))
        intercept, slope = scorecard_training.score_line(learned)
        row = {
            "debt_ratio": Known(value=Decimal(repr(float(sample.values[0, 0])))),
            "margin": Missing()
            if np.isnan(sample.values[0, 1])
            else Known(value=Decimal(repr(float(sample.values[0, 1])))),
            "noise": Known(value=Decimal(repr(float(sample.values[0, 2])))),
        }

        score = scorecard.evaluate(card, values=row, as_of=date(2026, 1, 1)).score

        assert score is not None
        assert intercept + slope * float(score) == pytest.approx(learned.log_odds(sample)[0], abs=0.02)
