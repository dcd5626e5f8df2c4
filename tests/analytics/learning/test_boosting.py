"""Boosted trees: as data they say what the library says."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

from tradecredit.analytics.learning import boosting, documents, late_payments, proving, trees
from tradecredit.analytics.learning.boosting import Settings
from tradecredit.analytics.learning.payment_history import InvoiceRow
from tradecredit.analytics.learning.proving import Plan
from tradecredit.analytics.learning.samples import Sample

lightgbm = pytest.importorskip("lightgbm", reason="needs the extra ml: pip install 'tradecredit[ml]'")

SMALL = Settings(rounds=20, leaves=7, least_in_leaf=5)


def made(rows: int = 400) -> Sample:
    random = np.random.default_rng(5)
    values = random.normal(size=(rows, 4))
    bad = random.random(rows) < 1 / (1 + np.exp(2 - 1.5 * values[:, 0]))
    values[random.random(rows) < 0.2, 0] = np.nan
    return Sample(names=("a", "b", "c", "d"), values=values, is_bad=bad, periods=np.empty(0))


def grown(sample: Sample, **more):
    return boosting.grow(
        sample.values,
        sample.is_bad.astype(float),
        names=sample.names,
        objective="binary",
        settings=SMALL,
        **more,
    )


class TestGrow:
    def test_the_data_says_what_the_library_says(self):
        sample = made()
        data = lightgbm.Dataset(sample.values, label=sample.is_bad)
        theirs = lightgbm.train(
            {
                "objective": "binary",
                "num_leaves": 7,
                "min_data_in_leaf": 5,
                "verbosity": -1,
                "num_threads": 1,
            },
            data,
            20,
        )

        ours = trees.of_nested(theirs.dump_model()["tree_info"], names=sample.names)

        assert np.abs(ours.raw(sample.values) - theirs.predict(sample.values, raw_score=True)).max() < 1e-12

    def test_comes_back_from_json_the_same(self):
        sample = made()
        forest = grown(sample)

        again = trees.from_data(json.loads(json.dumps(trees.as_data(forest))))

        assert (again.raw(sample.values) == forest.raw(sample.values)).all()

    def test_the_same_sample_gives_the_same_trees(self):
        assert trees.as_data(grown(made())) == trees.as_data(grown(made()))

    def test_a_trend_holds_everywhere(self):
        forest = grown(made(), trends={"a": "rising"})
        line = np.zeros((50, 4))
        line[:, 0] = np.linspace(-3, 3, 50)

        assert (np.diff(forest.raw(line)) >= 0).all()


class TestShares:
    def test_sum_to_the_forecast(self):
        sample = made()
        forest = grown(sample)

        base, shares = forest.shares(sample.values[0])

        assert base + shares.sum() == pytest.approx(forest.raw(sample.values[:1])[0], abs=1e-9)


class TestReasons:
    def test_name_what_adds_the_most_risk(self):
        plan = Plan(kind="boosted", folds=2)
        document = documents.of_default(made(), plan=plan, name="x", definition="y", progress=lambda _: None)

        found = documents.reasons(document, np.array([3.0, 0.0, 0.0, 0.0]))

        assert found[0][0] == "a"
        assert 0 < documents.rates(document, np.array([[3.0, 0, 0, 0]]))[0] < 1
        assert proving.steps(plan) == 2


class TestLateness:
    def test_learns_only_from_what_was_settled_by_then(self):
        rows = [invoice(number) for number in range(300)]
        values, names = late_payments.history(rows)
        cut = date(2025, 7, 1)

        model = late_payments.learn(rows, values=values, names=names, known_on=cut)
        found = late_payments.proven(model, rows, values=values, trained_before=cut)

        assert found.trained_on == sum(row.settled_on < cut for row in rows)
        assert found.auc == 1
        assert found.mean_error_days < found.mean_error_days_of_median


def invoice(number: int) -> InvoiceRow:
    issued = date(2025, 1, 1) + timedelta(days=number)
    is_slow = number % 3 == 0
    days = (12 if is_slow else -3) + number % 2
    return InvoiceRow(
        reference=str(number), customer="slow" if is_slow else "quick", group="", amount=100.0 + number % 7,
        issued_on=issued, due_on=issued + timedelta(days=30), settled_on=issued + timedelta(days=30 + days),
    )  # fmt: skip
