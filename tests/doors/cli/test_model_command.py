"""``tradecredit model``: figures without an installation, and refusals."""

from __future__ import annotations

import csv
import json
import random

import pytest
from click.testing import CliRunner

from tradecredit.analytics.learning.samples import UnableToLearnError
from tradecredit.doors.cli.learned_models import model_command


@pytest.fixture
def sample(tmp_path):
    dice = random.Random(1)
    path = tmp_path / "sample.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["year", "debt", "outcome", "written_off"])
        for number in range(600):
            debt = dice.random()
            is_bad = dice.random() < debt**2
            writer.writerow([2020 + number % 3, f"{debt:.4f}", "bad" if is_bad else "good", int(is_bad)])
    return path


def train(sample, *more):
    arguments = [
        "train",
        "trial",
        "--file",
        str(sample),
        "--outcome",
        "outcome=bad",
        "--period",
        "year",
        "--not-kept",
    ]
    return CliRunner().invoke(model_command, [*arguments, "--folds", "3", "--json", *more])


class TestTrain:
    def test_prints_figures_of_rows_it_did_not_learn_from(self, sample):
        found = train(sample, "--leave-out", "written_off")

        document = json.loads(found.stdout)
        assert 0.65 < float(document["figures"]["auc"]) < 0.9
        assert document["training"]["rows"] == 600
        assert "3 folds" in document["protection"][0]["en"]

    def test_proves_on_later_years_where_asked(self, sample):
        found = train(sample, "--leave-out", "written_off", "--test-from", "2022")

        assert json.loads(found.stdout)["figures"]["tested_on"] == 200

    def test_refuses_a_feature_that_is_the_outcome(self, sample):
        found = train(sample)

        assert isinstance(found.exception, UnableToLearnError)
        assert "written_off" in found.exception.words.en
