"""A learned model in the open format of other engines (ONNX): the same trees, exact in double precision.

Note [Numbers]: operator set ``ai.onnx.ml`` 5, whose ``TreeEnsemble`` keeps thresholds and leaves as doubles; a gap in the
figures is NaN, and goes where our own evaluation sends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradecredit.analytics.learning import late_payments, trees
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.analytics.learning.trees import Forest, Tree

_OPERATORS: Final = 20
_TREE_OPERATORS: Final = 5
_FORMAT: Final = 10
_LESS_OR_EQUAL: Final = 0
_SUM: Final = 1
_FEATURES: Final = "features"


class UnableToExportModelError(UnableToError):
    """The model is no forest, or the library that writes the format is missing."""

    code = "model_not_exportable"
    status = 422


def as_onnx(document: Mapping[str, Any]) -> bytes:
    """Return a model of trees as an ONNX file.

    Input ``features``: doubles, one row a customer or invoice, columns in the order of the file's ``features`` property.
    Outputs: ``probability`` for a default model, ``chance_late`` and ``days_late`` for lateness; one double a row.
    Raises UnableToExportModelError.
    """
    try:
        from onnx import helper  # noqa: PLC0415 - of the extra ml
    except ImportError as error:
        raise UnableToExportModelError(
            Words(
                zh="导出 ONNX 需要 ml 扩展：pip install 'tradecredit[ml]'。",
                en="Exporting ONNX needs the extra ml: pip install 'tradecredit[ml]'.",
            )
        ) from error
    graph = _graph(document)
    made = helper.make_model(
        graph,
        producer_name="tradecredit",
        ir_version=_FORMAT,
        opset_imports=[
            helper.make_opsetid("", _OPERATORS),
            helper.make_opsetid("ai.onnx.ml", _TREE_OPERATORS),
        ],
    )
    helper.set_model_props(
        made,
        {
            "name": str(document["name"]),
            "features": "\n".join(document["training"]["features"]),
            "data_digest": str(document["training"]["data_digest"]),
        },
    )
    found: bytes = made.SerializeToString()
    return found


def _graph(document: Mapping[str, Any]) -> Any:
    if document["kind"] == "boosted":
        line = document["calibration"]
        return _of_default(
            trees.from_data(document["model"]), slope=float(line["slope"]), intercept=float(line["intercept"])
        )
    if document["kind"] == "lateness":
        return _of_lateness(late_payments.from_data(document["model"]))
    raise UnableToExportModelError(
        Words(
            zh="统计评分卡请导出为 YAML 或 PMML；ONNX 用于提升树和付款时间模型。",
            en="Export a scorecard as YAML or PMML; ONNX is for boosted models and models of lateness.",
        )
    )


def _of_default(forest: Forest, *, slope: float, intercept: float) -> Any:
    from onnx import helper  # noqa: PLC0415

    nodes = [
        _ensemble(forest, "raw"),
        helper.make_node("Mul", ["raw", "slope"], ["scaled"]),
        helper.make_node("Add", ["scaled", "intercept"], ["odds"]),
        helper.make_node("Sigmoid", ["odds"], ["probability"]),
    ]
    return _made("default", nodes, forest, outputs=("probability",), slope=slope, intercept=intercept)


def _of_lateness(model: late_payments.LatenessModel) -> Any:
    from onnx import helper  # noqa: PLC0415

    nodes = [
        _ensemble(model.is_late, "odds"),
        helper.make_node("Sigmoid", ["odds"], ["chance_late"]),
        _ensemble(model.median_days, "median"),
        _ensemble(model.mean_days, "mean"),
        helper.make_node("Add", ["median", "mean"], ["both"]),
        helper.make_node("Mul", ["both", "half"], ["days_late"]),
    ]
    return _made("lateness", nodes, model.is_late, outputs=("chance_late", "days_late"), half=0.5)


def _made(name: str, nodes: Sequence[Any], forest: Forest, *, outputs: Sequence[str], **known: float) -> Any:
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    return helper.make_graph(
        list(nodes),
        name,
        [helper.make_tensor_value_info(_FEATURES, TensorProto.DOUBLE, ["rows", len(forest.names)])],
        [helper.make_tensor_value_info(each, TensorProto.DOUBLE, ["rows", 1]) for each in outputs],
        [numpy_helper.from_array(np.array([value]), key) for key, value in known.items()],
    )


def _ensemble(forest: Forest, output: str) -> Any:
    """Return the node of all trees: branches and leaves in rows of their own, numbered through the forest."""
    from onnx import helper, numpy_helper  # noqa: PLC0415

    rows = _Rows()
    for tree in forest.trees:
        rows.add(tree)
    return helper.make_node(
        "TreeEnsemble",
        [_FEATURES],
        [output],
        domain="ai.onnx.ml",
        aggregate_function=_SUM,
        post_transform=0,
        n_targets=1,
        tree_roots=rows.roots,
        nodes_featureids=rows.features,
        nodes_modes=numpy_helper.from_array(np.full(len(rows.features), _LESS_OR_EQUAL, dtype=np.uint8)),
        nodes_splits=numpy_helper.from_array(np.array(rows.splits)),
        nodes_truenodeids=[place for place, _ in rows.left],
        nodes_trueleafs=[int(is_leaf) for _, is_leaf in rows.left],
        nodes_falsenodeids=[place for place, _ in rows.right],
        nodes_falseleafs=[int(is_leaf) for _, is_leaf in rows.right],
        nodes_missing_value_tracks_true=rows.gaps,
        leaf_targetids=[0] * len(rows.leaves),
        leaf_weights=numpy_helper.from_array(np.array(rows.leaves)),
    )


class _Rows:
    """The branches and leaves of a forest, as the format numbers them."""

    def __init__(self) -> None:
        self.roots: list[int] = []
        self.features: list[int] = []
        self.splits: list[float] = []
        self.gaps: list[int] = []
        self.left: list[tuple[int, bool]] = []
        self.right: list[tuple[int, bool]] = []
        self.leaves: list[float] = []

    def add(self, tree: Tree) -> None:
        """Number one tree; one that is a single leaf becomes a branch with two leaves alike."""
        self.roots.append(len(self.features))
        if tree.feature[0] < 0:
            self._branch(tree, 0)
            self.left[-1], self.right[-1] = self._leaf(tree, 0), self._leaf(tree, 0)
            return
        self._below(tree, 0)

    def _below(self, tree: Tree, node: int) -> tuple[int, bool]:
        if tree.feature[node] < 0:
            return self._leaf(tree, node)
        place = self._branch(tree, node)
        self.left[place] = self._below(tree, int(tree.left[node]))
        self.right[place] = self._below(tree, int(tree.right[node]))
        return place, False

    def _branch(self, tree: Tree, node: int) -> int:
        self.features.append(max(0, int(tree.feature[node])))
        self.splits.append(float(tree.threshold[node]))
        self.gaps.append(int(tree.goes_left_unknown[node]))
        self.left.append((0, False))
        self.right.append((0, False))
        return len(self.features) - 1

    def _leaf(self, tree: Tree, node: int) -> tuple[int, bool]:
        self.leaves.append(float(tree.value[node]))
        return len(self.leaves) - 1, True
