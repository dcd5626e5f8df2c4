"""Checks of the levels above the account: each level that counts gives a finding of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.outcome import CheckState, Finding
from tradecredit.core.exposure import nodes
from tradecredit.core.kernel.limit import Amount, NotSet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.exposure.nodes import Node, Room

_SHARE_STEP: Final = Decimal("0.0001")


def none_counts(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Say that the account counts at no level above it."""
    del facts, rule, room
    return Finding(state=CheckState.NOT_APPLICABLE, sentence="control_nodes.none")


def control_nodes(facts: CreditFacts, rule: Rule, measure: MeasurePolicy) -> tuple[Finding, ...]:
    """Fail for each level at which the document does not fit.

    A group of 10,000,000 with 9,950,000 of exposure leaves 50,000; an order of 16,800 USD at 7.1 asks 119,280 and
    lacks 69,280 there, whatever the customer's own line says.
    """
    deciding = nodes.that_count(facts.nodes)
    return tuple(
        _headroom(facts, rule, measure, node)
        if node in deciding
        else _at(node, CheckState.NOT_APPLICABLE, "control_nodes.other_level_decides")
        for node in facts.nodes
    )


def control_node_utilisation(facts: CreditFacts, rule: Rule, measure: MeasurePolicy) -> tuple[Finding, ...]:
    """Fail for each level whose exposure with this document reaches the share of its limit."""
    return tuple(_utilisation(facts, rule, measure, node) for node in nodes.that_count(facts.nodes))


CHECKS: Final[Mapping[str, Callable[[CreditFacts, Rule, MeasurePolicy], tuple[Finding, ...]]]] = {
    "control_nodes": control_nodes,
    "control_node_utilisation": control_node_utilisation,
}


def room_at(facts: CreditFacts, node: Node, measure: MeasurePolicy) -> Room | None:
    """Return the room for the document at a level, or None without a rate."""
    return nodes.room(
        node,
        asked=facts.request.amount,
        own=facts.own_share(),
        account=facts.exposure,
        policy=measure,
        prepaid=facts.prepaid,
    )


def _headroom(facts: CreditFacts, rule: Rule, measure: MeasurePolicy, node: Node) -> Finding:
    if node.items is not None and not node.items.is_known:
        return _at(node, CheckState.UNKNOWN, "control_nodes.items_unknown")
    room = room_at(facts, node, measure)
    if isinstance(node.limit, NotSet):
        return _at(node, CheckState.NOT_APPLICABLE, "control_nodes.no_limit")
    if not isinstance(node.limit, Amount):
        return _at(node, CheckState.PASSED, "control_nodes.unlimited")
    unknown = _rate_unknown(facts, rule, node, room)
    if unknown is not None or room is None or not isinstance(room.available, Amount):
        return unknown or _at(node, CheckState.UNKNOWN, "control_nodes.no_rate")
    if _is_covered(facts):
        return _at(node, CheckState.PASSED, "control_nodes.covered")
    if room.asked.is_zero:
        return _at(node, CheckState.NOT_APPLICABLE, "control_nodes.nothing_asked")
    figures = {"ours": room.asked.rounded().text(), "limit": room.available.money.rounded_down().text()}
    if not room.missing.is_positive:
        return _at(node, CheckState.PASSED, "control_nodes.passed", **figures)
    gap = room.missing.rounded().text()
    return _at(node, CheckState.FAILED, "control_nodes.failed", **figures, gap=gap)


def _is_covered(facts: CreditFacts) -> bool:
    """Tell whether a delivery stays within what its order holds at every level already."""
    request = facts.request
    held = facts.own.ordered + facts.own.reserved
    return request.control_point is ControlPoint.DELIVERY and request.amount <= held


def _rate_unknown(facts: CreditFacts, rule: Rule, node: Node, room: Room | None) -> Finding | None:
    missing = node.missing_rates()
    if room is None:
        missing = tuple(sorted({*missing, facts.currency}))
    if missing:
        return _at(node, CheckState.UNKNOWN, "control_nodes.no_rate", unit="word", ours=", ".join(missing))
    oldest = nodes.oldest_rate(node)
    if rule.days is None or oldest is None:
        return None
    age = (facts.request.requested_on - oldest).days
    if age <= rule.days:
        return None
    return _at(
        node, CheckState.UNKNOWN, "control_nodes.old_rate", unit="days", ours=str(age), limit=str(rule.days)
    )


def _utilisation(facts: CreditFacts, rule: Rule, measure: MeasurePolicy, node: Node) -> Finding:
    is_told = node.items is None or node.items.is_known
    room = room_at(facts, node, measure) if is_told else None
    limit = node.limit
    if room is None or not isinstance(limit, Amount) or not limit.money.is_positive:
        return _at(node, CheckState.NOT_APPLICABLE, "control_nodes.no_limit")
    share = rule.share or Decimal(1)
    used = room.exposure + room.asked
    failed = used >= limit.money.times(share)
    ours = (used.amount / limit.money.amount).quantize(_SHARE_STEP)
    state = CheckState.FAILED if failed else CheckState.PASSED
    return _at(
        node,
        state,
        f"control_node_utilisation.{state.value}",
        unit="share",
        ours=f"{ours:f}",
        limit=f"{share:f}",
        gap=f"{max(ours - share, Decimal(0)):f}" if failed else "",
    )


def _at(
    node: Node,
    state: CheckState,
    sentence: str,
    *,
    unit: str = "money",
    ours: str = "",
    limit: str = "",
    gap: str = "",
) -> Finding:
    return Finding(
        state=state,
        sentence=sentence,
        unit=unit,
        ours=ours,
        limit=limit,
        gap=gap,
        level=node.code,
        level_name=node.name,
        currency=node.currency,
    )
