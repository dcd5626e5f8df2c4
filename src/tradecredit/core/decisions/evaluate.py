"""Evaluate a request: every check of the policy over the facts, combined by the worst outcome.

Pure and total: any facts give a verdict, and the order of the checks makes no difference to it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import (
    applying,
    checks_customer,
    checks_line,
    checks_nodes,
    checks_outlook,
    checks_receivables,
    outcome,
    remedies,
    settings,
)
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.outcome import CheckResult, CheckState, Decision, Finding
from tradecredit.core.decisions.policy import STRENGTHS
from tradecredit.core.exposure import headroom
from tradecredit.core.kernel.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decider
    from tradecredit.core.decisions.policy import OrderControl, Rule
    from tradecredit.core.exposure.headroom import Headroom
    from tradecredit.core.kernel.money import Money

CHECKS: Final[Mapping[str, Callable[[CreditFacts, Rule, Headroom], Finding]]] = {
    "customer_active": checks_customer.customer_active,
    "line_set": checks_line.line_set,
    "line_valid": checks_line.line_valid,
    "headroom": checks_line.headroom,
    "utilisation": checks_line.utilisation,
    "order_share_of_available": checks_line.order_share_of_available,
    "single_document_maximum": checks_line.single_document_maximum,
    "order_warning_line": checks_line.order_warning_line,
    "overdue_days": checks_receivables.overdue_days,
    "overdue_share": checks_receivables.overdue_share,
    "oldest_open_item": checks_receivables.oldest_open_item,
    "grade_refused": checks_customer.grade_refused,
    "prepayment": checks_customer.prepayment,
    "terms_days": checks_customer.terms_days,
    "rating_present": checks_customer.rating_present,
    "freeze": checks_customer.freeze,
    "high_risk": checks_customer.high_risk,
    "alert_level": checks_customer.alert_level,
    "invoice_for_delivered": checks_line.invoice_for_delivered,
    "payment_behaviour": checks_outlook.payment_behaviour,
    "dunning_level": checks_outlook.dunning_level,
    "changed_terms": checks_outlook.changed_terms,
    "dynamic_limit": checks_outlook.dynamic_limit,
    "overdue_in_all": checks_outlook.overdue_in_all,
    # Where there are levels above the account, `checks_nodes.CHECKS` looks at each of them.
    "control_nodes": checks_nodes.none_counts,
    "control_node_utilisation": checks_nodes.none_counts,
}


def evaluate(*, facts: CreditFacts, policy: OrderControl) -> Decision:
    """Return the verdict with each check's result, the equation of headroom and the ranked remedies.

    Limit 500,000, exposure 416,000, order 120,000: 84,000 is left, 36,000 are missing, outcome hold.
    """
    room = headroom_of(facts, policy)
    results = results_of(facts, policy, room)
    verdict = outcome.combine(results)
    return Decision(
        outcome=verdict,
        results=results,
        headroom=room,
        headroom_after=room.after(facts.request.amount),
        reserves=_reserves(facts) if verdict.lets_through else None,
        remedies=remedies.ranked(facts, results, policy=policy, verdict_of=outcome_of),
    )


def with_deciders(decision: Decision, deciders: tuple[Decider, ...]) -> Decision:
    """Return the decision with the people who may decide otherwise."""
    return dataclasses.replace(decision, deciders=deciders)


def outcome_of(facts: CreditFacts, policy: OrderControl) -> Outcome:
    """Return only the outcome: used to try what a remedy would do."""
    return outcome.combine(results_of(facts, policy, headroom_of(facts, policy)))


def _reserves(facts: CreditFacts) -> Money | None:
    """Return the room to keep: all of an order, of a delivery what its order does not hold, of an invoice nothing."""
    request = facts.request
    match request.control_point:
        case ControlPoint.ORDER:
            wanted = request.amount
        case ControlPoint.DELIVERY:
            wanted = request.amount - facts.own.ordered - facts.own.reserved
        case ControlPoint.INVOICE:
            return None
    return wanted if wanted.is_positive else None


def headroom_of(facts: CreditFacts, policy: OrderControl) -> Headroom:
    """Return the equation on the day of the request, without what this document occupies already."""
    day = facts.request.requested_on
    return headroom.headroom(
        base=facts.line.base_on(day),
        temporary=facts.line.temporary_on(day),
        parts=facts.counted_elsewhere(),
        policy=policy.measure,
        prepaid=facts.prepaid,
    )


def results_of(facts: CreditFacts, policy: OrderControl, room: Headroom) -> tuple[CheckResult, ...]:
    """Return a result for every check of the policy, also for those that do not apply.

    A check of the levels above the account gives one for each level.
    """
    return tuple(
        CheckResult(
            code=rule.code,
            check=rule.check,
            label=rule.label,
            finding=finding,
            outcome=min(_outcome(finding.state, rule), _most(facts, policy)),
        )
        for rule in policy.rules
        for finding in _findings(facts, rule, policy, room)
    )


def _findings(facts: CreditFacts, rule: Rule, policy: OrderControl, room: Headroom) -> tuple[Finding, ...]:
    reason = applying.why_not(facts, rule, policy)
    if reason is not None:
        return (reason,)
    if facts.nodes and rule.check in checks_nodes.CHECKS:
        return checks_nodes.CHECKS[rule.check](facts, rule, policy.measure)
    return (CHECKS[rule.check](facts, rule, room),)


def _most(facts: CreditFacts, policy: OrderControl) -> Outcome:
    """Return the most that a check may ask for here: goods that have left can always be invoiced."""
    request = facts.request
    bound = policy.strength_of(request.document_type, request.control_point)
    own = settings.find(facts.settings, f"strength.{request.document_type}")
    if own is not None and own.value in STRENGTHS:
        bound = STRENGTHS[own.value]
    if request.control_point is ControlPoint.INVOICE and request.amount <= facts.own.delivered:
        return min(bound, Outcome.WARN)
    return bound


def _outcome(state: CheckState, rule: Rule) -> Outcome:
    match state:
        case CheckState.FAILED:
            return rule.on_fail
        case CheckState.UNKNOWN:
            return rule.on_unknown
        case CheckState.PASSED | CheckState.NOT_APPLICABLE:
            return Outcome.APPROVE
