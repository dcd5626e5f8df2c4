"""Evaluate a request: every check of the policy over the facts, combined by the worst outcome.

Pure and total: any facts give a verdict, and the order of the checks makes no difference to it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import (
    account_room,
    applying,
    checks_concentration,
    checks_customer,
    checks_line,
    checks_nodes,
    checks_outlook,
    checks_receivables,
    checks_table,
    outcome,
    remedies,
    settings,
)
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.outcome import CheckResult, CheckState, Decision, Finding
from tradecredit.core.decisions.policy import STRENGTHS, TABLE
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
    # Where there are levels above the account, `_AT_LEVELS` looks at each of them.
    "control_nodes": checks_nodes.none_counts,
    "control_node_utilisation": checks_nodes.none_counts,
    "concentration": checks_nodes.none_counts,
    TABLE: checks_table.table,
}

_AT_LEVELS: Final = {**checks_nodes.CHECKS, **checks_concentration.CHECKS}


def evaluate(*, facts: CreditFacts, policy: OrderControl) -> Decision:
    """Return the verdict with each check's result, the equation of headroom and the ranked remedies.

    Limit 500,000, exposure 416,000, order 120,000: 84,000 is left, 36,000 are missing, outcome hold.
    """
    room = headroom_of(facts, policy)
    results = _with_reasons(results_of(facts, policy, room), facts, policy, room)
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
    """Return the equation on the day of the request, as `account_room.headroom_of` has it."""
    return account_room.headroom_of(facts, policy)


def results_of(facts: CreditFacts, policy: OrderControl, room: Headroom) -> tuple[CheckResult, ...]:
    """Return a result for every check of the policy, also for those that do not apply.

    A check of the levels above the account gives one for each level.
    """
    most = most_of(facts, policy)
    return tuple(
        CheckResult(
            code=rule.code,
            check=rule.check,
            label=rule.label,
            finding=finding,
            outcome=min(_outcome(finding, rule), most),
        )
        for rule in policy.rules
        for finding in _findings(facts, rule, policy, room)
    )


def _findings(facts: CreditFacts, rule: Rule, policy: OrderControl, room: Headroom) -> tuple[Finding, ...]:
    reason = applying.why_not(facts, rule, policy)
    if reason is not None:
        return (reason,)
    if facts.nodes and rule.check in _AT_LEVELS:
        return _AT_LEVELS[rule.check](facts, rule, policy.measure)
    return (CHECKS[rule.check](facts, rule, room),)


def most_of(facts: CreditFacts, policy: OrderControl) -> Outcome:
    """Return the most that a check may ask for here: goods that have left can always be invoiced."""
    request = facts.request
    bound = policy.strength_of(request.document_type, request.control_point)
    own = settings.find(facts.settings, f"strength.{request.document_type}")
    if own is not None and own.value in STRENGTHS:
        bound = STRENGTHS[own.value]
    if request.control_point is ControlPoint.INVOICE and request.amount <= facts.own.delivered:
        return min(bound, Outcome.WARN)
    return bound


def _with_reasons(
    results: tuple[CheckResult, ...], facts: CreditFacts, policy: OrderControl, room: Headroom
) -> tuple[CheckResult, ...]:
    """Return the results with the trace of every table that asks for something: it is told, not needed to decide."""
    tables = {rule.code: rule for rule in policy.rules if rule.table is not None}
    if not tables:
        return results
    return tuple(
        dataclasses.replace(
            one, finding=checks_table.with_reasons(one.finding, facts, tables[one.code], room)
        )
        if one.code in tables and one.finding.state is CheckState.FAILED
        else one
        for one in results
    )


def _outcome(finding: Finding, rule: Rule) -> Outcome:
    match finding.state:
        case CheckState.FAILED:
            return rule.on_fail if finding.asks is None else finding.asks
        case CheckState.UNKNOWN:
            return rule.on_unknown
        case CheckState.PASSED | CheckState.NOT_APPLICABLE:
            return Outcome.APPROVE
