"""Checks of how the customer pays: overdue items, their share, the oldest open item."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.decisions.outcome import CheckState, Finding

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom

_SHARE_STEP = Decimal("0.0001")


def overdue_days(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the oldest undisputed item is overdue by more days than allowed (day 8 fails when 7 are allowed)."""
    del room
    pennies = _pennies(facts, rule)
    if pennies is not None:
        return pennies
    return _days_compared(facts.receivables.overdue_days_max, rule, "overdue_days")


def oldest_open_item(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the oldest unpaid item is older, counted from its invoice day, than allowed."""
    del room
    if "receivables" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="receivables.unknown", unit="days")
    if not facts.receivables.open_count:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="oldest_open_item.none", unit="days")
    return _days_compared(facts.receivables.oldest_open_days, rule, "oldest_open_item")


def overdue_share(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when more than the share of the open receivables is overdue: 150,000 of 400,000 is 37.5 %."""
    del room
    pennies = _pennies(facts, rule)
    if pennies is not None:
        return pennies
    share = rule.share or Decimal(0)
    overdue, whole = facts.receivables.overdue_amount, facts.receivables.open_amount
    if not whole.is_positive:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="overdue_share.none", unit="share")
    ours = (overdue.amount / whole.amount).quantize(_SHARE_STEP)
    failed = overdue > whole.times(share)
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"overdue_share.{'failed' if failed else 'passed'}",
        unit="share",
        ours=f"{ours:f}",
        limit=f"{share:f}",
        gap=f"{max(ours - share, Decimal(0)):f}" if failed else "",
    )


def _pennies(facts: CreditFacts, rule: Rule) -> Finding | None:
    if "receivables" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="receivables.unknown", unit="days")
    ignored = rule.amounts.get(facts.currency)
    overdue = facts.receivables.overdue_amount
    if ignored is None or overdue.amount > ignored or overdue.is_zero:
        return None
    return Finding(
        state=CheckState.NOT_APPLICABLE,
        sentence="receivables.pennies",
        unit="money",
        ours=overdue.text(),
        limit=f"{ignored:f}",
    )


def _days_compared(ours: int, rule: Rule, name: str) -> Finding:
    limit = rule.days or 0
    failed = ours > limit
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"{name}.{'failed' if failed else 'passed'}",
        unit="days",
        ours=str(ours),
        limit=str(limit),
        gap=str(ours - limit) if failed else "",
    )
