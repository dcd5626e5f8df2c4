"""How good is a default model on customers it has not seen? By folds, or on later periods; never on its own sample.

Note [Calibration without peeping]
Raw forecasts are turned into rates by a logistic line. By folds, the line used on one fold is fitted on the forecasts of
the others, which were themselves made without the rows they are about. On later periods it is fitted on forecasts by
folds inside the training periods. The kept model is learned from all rows, with a line from all forecasts by folds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from tradecredit.analytics.learning import boosting, logistic, samples, scorecard_training
from tradecredit.core.scoring import calibration, separation
from tradecredit.core.scoring.evidence import Count
from tradecredit.core.scoring.separation import Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.analytics.learning.samples import Flags, Floats, Sample
    from tradecredit.core.scoring.binning import Trend

Kind = Literal["scorecard", "boosted"]
_BANDS: Final = 5
_INNER_FOLDS: Final = 3
_SEED: Final = 7
_DIGITS: Final = Decimal("0.000001")
# Forecasts of rows it was not learned from, by a model learned from the first sample.
Learner = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is learned, and how it is proven: by folds, or from ``test_from`` on in time."""

    kind: Kind
    folds: int = 10
    test_from: float | None = None
    trends: Mapping[str, Trend] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Forecast rates of unseen rows and what became of them, and the line from raw forecasts to rates."""

    rates: Floats
    is_bad: Flags
    line: tuple[float, float]
    trained_on: int


def forecaster(sample: Sample, plan: Plan) -> Callable[[Sample], Floats]:
    """Learn from the sample; returns what gives raw forecasts (logarithm of odds of bad) of others."""
    if plan.kind == "scorecard":
        card = scorecard_training.learn(sample, settings=scorecard_training.Settings(), trends=plan.trends)
        return card.log_odds
    forest = boosting.grow(
        sample.values,
        sample.is_bad.astype(np.float64),
        names=sample.names,
        objective="binary",
        settings=boosting.FOR_DEFAULT,
        trends=plan.trends,
    )
    return lambda others: forest.raw(others.values)


def prove(sample: Sample, plan: Plan, *, progress: Callable[[int], None]) -> Proof:
    """Return forecasts of rows that were not learned from; see Note [Calibration without peeping]."""
    if plan.test_from is not None:
        is_before = sample.periods < plan.test_from
        before, after = sample.only(is_before), sample.only(~is_before)
        before.require_both()
        after.require_both()
        inner, _ = _by_folds(before, plan, count=_INNER_FOLDS, progress=progress)
        line = _line(inner, before.is_bad)
        raw = forecaster(before, plan)(after)
        progress(1)
        return Proof(rates=_rates(raw, line), is_bad=after.is_bad, line=line, trained_on=len(before))
    raw, folds = _by_folds(sample, plan, count=plan.folds, progress=progress)
    rates = np.zeros(len(sample))
    for fold in range(plan.folds):
        is_here = folds == fold
        rates[is_here] = _rates(raw[is_here], _line(raw[~is_here], sample.is_bad[~is_here]))
    line = _line(raw, sample.is_bad)
    return Proof(
        rates=rates, is_bad=sample.is_bad, line=line, trained_on=len(sample) * (plan.folds - 1) // plan.folds
    )


def steps(plan: Plan) -> int:
    """Return how many models a proof learns, for a progress bar."""
    return plan.folds if plan.test_from is None else _INNER_FOLDS + 1


def figures(proof: Proof) -> dict[str, Any]:
    """Return the proof's figures as plain values: AUC with interval, KS, Brier, and calibration by band."""
    found = separation.measure(
        [
            Observation(score=-rate, is_bad=bool(bad))
            for rate, bad in zip(proof.rates, proof.is_bad, strict=True)
        ]
    )
    if found is None:
        raise ValueError("a proof has goods and bads")
    groups = _bands(proof)
    results = calibration.by_group(groups)
    fit = calibration.hosmer_lemeshow(groups, is_training_sample=False)
    brier = calibration.brier(
        (Decimal(repr(float(rate))), bool(bad)) for rate, bad in zip(proof.rates, proof.is_bad, strict=True)
    )
    return {
        "tested_on": len(proof.is_bad),
        "bads": found.count.bads,
        "auc": _text(found.auc.value),
        "auc_low": _text(found.auc.low),
        "auc_high": _text(found.auc.high),
        "gini": _text(found.gini.value),
        "ks": _text(found.ks),
        "brier": _text(brier),
        "is_monotone_by_band": calibration.is_monotone(
            [None if each.observed is None else each.observed.value for each in results]
        ),
        "hosmer_lemeshow_chance": None if fit is None else _text(fit.chance),
        "bands": [_band(each) for each in results],
    }


def _band(each: calibration.GroupResult) -> dict[str, Any]:
    observed = each.observed
    return {
        "band": each.group.name,
        "customers": each.group.count.total,
        "bads": each.group.count.bads,
        "predicted": _text(each.group.predicted),
        "observed": None if observed is None else _text(observed.value),
        "observed_low": None if observed is None else _text(observed.low),
        "observed_high": None if observed is None else _text(observed.high),
    }


def _by_folds(
    sample: Sample, plan: Plan, *, count: int, progress: Callable[[int], None]
) -> tuple[Floats, np.ndarray[Any, np.dtype[np.int64]]]:
    folds = samples.folds(sample, count=count, seed=_SEED)
    raw = np.zeros(len(sample))
    for fold in range(count):
        is_here = folds == fold
        raw[is_here] = forecaster(sample.only(~is_here), plan)(sample.only(is_here))
        progress(1)
    return raw, folds


def _line(raw: Floats, is_bad: Flags) -> tuple[float, float]:
    found = logistic.fit(raw[:, None], is_bad, ridge=0.0)
    return float(found[0]), float(found[1])


def _rates(raw: Floats, line: tuple[float, float]) -> Floats:
    return logistic.of_odds(line[0] + line[1] * raw)


def _bands(proof: Proof) -> list[calibration.Group]:
    """Return bands of risk with equal numbers of bads, from the best on: few bads in a band would say nothing."""
    order = np.argsort(proof.rates, kind="stable")
    bads = np.cumsum(proof.is_bad[order])
    places = np.minimum(_BANDS - 1, (bads - proof.is_bad[order]) * _BANDS // max(int(bads[-1]), 1))
    found = []
    for band in range(_BANDS):
        rows = order[places == band]
        if len(rows):
            bad = int(proof.is_bad[rows].sum())
            mean = Decimal(repr(float(proof.rates[rows].mean())))
            found.append(
                calibration.Group(
                    name=str(band + 1), predicted=mean, count=Count(goods=len(rows) - bad, bads=bad)
                )
            )
    return found


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.quantize(_DIGITS):f}"
