"""A trial of strategies for the example company: its customers pay as they would anyway, so no difference should show."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRIAL: Final[Mapping[str, Any]] = {
    "code": "three-workdays",
    "label": {"zh": "首封催款函限三个工作日付清", "en": "The first letter allows three workdays"},
    "share": 50,
    "from_date": date(2026, 4, 1),
    "to_date": date(2026, 9, 30),
    "paid_within_days": 30,
    "changes": {"stages": {"stage-1": {"pay_within_workdays": 3}}},
}


def with_trial(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy with the trial; its first stage is ``stage-1``."""
    return {**document, "dunning": {**document["dunning"], "trials": [dict(_TRIAL)]}}
