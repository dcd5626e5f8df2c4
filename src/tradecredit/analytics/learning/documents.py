"""A learned model as a document: the model itself, what it was learned from, how it was proven, and what protects that."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tradecredit.analytics.learning import (
    boosting,
    late_payments,
    logistic,
    proving,
    scorecard_training,
    trees,
)
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from tradecredit.analytics.learning.payment_history import InvoiceRow
    from tradecredit.analytics.learning.proving import Plan
    from tradecredit.analytics.learning.samples import Floats, Sample

_REASONS: Final = 3
BY_FOLDS: Final = Words(
    zh="{n} 折交叉验证：每一行都由没有见过它的模型预测；分箱、证据权重和校准只用其余各折。",
    en="{n} folds: every row was forecast by a model that had not seen it; bins, evidence and calibration use the other folds only.",
)
BY_TIME: Final = Words(
    zh="按时间切分：只用 {from_} 之前的行学习（含分箱与校准），在此之后的行上检验。",
    en="Split in time: learned (bins and calibration too) from rows before {from_} only, tested on rows from then on.",
)
STRICTLY_PAST: Final = Words(
    zh="每张发票的特征只用开票日之前已结清的发票；只用 {from_} 之前已结清的发票学习，在此之后开出的发票上检验。",
    en="An invoice's features use only invoices settled before its day; learned from those settled before {from_}, tested on those issued from then on.",
)


def of_default(
    sample: Sample, *, plan: Plan, name: str, definition: str, progress: Callable[[int], None]
) -> dict[str, Any]:
    """Prove a default model on unseen rows, then learn it from all rows; returns the document to keep."""
    proof = proving.prove(sample, plan, progress=progress)
    rule = (
        BY_FOLDS.filled(n=plan.folds)
        if plan.test_from is None
        else BY_TIME.filled(from_=f"{plan.test_from:g}")
    )
    return {
        "name": name,
        "kind": plan.kind,
        "target": {"what": "default", "definition": definition},
        "model": _model(sample, plan=plan, name=name),
        "calibration": {"intercept": repr(proof.line[0]), "slope": repr(proof.line[1])},
        "figures": proving.figures(proof),
        "protection": [rule.as_dict()],
        "training": {
            "rows": len(sample),
            "bads": sample.bads,
            "features": list(sample.names),
            "data_digest": sample.digest(),
            "periods": [f"{sample.periods.min():g}", f"{sample.periods.max():g}"]
            if len(sample.periods)
            else [],
            "trends": dict(plan.trends or {}),
        },
    }


def of_lateness(rows: Sequence[InvoiceRow], *, test_from: date, known_on: date, name: str) -> dict[str, Any]:
    """Prove a payment-day model on invoices from the day on, then learn it from all settled ones."""
    values, names = late_payments.history(rows)
    tried = late_payments.learn(rows, values=values, names=names, known_on=test_from)
    found = late_payments.proven(tried, rows, values=values, trained_before=test_from)
    kept = late_payments.learn(rows, values=values, names=names, known_on=known_on)
    return {
        "name": name,
        "kind": "lateness",
        "target": {"what": "lateness", "definition": "days from due day to settlement"},
        "model": late_payments.as_data(kept),
        "figures": {
            "trained_on": found.trained_on,
            "tested_on": found.tested_on,
            "late_share": f"{found.late_share:.6f}",
            "auc": None if found.auc is None else f"{found.auc:.6f}",
            "mean_error_days": f"{found.mean_error_days:.4f}",
            "mean_error_days_of_median": f"{found.mean_error_days_of_median:.4f}",
        },
        "protection": [STRICTLY_PAST.filled(from_=test_from.isoformat()).as_dict()],
        "training": {
            "rows": len(rows),
            "features": list(names),
            "data_digest": _digest(values, rows),
            "known_on": known_on.isoformat(),
        },
    }


def rates(document: Mapping[str, Any], values: Floats) -> Floats:
    """Return the default rate that a boosted model forecasts for rows of its features."""
    raw = trees.from_data(document["model"]).raw(values)
    line = document["calibration"]
    return logistic.of_odds(float(line["intercept"]) + float(line["slope"]) * raw)


def reasons(document: Mapping[str, Any], row: Floats) -> list[tuple[str, float]]:
    """Return the features that add the most to one row's risk, with what they add to the logarithm of the odds."""
    forest = trees.from_data(document["model"])
    _, shares = forest.shares(row)
    order = np.argsort(-shares)[:_REASONS]
    return [(forest.names[place], float(shares[place])) for place in order if shares[place] > 0]


def _model(sample: Sample, *, plan: Plan, name: str) -> dict[str, Any]:
    if plan.kind == "scorecard":
        card = scorecard_training.learn(sample, settings=scorecard_training.Settings(), trends=plan.trends)
        label = Words(zh=f"统计评分卡 {name}", en=f"Statistical scorecard {name}")
        intercept, slope = scorecard_training.score_line(card)
        return {
            "scorecard": scorecard_training.section(card, name=name, label=label),
            "score_line": {"intercept": repr(intercept), "slope": repr(slope)},
        }
    forest = boosting.grow(
        sample.values,
        sample.is_bad.astype(np.float64),
        names=sample.names,
        objective="binary",
        settings=boosting.FOR_DEFAULT,
        trends=plan.trends,
    )
    return trees.as_data(forest)


def _digest(values: Floats, rows: Sequence[InvoiceRow]) -> str:
    found = sha256(np.ascontiguousarray(values).tobytes())
    found.update("\n".join(f"{row.reference} {row.days_late}" for row in rows).encode())
    return found.hexdigest()
