"""A points scorecard from a sample, in the product's own form: the ordinary rating engine evaluates it.

Each feature is cut into bins with the most information (``core.scoring.binning``), each bin gets its weight of evidence,
and a logistic regression weighs the features. A feature whose coefficient speaks against its own evidence is dropped.
What a feature adds to the logarithm of the odds is stretched to 0 to 100 points, its span becomes its weight; the score
is then a straight line in that logarithm. What is not known counts as the evidence of what was not known in the sample.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradecredit.analytics.learning import logistic
from tradecredit.analytics.learning.samples import UnableToLearnError
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import binning, evidence
from tradecredit.core.scoring.attributes import REGISTRY
from tradecredit.core.scoring.evidence import Count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.analytics.learning.samples import Flags, Floats, Sample
    from tradecredit.core.scoring.binning import Trend

_CENT: Final = Decimal("0.01")
_WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a scorecard is learned: fine groups, bins, the least share of a bin, the least information of a feature."""

    pieces: int = 20
    bins_max: int = 6
    least_share: float = 0.02
    least_information: float = 0.02
    features_max: int = 100
    ridge: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BinnedFeature:
    """A feature cut into bins: edges, and the evidence of each bin and of what is not known."""

    name: str
    edges: tuple[str, ...]
    weights: tuple[float, ...]
    unknown: float
    information: float
    counts: tuple[Count, ...]

    def evidence_of(self, column: Floats) -> Floats:
        """Return the evidence of each value."""
        bins = np.searchsorted(np.array([float(edge) for edge in self.edges]), column, side="right")
        found: Floats = np.array(self.weights)[bins]
        found[np.isnan(column)] = self.unknown
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedScorecard:
    """The features kept, their coefficients, and the line from score to the logarithm of the odds of bad."""

    features: tuple[BinnedFeature, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def log_odds(self, sample: Sample) -> Floats:
        """Return the logarithm of the odds of bad of every row."""
        found = np.full(len(sample), self.intercept)
        for feature, coefficient in zip(self.features, self.coefficients, strict=True):
            found = found - coefficient * feature.evidence_of(
                sample.values[:, sample.names.index(feature.name)]
            )
        return found


def learn(
    sample: Sample, *, settings: Settings, trends: Mapping[str, Trend] | None = None
) -> LearnedScorecard:
    """Return the scorecard; raises UnableToLearnError where no feature says anything."""
    sample.require_both()
    binned = [
        each
        for place, name in enumerate(sample.names)
        if (
            each := _binned(
                name, sample.values[:, place], sample.is_bad, settings, (trends or {}).get(name, "any")
            )
        )
        is not None
    ]
    chosen = sorted(binned, key=lambda each: -each.information)[: settings.features_max]
    while chosen:
        table = np.column_stack(
            [-each.evidence_of(sample.values[:, sample.names.index(each.name)]) for each in chosen]
        )
        found = logistic.fit(table, sample.is_bad, ridge=settings.ridge)
        if (found[1:] > 0).all():
            return LearnedScorecard(
                features=tuple(chosen), coefficients=tuple(float(each) for each in found[1:]),
                intercept=float(found[0]),
            )  # fmt: skip
        chosen = [each for each, coefficient in zip(chosen, found[1:], strict=True) if coefficient > 0]
    raise UnableToLearnError(
        Words(zh="没有一个特征能区分好坏。", en="No feature tells the good from the bad.")
    )


def section(found: LearnedScorecard, *, name: str, label: Words) -> dict[str, Any]:
    """Return the scorecard as the section of a policy document."""
    spans = [
        _span(feature, coefficient)
        for feature, coefficient in zip(found.features, found.coefficients, strict=True)
    ]
    names = slugs([feature.name for feature in found.features])
    weights = _weights(spans)
    return {
        "name": name,
        "label": label.as_dict(),
        "digits": "2",
        "missing": "neutral",
        "attributes": {
            slug: _attribute(feature) for slug, feature in zip(names, found.features, strict=True) if slug not in REGISTRY
        },
        "dimensions": [
            {
                "name": "statistical",
                "label": {"zh": "统计模型", "en": "Statistical model"},
                "weight": "100",
                "indicators": [
                    _indicator(feature, slug=slug, weight=weight)
                    for feature, slug, weight in zip(found.features, names, weights, strict=True)
                ],
            }
        ],
    }  # fmt: skip


def score_line(found: LearnedScorecard) -> tuple[float, float]:
    """Return intercept and slope of the logarithm of the odds of bad in the score that ``section`` gives."""
    pairs = list(zip(found.features, found.coefficients, strict=True))
    spans = sum(_span(feature, coefficient) for feature, coefficient in pairs)
    lowest = sum(coefficient * min(*feature.weights, feature.unknown) for feature, coefficient in pairs)
    return found.intercept - lowest, -spans / 100


def slugs(names: Sequence[str]) -> list[str]:
    """Return attribute names that a policy may use: ``EBIT/Total Assets`` becomes ``ebit_total_assets``."""
    found: list[str] = []
    for name in names:
        slug = re.sub(r"\W+", "_", name.strip().lower()).strip("_") or "feature"
        found.append(slug if slug not in found else f"{slug}_{len(found)}")
    return found


def _binned(
    name: str, column: Floats, is_bad: Flags, settings: Settings, trend: Trend
) -> BinnedFeature | None:
    known = ~np.isnan(column)
    values, bad = column[known], is_bad[known]
    if not len(values) or not 0 < bad.sum() < len(bad):
        return None
    pieces = _pieces(values, count=settings.pieces)
    counts = _counted(values, bad, pieces)
    rules = binning.BinningRules(
        bins_max=settings.bins_max, least_count=max(1, int(settings.least_share * len(values))), trend=trend
    )
    cuts = binning.best_cuts(counts, rules=rules)
    unknown = Count(goods=int((~is_bad[~known]).sum()), bads=int(is_bad[~known].sum()))
    measured = evidence.measure((*binning.merged(counts, cuts=cuts), unknown))
    information = float(sum(each.value for each in measured))
    if information < settings.least_information:
        return None
    return BinnedFeature(
        name=name, edges=tuple(pieces[cut - 1] for cut in cuts), information=information,
        weights=tuple(float(each.weight) for each in measured[:-1]), unknown=float(measured[-1].weight),
        counts=tuple(each.count for each in measured),
    )  # fmt: skip


def _pieces(values: Floats, *, count: int) -> list[str]:
    """Return the edges of fine groups of equal size, with six digits, as they will stand in the file."""
    edges = np.quantile(values, np.linspace(0, 1, count + 1)[1:-1])
    texts = dict.fromkeys(_plain(edge) for edge in edges)
    return sorted(texts, key=float)


def _plain(number: float) -> str:
    return f"{Decimal(f'{number:.6g}'):f}"


def _counted(values: Floats, is_bad: Flags, edges: Sequence[str]) -> tuple[Count, ...]:
    places = np.searchsorted(np.array([float(edge) for edge in edges]), values, side="right")
    bads = np.bincount(places, weights=is_bad, minlength=len(edges) + 1)
    totals = np.bincount(places, minlength=len(edges) + 1)
    return tuple(
        Count(goods=int(total - bad), bads=int(bad)) for total, bad in zip(totals, bads, strict=True)
    )


def _span(feature: BinnedFeature, coefficient: float) -> float:
    every = (*feature.weights, feature.unknown)
    return coefficient * (max(every) - min(every))


def _weights(spans: Sequence[float]) -> list[Decimal]:
    whole = sum(spans)
    found = [Decimal(span / whole * 100).quantize(_CENT, rounding=ROUND_HALF_UP) for span in spans]
    largest = found.index(max(found))
    found[largest] += _WHOLE - sum(found)
    return found


def _indicator(feature: BinnedFeature, *, slug: str, weight: Decimal) -> dict[str, Any]:
    every = (*feature.weights, feature.unknown)
    low, high = min(every), max(every)
    points = [_points(each, low=low, high=high) for each in every]
    return {
        "attribute": slug,
        "weight": f"{weight:f}",
        "missing": "neutral",
        "neutral": points[-1],
        "points": {"bins": _bins(feature.edges, points[:-1])},
    }


def _points(weight: float, *, low: float, high: float) -> str:
    share = Decimal((weight - low) / (high - low) * 100) if high > low else Decimal(50)
    return f"{share.quantize(_CENT, rounding=ROUND_HALF_UP):f}"


def _bins(edges: Sequence[str], points: Sequence[str]) -> list[dict[str, str]]:
    found = []
    for place, each in enumerate(points):
        one = {"points": each}
        if place > 0:
            one = {"from": edges[place - 1], **one}
        if place < len(edges):
            one["below"] = edges[place]
        found.append(one)
    return found


def _attribute(feature: BinnedFeature) -> dict[str, Any]:
    rises = feature.weights[0] <= feature.weights[-1]
    return {
        "label": {"zh": feature.name, "en": feature.name},
        "unit": "times",
        "direction": "higher_is_better" if rises else "lower_is_better",
    }
