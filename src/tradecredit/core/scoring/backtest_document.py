"""A backtest as it is recorded, shown and exported: plain values, figures as text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.scoring import stability

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.scoring.backtest import Report, ReviewRules
    from tradecredit.core.scoring.calibration import GroupResult, HosmerLemeshow
    from tradecredit.core.scoring.separation import Estimate, LiftLine

_DIGITS: Final = Decimal("0.0001")


def as_dict(
    found: Report, *, rules: ReviewRules, grades: Sequence[str], as_of: date, rated_on: date, left_out: int
) -> dict[str, Any]:
    """Return the whole report."""
    separation = found.separation
    return {
        "as_of": as_of.isoformat(),
        "rated_on": rated_on.isoformat(),
        "horizon_days": rules.horizon_days,
        "days_overdue": rules.days_overdue,
        "customers": found.count.total,
        "bads": found.count.bads,
        "left_out": left_out,
        "is_enough": found.is_enough,
        "least_customers": rules.least_customers,
        "least_bads": rules.least_bads,
        "ks": None if separation is None else _text(separation.ks),
        "auc": None if separation is None else _estimate(separation.auc),
        "gini": None if separation is None else _estimate(separation.gini),
        "is_monotone": found.is_monotone,
        "hosmer_lemeshow": _fit(found.hosmer_lemeshow),
        "psi": None if found.drift is None else _text(found.drift),
        "characteristics": _characteristics(found, rules),
        "grades": [_grade(each, expected=rules.expected.get(each.group.name)) for each in found.by_grade],
        "lift": [_lift(each, grade) for each, grade in zip(found.lift, reversed(grades), strict=False)],
        "migration": {
            "grades": list(found.migration.grades),
            "counts": [list(line) for line in found.migration.counts],
            "stayed": found.migration.stayed,
            "improved": found.migration.improved,
            "worsened": found.migration.worsened,
        },
        "vintages": [
            {"rated_on": each.name, "customers": each.customers, "bad_by_month": list(each.bad_by_period)}
            for each in found.vintages
        ],
        "findings": [{"kind": each.kind, "words": each.words.as_dict()} for each in found.findings],
    }


def _characteristics(found: Report, rules: ReviewRules) -> list[dict[str, Any]]:
    return [
        {
            "indicator": each.name,
            "label": each.label.as_dict(),
            "csi": _text(each.index),
            "standing": stability.standing(each.index, lines=rules.drift),
        }
        for each in found.characteristics
    ]


def _fit(found: HosmerLemeshow | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"statistic": _text(found.statistic), "freedom": found.freedom, "chance": _text(found.chance)}


def _grade(each: GroupResult, *, expected: Decimal | None) -> dict[str, Any]:
    return {
        "grade": each.group.name,
        "customers": each.group.count.total,
        "bads": each.group.count.bads,
        "expected": None if expected is None else _text(expected),
        "observed": None if each.observed is None else _estimate(each.observed),
        "chance_of_more": None if expected is None else _text(each.chance_of_more),
        "chance_of_fewer": None if expected is None else _text(each.chance_of_fewer),
    }


def _lift(each: LiftLine, grade: str) -> dict[str, Any]:
    return {"grade": grade, "lift": _text(each.lift), "caught": _text(each.caught)}


def _estimate(found: Estimate) -> dict[str, str]:
    return {"value": _text(found.value), "low": _text(found.low), "high": _text(found.high)}


def _text(number: Decimal) -> str:
    return f"{number.quantize(_DIGITS):f}"
