"""A model as an ONNX file answers what our own evaluation answers, gaps and single leaves included."""

from __future__ import annotations

import builtins

import numpy as np
import pytest

from tradecredit.analytics.learning import documents, late_payments, onnx_models, trees
from tradecredit.analytics.learning.onnx_models import UnableToExportModelError
from tradecredit.analytics.learning.trees import Forest, Tree

onnx = pytest.importorskip("onnx", reason="needs the extra ml: pip install 'tradecredit[ml]'")

NAMES = ("debt", "age", "late", "sales")


def grown(chance: np.random.Generator, depth: int) -> Tree:
    """A tree by chance; depth 0 is a single leaf."""
    nodes: list[tuple[int, float, int, int, int, float]] = []

    def put(left: int) -> int:
        place = len(nodes)
        if left == 0 or (place and chance.random() < 0.2):
            nodes.append((-1, 0.0, -1, -1, 0, float(chance.normal())))
            return place
        nodes.append((0, 0.0, 0, 0, 0, 0.0))
        branch = (int(chance.integers(len(NAMES))), float(chance.normal()))
        nodes[place] = (*branch, put(left - 1), put(left - 1), int(chance.integers(2)), 0.0)
        return place

    put(depth)
    feature, threshold, left, right, gap, value = zip(*nodes, strict=True)
    return Tree(
        feature=np.array(feature),
        threshold=np.array(threshold),
        left=np.array(left),
        right=np.array(right),
        goes_left_unknown=np.array(gap, dtype=bool),
        value=np.array(value),
    )


def forest(seed: int) -> Forest:
    chance = np.random.default_rng(seed)
    return Forest(names=NAMES, trees=tuple(grown(chance, depth) for depth in (4, 3, 0, 4, 1)))


def document(kind: str, model: object) -> dict[str, object]:
    return {
        "name": "示例",
        "kind": kind,
        "model": model,
        "calibration": {"intercept": "-0.3", "slope": "1.2"},
        "training": {"features": list(NAMES), "data_digest": "d"},
    }


def answered(content: bytes, values: np.ndarray) -> list[np.ndarray]:
    from onnx.reference import ReferenceEvaluator

    made = onnx.load_from_string(content)
    onnx.checker.check_model(made)
    return ReferenceEvaluator(made).run(None, {"features": values})


@pytest.fixture
def values():
    chance = np.random.default_rng(11)
    found = chance.normal(size=(60, len(NAMES)))
    found[chance.random(found.shape) < 0.2] = np.nan
    return found


class TestAsOnnx:
    def test_a_default_model_answers_the_same_probabilities(self, values):
        kept = document("boosted", trees.as_data(forest(3)))

        (found,) = answered(onnx_models.as_onnx(kept), values)

        assert found.dtype == np.float64
        np.testing.assert_allclose(found[:, 0], documents.rates(kept, values), rtol=1e-12, atol=1e-14)

    def test_a_model_of_lateness_answers_chance_and_days(self, values):
        model = late_payments.LatenessModel(is_late=forest(1), median_days=forest(2), mean_days=forest(3))

        chance, days = answered(
            onnx_models.as_onnx(document("lateness", late_payments.as_data(model))), values
        )

        np.testing.assert_allclose(chance[:, 0], model.chances(values), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(days[:, 0], model.days(values), rtol=1e-12, atol=1e-12)

    def test_the_file_names_its_columns_and_its_data(self):
        made = onnx.load_from_string(onnx_models.as_onnx(document("boosted", trees.as_data(forest(3)))))

        assert {each.key: each.value for each in made.metadata_props} == {
            "name": "示例",
            "features": "debt\nage\nlate\nsales",
            "data_digest": "d",
        }

    def test_a_scorecard_is_refused_with_the_way_that_it_goes_out(self):
        with pytest.raises(UnableToExportModelError) as refused:
            onnx_models.as_onnx(document("scorecard", {}))

        assert "PMML" in refused.value.words.en

    def test_without_the_library_it_says_what_to_install(self, monkeypatch):
        usual = builtins.__import__

        def missing(name, *more, **named):
            if name == "onnx":
                raise ImportError(name)
            return usual(name, *more, **named)

        monkeypatch.setattr(builtins, "__import__", missing)
        with pytest.raises(UnableToExportModelError) as refused:
            onnx_models.as_onnx(document("boosted", trees.as_data(forest(3))))

        assert "tradecredit[ml]" in refused.value.words.en
