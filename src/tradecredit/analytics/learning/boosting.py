"""Grow boosted trees (with the extra ``ml``), by fixed and frugal settings so that the same sample gives the same model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from tradecredit.analytics.learning import trees
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.analytics.learning.samples import Floats
    from tradecredit.analytics.learning.trees import Forest
    from tradecredit.core.scoring.binning import Trend

_SIGNS: Final[dict[Trend, int]] = {"rising": 1, "falling": -1, "any": 0}
Objective = Literal["binary", "l1", "l2"]


class UnableToBoostError(UnableToError):
    """The library is not installed."""

    code = "extra_missing"
    status = 501


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How trees are grown."""

    rounds: int = 400
    learning_rate: float = 0.05
    leaves: int = 31
    least_in_leaf: int = 20
    features_share: float = 1.0
    rows_share: float = 1.0
    ridge: float = 0.0
    seed: int = 7


FOR_DEFAULT: Final = Settings()
FOR_LATENESS: Final = Settings(
    rounds=200, learning_rate=0.03, leaves=15, features_share=0.5, rows_share=0.7, ridge=5.0
)


def grow(
    values: Floats,
    outcomes: Floats,
    *,
    names: tuple[str, ...],
    objective: Objective,
    settings: Settings,
    trends: Mapping[str, Trend] | None = None,
) -> Forest:
    """Return the trees; a feature's trend makes its risk only rise or only fall with it.

    Raises UnableToBoostError where the extra ``ml`` is not installed.
    """
    library = _library()
    parameters: dict[str, Any] = {
        "objective": objective, "learning_rate": settings.learning_rate, "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.least_in_leaf, "feature_fraction": settings.features_share,
        "bagging_fraction": settings.rows_share, "bagging_freq": int(settings.rows_share < 1),
        "lambda_l2": settings.ridge, "seed": settings.seed, "num_threads": 1, "deterministic": True,
        "force_col_wise": True, "verbosity": -1, "boost_from_average": True,
    }  # fmt: skip
    if trends:
        parameters["monotone_constraints"] = [_SIGNS[trends.get(name, "any")] for name in names]
    data = library.Dataset(values, label=outcomes, free_raw_data=True)
    grown = library.train(parameters, data, settings.rounds)
    return trees.of_nested(grown.dump_model()["tree_info"], names=names)


def _library() -> Any:
    try:
        import lightgbm  # noqa: PLC0415 - an extra: the product works without it
    except ImportError as error:
        raise UnableToBoostError(
            Words(
                zh="需要附加组件 ml:pip install 'tradecredit[ml]'。评分卡训练和已有模型的使用不需要它。",
                en="This needs the extra ml: pip install 'tradecredit[ml]'. Scorecards and stored models do without.",
            )
        ) from error
    return lightgbm
