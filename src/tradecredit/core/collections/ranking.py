"""Whom to ask first: expected money × chance × age, with the reason as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.collections import texts
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.collections.case_policy import CasePolicy
    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of a customer whose money is overdue; ``asked`` is in the company's currency."""

    key: str
    asked: Money
    days_max: int
    grade: str | None = None
    broken_promises: int = 0
    promise_due_on: date | None = None
    latest_contact_on: date | None = None
    next_on: date | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A place on the worklist; ``value`` is what a call is worth today."""

    candidate: Candidate
    chance: Decimal
    value: Money
    is_priority: bool
    why: Words


def rank(
    candidates: Iterable[Candidate], *, policy: CasePolicy, as_of: date, least: Decimal | int = 0
) -> tuple[Ranked, ...]:
    """Return the candidates, the most worth asking first; who waits for a promised day comes last.

    100,000.00 overdue for 40 days with a chance of 0.50 and an urgency of 1.2 is worth 60,000.00 of attention.
    """
    ranked = [_ranked(one, policy=policy, as_of=as_of) for one in candidates if one.asked.amount > least]
    return tuple(
        sorted(
            ranked,
            key=lambda one: (one.candidate.is_waiting, -one.value.amount, one.candidate.key),
        )
    )


def _ranked(candidate: Candidate, *, policy: CasePolicy, as_of: date) -> Ranked:
    chance = policy.chance(days_overdue=candidate.days_max, broken_promises=candidate.broken_promises)
    value = candidate.asked.times(chance * policy.urgency_of(candidate.days_max)).rounded()
    is_priority = candidate.grade is not None and candidate.grade in policy.service_priority
    return Ranked(
        candidate=candidate,
        chance=chance,
        value=value,
        is_priority=is_priority,
        why=_why(candidate, chance=chance, as_of=as_of),
    )


def _why(candidate: Candidate, *, chance: Decimal, as_of: date) -> Words:
    percent = f"{chance * 100:.0f}"
    zh = [f"逾期 {texts.figures(candidate.asked)}，最久 {candidate.days_max} 天，按账龄估计能收回 {percent}%"]
    figure = texts.figures(candidate.asked)
    en = [
        f"{figure} overdue, the oldest {candidate.days_max} days; asking at this age brings about {percent} %"
    ]
    for told in (_of_promises(candidate, as_of), _of_contact(candidate, as_of)):
        if told is not None:
            zh.append(told.zh)
            en.append(told.en)
    return Words(zh="；".join(zh) + "。", en="; ".join(en) + ".")


def _of_promises(candidate: Candidate, as_of: date) -> Words | None:
    due = candidate.promise_due_on
    if due is not None and due == as_of:
        return Words(zh="承诺今天付款", en="payment is promised for today")
    if candidate.is_waiting and due is not None:
        return Words(
            zh=f"已承诺 {due} 付款，到期前不催", en=f"payment is promised for {due}; until then nobody asks"
        )
    if candidate.broken_promises:
        count = candidate.broken_promises
        return Words(zh=f"承诺已落空 {count} 次", en=f"{count} promises were broken")
    return None


def _of_contact(candidate: Candidate, as_of: date) -> Words | None:
    if candidate.next_on is not None and candidate.next_on <= as_of:
        return Words(zh=f"约定 {candidate.next_on} 跟进", en=f"to be followed up on {candidate.next_on}")
    if candidate.latest_contact_on is None:
        return Words(zh="还没有人联系过", en="nobody has called yet")
    days = (as_of - candidate.latest_contact_on).days
    return Words(zh=f"上次联系在 {days} 天前", en=f"last contact {days} days ago")
