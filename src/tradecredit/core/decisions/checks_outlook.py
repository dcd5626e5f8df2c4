"""Checks of behaviour and of what lies ahead: late payment, reminders, changed terms, a dynamic limit, overdue in all."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.decisions.outcome import CheckState, Finding
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom


def payment_behaviour(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the customer pays later on average than allowed: 12.5 days where 10 are allowed."""
    del room
    outlook = facts.outlook
    if outlook is None:
        return Finding(state=CheckState.UNKNOWN, sentence="payment_behaviour.unknown", unit="days")
    if outlook.average_days_late is None:
        return Finding(
            state=CheckState.NOT_APPLICABLE, sentence="payment_behaviour.nothing_paid", unit="days"
        )
    allowed = Decimal(rule.days or 0)
    ours = outlook.average_days_late
    failed = ours > allowed
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"payment_behaviour.{'failed' if failed else 'passed'}",
        unit="days",
        ours=f"{ours:f}",
        limit=str(rule.days or 0),
        gap=f"{ours - allowed:f}" if failed else "",
    )


def dunning_level(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when an open item has reached one of the stages of dunning that the rule names."""
    del room
    if facts.outlook is None:
        return Finding(state=CheckState.UNKNOWN, sentence="dunning_level.unknown")
    reached = sorted(facts.outlook.dunning_stages & frozenset(rule.words))
    if not reached:
        return Finding(state=CheckState.PASSED, sentence="dunning_level.passed", limit=", ".join(rule.words))
    return Finding(
        state=CheckState.FAILED,
        sentence="dunning_level.failed",
        ours=", ".join(reached),
        limit=", ".join(rule.words),
    )


def changed_terms(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when a known order comes with longer terms than it was checked with before, by more than the days."""
    del room
    asked = facts.request.terms_days
    agreed = None if facts.outlook is None else facts.outlook.agreed_terms
    if asked is None or agreed is None:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="changed_terms.not_changed", unit="days")
    limit = agreed + (rule.days or 0)
    failed = asked > limit
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"changed_terms.{'failed' if failed else 'passed'}",
        unit="days",
        ours=str(asked),
        limit=str(agreed),
        gap=str(asked - agreed) if failed else "",
    )


def dynamic_limit(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the document does not fit beside what falls due within the horizon.

    Line 500,000, exposure 480,000 of which 100,000 fall due after 90 days: 120,000 are left within the horizon.
    """
    days = rule.days or 0
    horizon = None if facts.outlook is None else facts.outlook.horizon(days)
    if horizon is None or facts.outlook is None:
        return Finding(state=CheckState.UNKNOWN, sentence="dynamic_limit.unknown", unit="money")
    if not isinstance(room.available, Amount):
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="dynamic_limit.no_line", unit="money")
    wanted = facts.outlook.wanted_in_days
    if wanted is not None and wanted > days:
        return Finding(
            state=CheckState.NOT_APPLICABLE,
            sentence="dynamic_limit.later",
            unit="days",
            ours=str(wanted),
            limit=str(days),
        )
    available = room.available.money + horizon.beyond
    amount = facts.request.amount
    failed = amount > available and not amount.is_zero
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"dynamic_limit.{'failed' if failed else 'passed'}",
        unit="money",
        ours=amount.text(),
        limit=available.text(),
        gap=(amount - available).text() if failed else "",
    )


def overdue_in_all(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail only when amount, age and share of what is overdue all pass their figures: pennies and one old item do not.

    More than 50,000 overdue, more than 15 days, more than 20 % of what is open.
    """
    del room
    receivables = facts.receivables
    if "receivables" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="receivables.unknown", unit="days")
    figure = rule.amounts.get(facts.currency)
    if figure is None:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="overdue_in_all.no_figure", unit="money")
    overdue, days, share = receivables.overdue_amount, rule.days or 0, rule.share or Decimal(0)
    failed = (
        overdue.amount > figure
        and receivables.overdue_days_max > days
        and overdue > receivables.open_amount.times(share)
    )
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"overdue_in_all.{'failed' if failed else 'passed'}",
        unit="money",
        ours=overdue.text(),
        limit=Money(figure, facts.currency).text(),
        gap=(overdue - Money(figure, facts.currency)).text() if failed else "",
    )
