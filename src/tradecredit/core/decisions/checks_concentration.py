"""How much of the whole portfolio one customer, or one level above it, makes up with this document."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import checks_nodes
from tradecredit.core.decisions.outcome import CheckState, Finding
from tradecredit.core.exposure import measure as measuring
from tradecredit.core.exposure.nodes import SHARED_LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.measure import MeasurePolicy
    from tradecredit.core.exposure.nodes import Node, Room
    from tradecredit.core.kernel.money import Money

PORTFOLIO: Final = "portfolio"
# What a rule names to look at the customer's own account; any other word is a kind of level.
CUSTOMER: Final = "customer"
_SHARE_STEP: Final = Decimal("0.0001")


def concentration(facts: CreditFacts, rule: Rule, measure: MeasurePolicy) -> tuple[Finding, ...]:
    """Fail for whoever makes up more than the share of a portfolio, the document counted on both sides.

    A portfolio of 9,900,000 in which a customer has 1,400,000: with an order of 100,000 it makes up 1,500,000 of
    10,000,000, 15 %. ``amounts`` of the rule is what may be owed in the portfolio's currency before that is asked.
    """
    found = tuple(
        finding
        for portfolio in facts.nodes
        if portfolio.kind == PORTFOLIO
        for finding in _within(facts, rule, measure, portfolio)
    )
    return found or (Finding(state=CheckState.NOT_APPLICABLE, sentence="concentration.no_portfolio"),)


CHECKS: Final[Mapping[str, Callable[[CreditFacts, Rule, MeasurePolicy], tuple[Finding, ...]]]] = {
    "concentration": concentration,
}


def _within(facts: CreditFacts, rule: Rule, measure: MeasurePolicy, portfolio: Node) -> Iterator[Finding]:
    room = checks_nodes.room_at(facts, portfolio, measure)
    if room is None or portfolio.missing_rates():
        yield _unknown(portfolio)
        return
    whole = room.exposure + room.asked
    if CUSTOMER in rule.words:
        named = measuring.parts_of(facts.counted_elsewhere(), policy=measure, prepaid=facts.prepaid)
        ours = room.rate.convert(measuring.total(named, currency=facts.currency)) + room.asked
        yield _compared(rule, ours=ours, whole=whole, code=facts.customer.code, name=facts.customer.name)
    for node in facts.nodes:
        if node.kind in rule.words and node.kind not in (PORTFOLIO, SHARED_LINE) and node.items is None:
            counted = _converted(checks_nodes.room_at(facts, node, measure), portfolio)
            if counted is None:
                yield _unknown(node)
            else:
                yield _compared(rule, ours=counted, whole=whole, code=node.code, name=node.name)


def _converted(room: Room | None, portfolio: Node) -> Money | None:
    """Return what a level counts with the document, in the portfolio's currency; None without a rate."""
    if room is None or room.node.missing_rates():
        return None
    counted = room.exposure + room.asked
    if counted.currency == portfolio.currency:
        return counted
    line = portfolio.line_in(counted.currency)
    return None if line is None or line.rate is None else line.rate.convert(counted)


def _compared(rule: Rule, *, ours: Money, whole: Money, code: str, name: str) -> Finding:
    least = rule.amounts.get(whole.currency)
    if not whole.is_positive or (least is not None and ours.amount <= least):
        return Finding(
            state=CheckState.NOT_APPLICABLE,
            sentence="concentration.small",
            ours=ours.rounded().text(),
            unit="money",
            level=code,
            level_name=name,
            currency=whole.currency,
        )
    share = rule.share or Decimal(1)
    state = CheckState.FAILED if ours > whole.times(share) else CheckState.PASSED
    part = (ours.amount / whole.amount).quantize(_SHARE_STEP)
    return Finding(
        state=state,
        sentence=f"concentration.{state.value}",
        unit="share",
        ours=f"{part:f}",
        limit=f"{share:f}",
        gap=f"{max(part - share, Decimal(0)):f}" if state is CheckState.FAILED else "",
        level=code,
        level_name=name,
        currency=whole.currency,
    )


def _unknown(node: Node) -> Finding:
    return Finding(
        state=CheckState.UNKNOWN,
        sentence="control_nodes.no_rate",
        unit="word",
        ours=", ".join(node.missing_rates()),
        level=node.code,
        level_name=node.name,
        currency=node.currency,
    )
