"""What the policy in force says about backtests; the default pack's words where it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tradecredit.apps.decisions import policies
from tradecredit.core.scoring import backtest
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.core.scoring.backtest import ReviewRules

_DEFAULT_PACK = "five-pillars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The rules of a backtest and the scale, best grade first."""

    rules: ReviewRules
    grades: tuple[str, ...]


def in_force(*, company_id: UUID, as_of: date) -> Review:
    """Return the company's rules of the day; raises UnableToFindPolicyError."""
    section = policies.in_force(company_id=company_id, as_of=as_of).document["grades"]
    grades = tuple(each["grade"] for each in section["grades"])
    own = section.get("backtest")
    if own is not None:
        return Review(rules=backtest.parse(own, grades=grades), grades=grades)
    # Expected rates belong to a scale of their own; the rest of the default says how to look.
    return Review(
        rules=backtest.parse(
            {key: value for key, value in _default().items() if key != "expected"}, grades=grades
        ),
        grades=grades,
    )


@cache
def _default() -> Mapping[str, Any]:
    path = resources.files("tradecredit.policies") / _DEFAULT_PACK / "grades.yaml"
    section: Mapping[str, Any] = yaml_texts.read(path.read_text(encoding="utf-8"))["backtest"]
    return section
