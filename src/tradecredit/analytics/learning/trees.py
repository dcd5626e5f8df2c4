"""Boosted trees as data, and their evaluation without the library that grew them.

A tree is five rows of numbers: the feature of each branch, its threshold, where to go below or above it, and each node's
value. What a customer's path adds at each branch (the value of the next node less that of this one) is the branch
feature's share; the shares and the root's value sum to the forecast exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tradecredit.analytics.learning.samples import Floats

_LEAF: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One tree; leaves have feature −1. ``goes_left_unknown`` says where a gap goes."""

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    goes_left_unknown: NDArray[np.bool_]
    value: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees that add up, over features in the order of ``names``."""

    names: tuple[str, ...]
    trees: tuple[Tree, ...]

    def raw(self, values: Floats) -> Floats:
        """Return the sum of the trees for every row."""
        found = np.zeros(len(values))
        for tree in self.trees:
            found += tree.value[_leaves(tree, values)]
        return found

    def shares(self, row: Floats) -> tuple[float, Floats]:
        """Return the root's value and what each feature adds for one row; they sum to the forecast."""
        base, found = 0.0, np.zeros(len(self.names))
        for tree in self.trees:
            node = 0
            base += float(tree.value[0])
            while tree.feature[node] != _LEAF:
                feature = int(tree.feature[node])
                after = _next(tree, node, float(row[feature]))
                found[feature] += tree.value[after] - tree.value[node]
                node = after
        return base, found


def _next(tree: Tree, node: int, value: float) -> int:
    goes_left = bool(tree.goes_left_unknown[node]) if np.isnan(value) else value <= tree.threshold[node]
    return int(tree.left[node] if goes_left else tree.right[node])


def _leaves(tree: Tree, values: Floats) -> NDArray[np.int64]:
    node = np.zeros(len(values), dtype=np.int64)
    waiting = np.arange(len(values))
    while len(waiting):
        at = node[waiting]
        is_branch = tree.feature[at] != _LEAF
        waiting, at = waiting[is_branch], at[is_branch]
        seen = values[waiting, tree.feature[at]]
        unknown = np.isnan(seen)
        goes_left = np.where(unknown, tree.goes_left_unknown[at], seen <= tree.threshold[at])
        node[waiting] = np.where(goes_left, tree.left[at], tree.right[at])
    return node


def as_data(forest: Forest) -> dict[str, Any]:
    """Return the forest as plain values, numbers as the shortest text that reads back the same."""
    return {
        "features": list(forest.names),
        "trees": [
            {
                "feature": [int(each) for each in tree.feature],
                "threshold": [repr(float(each)) for each in tree.threshold],
                "left": [int(each) for each in tree.left],
                "right": [int(each) for each in tree.right],
                "gap_left": [int(each) for each in tree.goes_left_unknown],
                "value": [repr(float(each)) for each in tree.value],
            }
            for tree in forest.trees
        ],
    }


def from_data(data: Mapping[str, Any]) -> Forest:
    """Read a forest back."""
    return Forest(
        names=tuple(data["features"]),
        trees=tuple(
            Tree(
                feature=np.array(tree["feature"], dtype=np.int64),
                threshold=np.array([float(each) for each in tree["threshold"]]),
                left=np.array(tree["left"], dtype=np.int64),
                right=np.array(tree["right"], dtype=np.int64),
                goes_left_unknown=np.array(tree["gap_left"], dtype=np.bool_),
                value=np.array([float(each) for each in tree["value"]]),
            )
            for tree in data["trees"]
        ),
    )


def of_nested(nested: Sequence[Mapping[str, Any]], *, names: Sequence[str]) -> Forest:
    """Return the forest of nested trees (``left_child``, ``right_child``, ``leaf_value``…), as libraries tell them."""
    return Forest(names=tuple(names), trees=tuple(_flat(each["tree_structure"]) for each in nested))


def _flat(structure: Mapping[str, Any]) -> Tree:
    nodes: list[dict[str, Any]] = []
    _put(structure, nodes)
    return Tree(
        feature=np.array([node["feature"] for node in nodes], dtype=np.int64),
        threshold=np.array([node["threshold"] for node in nodes]),
        left=np.array([node["left"] for node in nodes], dtype=np.int64),
        right=np.array([node["right"] for node in nodes], dtype=np.int64),
        goes_left_unknown=np.array([node["gap_left"] for node in nodes], dtype=np.bool_),
        value=np.array([node["value"] for node in nodes]),
    )


def _put(structure: Mapping[str, Any], nodes: list[dict[str, Any]]) -> int:
    place = len(nodes)
    if "leaf_value" in structure:
        nodes.append(
            {"feature": _LEAF, "threshold": 0.0, "left": _LEAF, "right": _LEAF, "gap_left": 0}
            | {"value": float(structure["leaf_value"])}
        )
        return place
    node: dict[str, Any] = {
        "feature": int(structure["split_feature"]),
        "threshold": float(structure["threshold"]),
        "gap_left": int(_gap_goes_left(structure)),
        "value": float(structure["internal_value"]),
    }
    nodes.append(node)
    node["left"] = _put(structure["left_child"], nodes)
    node["right"] = _put(structure["right_child"], nodes)
    return place


def _gap_goes_left(structure: Mapping[str, Any]) -> bool:
    """Follow the library: where training saw no gaps, a gap counts as nought."""
    if structure["missing_type"] == "None":
        return float(structure["threshold"]) >= 0
    return bool(structure["default_left"])
