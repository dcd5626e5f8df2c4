"""Samples, their folds, and what is refused."""

from __future__ import annotations

import gzip
from datetime import date

import numpy as np
import pytest

from tradecredit.analytics.learning import leakage, ranking, sample_files, samples
from tradecredit.analytics.learning.sample_files import Reading
from tradecredit.analytics.learning.samples import Sample, UnableToLearnError

FIRMS = """firm,year,status,assets,debt
a,2001,failed,100,50
a,2002,failed,100,80
b,2001,alive,200,20
b,2002,alive,0,30
b,2003,alive,50,?
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "firms.csv.gz"
    path.write_bytes(gzip.compress(FIRMS.encode()))
    return path


def reading(**more):
    return Reading(outcome="status=failed", period="year", group="firm", **more)


def sample_of(values: list[list[float]], bads: list[int], groups: tuple[str, ...] = ()) -> Sample:
    table = np.array(values, dtype=np.float64)
    names = tuple(f"f{place}" for place in range(table.shape[1]))
    return Sample(
        names=names, values=table, is_bad=np.array(bads, dtype=bool), periods=np.empty(0), groups=groups
    )


class TestRead:
    def test_takes_numbers_and_leaves_gaps(self, file):
        found = sample_files.read(file, reading=reading())

        assert found.names == ("assets", "debt")
        assert found.is_bad.tolist() == [True, True, False, False, False]
        assert np.isnan(found.values[4, 1])

    def test_divides_by_a_column_and_keeps_its_logarithm(self, file):
        found = sample_files.read(file, reading=reading(per="assets"))

        assert found.names == ("debt/assets", "log assets")
        assert found.values[0].tolist() == [0.5, np.log(100)]
        assert np.isnan(found.values[3]).all()

    def test_failing_after_the_last_year_is_bad_only_there(self, file):
        found = sample_files.read(file, reading=reading(is_at_last_period=True))

        # The last year of all is left out: what became of it is not known.
        assert found.is_bad.tolist() == [False, True, False, False]

    def test_refuses_what_is_known_afterwards_even_inside_a_ratio(self, file):
        with pytest.raises(UnableToLearnError) as refusal:
            sample_files.read(file, reading=reading(ratios=("debt/assets",), known_afterwards=("debt",)))

        assert "debt" in refusal.value.words.en

    def test_names_a_column_that_is_not_there(self, file):
        with pytest.raises(UnableToLearnError, match="no column"):
            sample_files.read(file, reading=reading(leave_out=("nothing",)))

    def test_reads_arff(self, tmp_path):
        path = tmp_path / "x.arff"
        path.write_text("@relation r\n@attribute A numeric\n@attribute class {0,1}\n@data\n1.5,0\n?,1\n")

        found = sample_files.read(path, reading=Reading(outcome="class"))

        assert found.names == ("A",)
        assert found.is_bad.tolist() == [False, True]


class TestFolds:
    def test_deals_out_the_bads_evenly(self):
        found = sample_of([[0.0]] * 20, [1] * 4 + [0] * 16)

        folds = samples.folds(found, count=4, seed=1)

        assert sorted(folds[found.is_bad].tolist()) == [0, 1, 2, 3]

    def test_keeps_a_customer_in_one_fold(self):
        found = sample_of([[0.0]] * 6, [0, 1, 0, 1, 0, 1], groups=("a", "a", "b", "b", "c", "c"))

        folds = samples.folds(found, count=3, seed=1).tolist()

        assert folds[0] == folds[1]
        assert folds[2] == folds[3]
        assert folds[4] == folds[5]


class TestRefusals:
    def test_a_feature_that_is_the_outcome_is_refused(self):
        found = sample_of([[each, 1.0] for each in range(10)], [0] * 5 + [1] * 5)

        with pytest.raises(UnableToLearnError) as refusal:
            leakage.refuse_outcomes_in_disguise(found)

        assert "f0" in refusal.value.words.en
        assert "f1" not in refusal.value.words.en

    def test_a_day_after_the_day_is_refused(self):
        with pytest.raises(UnableToLearnError, match="settled"):
            leakage.refuse_later_days({"settled": [None, date(2026, 3, 3)]}, days=[date(2026, 3, 2)] * 2)

    def test_only_good_ones_teach_nothing(self):
        with pytest.raises(UnableToLearnError):
            sample_of([[1.0], [2.0]], [0, 0]).require_both()


class TestAuc:
    def test_counts_ties_half(self):
        assert ranking.auc(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, True, False, True])) == 0.875

    def test_needs_both(self):
        assert ranking.auc(np.array([1.0]), np.array([True])) is None


class TestDigest:
    def test_another_value_is_another_digest(self):
        assert sample_of([[1.0]], [1]).digest() != sample_of([[2.0]], [1]).digest()
