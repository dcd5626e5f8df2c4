"""Checks of who asks: lifecycle, grade and its conditions, freezes and marks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.decisions.outcome import CheckState, Finding

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom


def customer_active(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail for a customer whose lifecycle is none of the words that the policy lets trade."""
    del room
    lifecycle = facts.customer.lifecycle
    if lifecycle is None:
        return Finding(state=CheckState.UNKNOWN, sentence="customer_active.unknown")
    state = CheckState.PASSED if lifecycle in rule.words else CheckState.FAILED
    return Finding(
        state=state,
        sentence=f"customer_active.{state.value}",
        ours=lifecycle,
        limit=", ".join(rule.words),
    )


def grade_refused(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail always: the rule is written for the grades with which the house does not trade on credit."""
    del rule, room
    return Finding(state=CheckState.FAILED, sentence="grade_refused.failed", ours=facts.rating.grade or "")


def rating_present(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail without a rating, or with one that is older than the policy's days."""
    del room
    rating = facts.rating
    if "rating" in facts.unknowns or rating.grade is None:
        return Finding(state=CheckState.UNKNOWN, sentence="rating_present.unknown", unit="days")
    if rule.days is None or rating.rated_on is None:
        return Finding(
            state=CheckState.PASSED, sentence="rating_present.passed", unit="word", ours=rating.grade
        )
    age = (facts.request.requested_on - rating.rated_on).days
    failed = age > rule.days
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"rating_present.{'stale' if failed else 'fresh'}",
        unit="days",
        ours=str(age),
        limit=str(rule.days),
        gap=str(age - rule.days) if failed else "",
    )


def prepayment(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when less is prepaid than the grade or the line asks: 30 % of 120,000 is 36,000."""
    del room
    share = max(rule.share or Decimal(0), facts.line.prepayment_share or Decimal(0))
    if not share:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="prepayment.none_asked", unit="money")
    asked = facts.request.amount.times(share).rounded()
    paid = facts.prepaid
    failed = paid < asked
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"prepayment.{'failed' if failed else 'passed'}",
        unit="money",
        ours=paid.text(),
        limit=asked.text(),
        gap=(asked - paid).text() if failed else "",
    )


def terms_days(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when longer terms are asked than the line grants, or than the policy or the grade of the day grants."""
    del room
    asked = facts.request.terms_days
    if asked is None:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="terms_days.not_asked", unit="days")
    of_grade = rule.days_by_grade.get(facts.rating.grade or "")
    granted = [days for days in (rule.days, facts.line.days, of_grade) if days is not None]
    if not granted:
        return Finding(state=CheckState.UNKNOWN, sentence="terms_days.unknown", unit="days", ours=str(asked))
    limit = min(granted)
    failed = asked > limit
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"terms_days.{'failed' if failed else 'passed'}",
        unit="days",
        ours=str(asked),
        limit=str(limit),
        gap=str(asked - limit) if failed else "",
    )


def freeze(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when one of the freezes that the rule names (orders, shipments, limit) is on."""
    del room
    if "watch" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="watch.unknown")
    found = sorted(facts.watch.freezes & frozenset(rule.words))
    if not found:
        return Finding(state=CheckState.PASSED, sentence="freeze.passed")
    return Finding(state=CheckState.FAILED, sentence="freeze.failed", ours=", ".join(found))


def high_risk(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the customer carries the high-risk mark."""
    del rule, room
    if "watch" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="watch.unknown")
    state = CheckState.FAILED if facts.watch.is_high_risk else CheckState.PASSED
    return Finding(state=state, sentence=f"high_risk.{state.value}")


def alert_level(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the highest open alert has one of the levels that the rule names."""
    del room
    if "watch" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="watch.unknown")
    level = facts.watch.alert_level
    if level is None or level not in rule.words:
        return Finding(state=CheckState.PASSED, sentence="alert_level.passed", ours=level or "")
    return Finding(
        state=CheckState.FAILED, sentence="alert_level.failed", ours=level, limit=", ".join(rule.words)
    )
