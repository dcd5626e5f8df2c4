"""Whose dispute or complaint is answered first: the priority and the time that policy gives to a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.collections.case_policy import CasePolicy

Priority = Literal["high", "normal"]

_GRADE = Words(zh="等级 {grade} 的客户优先服务", en="customers of grade {grade} are served first")
_MARK = Words(zh="高风险客户优先服务", en="high-risk customers are served first")
_NOBODY = Words(zh="", en="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """How urgent a customer's matter is, and why; the words are empty for a matter like any other."""

    priority: Priority
    due_in_days: int
    why: Words


def route(policy: CasePolicy, *, grade: str | None, is_high_risk: bool) -> Routed:
    """Return the priority and time of a customer's matter.

    With grade D served first within one day and others within three, D gets (high, 1) and A gets (normal, 3).
    """
    rules = policy.service
    if grade is not None and grade in policy.service_priority:
        return Routed(priority="high", due_in_days=rules.first_in_days, why=_GRADE.filled(grade=grade))
    if is_high_risk and rules.is_high_risk_first:
        return Routed(priority="high", due_in_days=rules.first_in_days, why=_MARK)
    return Routed(priority="normal", due_in_days=rules.due_in_days, why=_NOBODY)
