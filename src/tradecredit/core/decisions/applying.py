"""Why a check of the policy does not apply to a document, always with the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import releases, settings
from tradecredit.core.decisions.outcome import CheckState, Finding
from tradecredit.core.exposure import nodes
from tradecredit.core.kernel import money
from tradecredit.core.kernel.limit import NotSet

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import OrderControl, Rule

# Checks of the account's own line: they say nothing where another level's line decides.
_OF_THE_OWN_LINE: Final = frozenset(
    {"line_set", "line_valid", "headroom", "utilisation", "order_share_of_available", "dynamic_limit"}
)


def why_not(facts: CreditFacts, rule: Rule, policy: OrderControl) -> Finding | None:
    """Say why a check does not apply, or that it cannot be told, or nothing when it applies."""
    return (
        _excluded(facts)
        or _other_control_point(facts, rule)
        or _small(facts, rule, policy)
        or _taken_over(facts, rule)
        or _level_decides(facts, rule)
        or _prepaid(facts, rule)
        or _secured(facts, rule)
        or _grade_mismatch(facts, rule)
        or _released(facts, rule, policy)
    )


def _excluded(facts: CreditFacts) -> Finding | None:
    """Pass what somebody, on record and for a time, excluded from checks."""
    setting = settings.find(facts.settings, settings.EXCLUDED)
    if setting is None or setting.value != "yes":
        return None
    since = "" if setting.since is None else setting.since.isoformat()
    return Finding(
        state=CheckState.PASSED,
        sentence="rule.excluded",
        ours=since,
        limit="" if setting.until is None else setting.until.isoformat(),
    )


def _other_control_point(facts: CreditFacts, rule: Rule) -> Finding | None:
    point = facts.request.control_point
    if point in rule.control_points:
        return None
    return Finding(state=CheckState.NOT_APPLICABLE, sentence="rule.other_control_point", ours=point.value)


def _small(facts: CreditFacts, rule: Rule, policy: OrderControl) -> Finding | None:
    small = policy.small_documents.get(facts.currency)
    own = settings.find(facts.settings, f"{settings.SMALL_DOCUMENTS}.{facts.currency}")
    if own is not None and own.value is not None:
        small = Decimal(own.value)
    if not rule.is_exempt_when_small or small is None or facts.request.amount.amount > small:
        return None
    return Finding(
        state=CheckState.NOT_APPLICABLE,
        sentence="rule.small_document",
        unit="money",
        ours=facts.request.amount.text(),
        limit=f"{small:f}",
    )


def _taken_over(facts: CreditFacts, rule: Rule) -> Finding | None:
    if rule.is_exempt_when_taken_over and facts.line.is_taken_over:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="rule.taken_over_line")
    return None


def _level_decides(facts: CreditFacts, rule: Rule) -> Finding | None:
    """Leave the account's own line out where a level above it decides alone, or its line is in another currency."""
    if rule.check not in _OF_THE_OWN_LINE and (rule.table is None or not rule.table.looks_at_line):
        return None
    node = nodes.decider(facts.nodes)
    if node is None and isinstance(facts.line.limit, NotSet):
        node = nodes.shared_line(facts.nodes)
    if node is None:
        return None
    return Finding(
        state=CheckState.NOT_APPLICABLE,
        sentence="rule.level_decides",
        level=node.code,
        level_name=node.name,
        currency=node.currency,
    )


def _prepaid(facts: CreditFacts, rule: Rule) -> Finding | None:
    """Let what is paid already pass a freeze or an overdue check, where policy says so."""
    amount = facts.request.amount
    if not rule.is_exempt_when_prepaid or not amount.is_positive or facts.prepaid < amount:
        return None
    return Finding(
        state=CheckState.NOT_APPLICABLE,
        sentence="rule.prepaid",
        unit="money",
        ours=amount.text(),
        limit=facts.prepaid.text(),
    )


def _secured(facts: CreditFacts, rule: Rule) -> Finding | None:
    """Let what is covered to the last cent (guarantee, insurance, collateral, each after its haircut) pass."""
    if not rule.is_exempt_when_secured or not facts.request.amount.is_positive:
        return None
    cover = money.total(facts.exposure.covers.values(), facts.currency)
    owed = facts.counted_elsewhere().total + facts.request.amount
    if cover < owed:
        return None
    return Finding(
        state=CheckState.NOT_APPLICABLE,
        sentence="rule.secured",
        unit="money",
        ours=owed.text(),
        limit=cover.text(),
    )


def _released(facts: CreditFacts, rule: Rule, policy: OrderControl) -> Finding | None:
    """Let pass what people released before, so that it is not stopped again at a later step."""
    request, release = facts.request, facts.release
    if release is None or not releases.covers(
        release,
        step=request.control_point.value,
        amount=request.amount,
        day=request.requested_on,
        rule=rule.code,
        policy=policy.releases,
    ):
        return None
    return Finding(
        state=CheckState.PASSED,
        sentence="rule.released",
        unit="money",
        ours=request.amount.text(),
        limit=release.left.text(),
    )


def _grade_mismatch(facts: CreditFacts, rule: Rule) -> Finding | None:
    if rule.grades is None or facts.rating.grade in rule.grades:
        return None
    written_for = ", ".join(sorted(rule.grades))
    if facts.rating.grade is None:
        return Finding(state=CheckState.UNKNOWN, sentence="rule.grade_unknown", limit=written_for)
    return Finding(
        state=CheckState.NOT_APPLICABLE,
        sentence="rule.other_grade",
        ours=facts.rating.grade,
        limit=written_for,
    )
