"""Checks of the document against the credit line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.outcome import CheckState, Finding
from tradecredit.core.kernel.limit import Amount, NotSet, Unlimited
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom

_SHARE_STEP = Decimal("0.0001")


def line_set(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when nobody has granted a line: trade is cash then."""
    del rule
    if "limit" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="line_set.unknown")
    if isinstance(room.limit, NotSet):
        return Finding(state=CheckState.FAILED, sentence="line_set.failed")
    return Finding(state=CheckState.PASSED, sentence="line_set.passed")


def line_valid(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the line has lapsed or has not begun on the day of the request."""
    del rule, room
    validity = facts.line.validity
    if validity is None or isinstance(facts.line.limit, NotSet):
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="line_valid.open_ended")
    day = facts.request.requested_on
    end = "" if validity.valid_to is None else validity.valid_to.isoformat()
    if validity.holds_on(day):
        return Finding(state=CheckState.PASSED, sentence="line_valid.passed", ours=day.isoformat(), limit=end)
    if day < validity.valid_from:
        begin = validity.valid_from.isoformat()
        return Finding(
            state=CheckState.FAILED, sentence="line_valid.early", ours=day.isoformat(), limit=begin
        )
    return Finding(state=CheckState.FAILED, sentence="line_valid.lapsed", ours=day.isoformat(), limit=end)


def headroom(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the document does not fit: 120,000 against 84,000 of headroom lacks 36,000."""
    del rule
    request, amount = facts.request, facts.request.amount
    if "exposure" in facts.unknowns:
        return Finding(state=CheckState.UNKNOWN, sentence="headroom.unknown", unit="money")
    if request.control_point is ControlPoint.DELIVERY and amount <= facts.own.ordered + facts.own.reserved:
        # The release of the order covers what follows from it: only what goes beyond it is checked again.
        held = (facts.own.ordered + facts.own.reserved).text()
        return Finding(
            state=CheckState.PASSED, sentence="headroom.covered", unit="money", ours=amount.text(), limit=held
        )
    match room.available:
        case Unlimited():
            return Finding(
                state=CheckState.PASSED, sentence="headroom.unlimited", unit="money", ours=amount.text()
            )
        case NotSet():
            return Finding(state=CheckState.NOT_APPLICABLE, sentence="headroom.no_line", unit="money")
        case Amount(available):
            return _compared(facts, amount, available, "headroom")


def single_document_maximum(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when one document is larger than the policy lets any one document be."""
    del room
    figure = rule.amounts.get(facts.currency)
    if figure is None:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="single_document_maximum.no_figure")
    return _compared(facts, facts.request.amount, Money(figure, facts.currency), "single_document_maximum")


def order_warning_line(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail above the grade's warning line unless a part is prepaid: 600,000 above 500,000 with 20 % asks 120,000."""
    del room
    figure = rule.amounts.get(facts.currency)
    if figure is None:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="order_warning_line.no_figure")
    amount, line = facts.request.amount, Money(figure, facts.currency)
    missing = amount.times(_share_of(rule)).rounded() - facts.prepaid
    failed = amount > line and missing.is_positive
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"order_warning_line.{'failed' if failed else 'passed'}",
        unit="money",
        ours=amount.text(),
        limit=line.text(),
        gap=missing.text() if failed else "",
    )


def utilisation(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when exposure with this document reaches the share of the line: 450,000 of 500,000 is 90 %."""
    if not isinstance(room.limit, Amount) or not room.limit.money.is_positive:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="utilisation.no_line")
    used = room.exposure + facts.request.amount
    return _share_compared(used, room.limit.money, _share_of(rule), "utilisation", reached=True)


def order_share_of_available(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Fail when the document alone takes more than the share of what is available."""
    if not isinstance(room.available, Amount):
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="utilisation.no_line")
    amount = facts.request.amount
    if amount.is_zero:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="order_share_of_available.nothing_asked")
    if not room.available.money.is_positive:
        share = f"{_share_of(rule):f}"
        return Finding(
            state=CheckState.FAILED, sentence="order_share_of_available.no_room", unit="share", limit=share
        )
    return _share_compared(
        amount, room.available.money, _share_of(rule), "order_share_of_available", reached=False
    )


def invoice_for_delivered(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Pass an invoice for what has been delivered; more than that is worth a look, never a stop of the goods' bill.

    It looks at invoices only, whatever else a policy names it for: an order or a delivery bills nothing.
    """
    del rule, room
    if facts.request.control_point is not ControlPoint.INVOICE:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="invoice_for_delivered.no_invoice")
    delivered, amount = facts.own.delivered, facts.request.amount
    if amount <= delivered:
        return Finding(
            state=CheckState.PASSED,
            sentence="invoice_for_delivered.passed",
            unit="money",
            ours=amount.text(),
            limit=delivered.text(),
        )
    return Finding(
        state=CheckState.FAILED,
        sentence="invoice_for_delivered.failed",
        unit="money",
        ours=amount.text(),
        limit=delivered.text(),
        gap=(amount - delivered).text(),
    )


def _share_of(rule: Rule) -> Decimal:
    assert rule.share is not None, "parsing demands a share for this check"  # noqa: S101 -- cannot happen
    return rule.share


def _compared(facts: CreditFacts, ours: Money, limit: Money, name: str) -> Finding:
    if ours <= limit:
        return Finding(
            state=CheckState.PASSED,
            sentence=f"{name}.passed",
            unit="money",
            ours=ours.text(),
            limit=limit.text(),
        )
    # A document that takes nothing is not stopped for want of room: a decrease heals, it does not harm.
    if name == "headroom" and facts.request.amount.is_zero:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="headroom.nothing_asked", unit="money")
    return Finding(
        state=CheckState.FAILED,
        sentence=f"{name}.failed",
        unit="money",
        ours=ours.text(),
        limit=limit.text(),
        gap=(ours - limit).text(),
    )


def _share_compared(part: Money, whole: Money, limit: Decimal, name: str, *, reached: bool) -> Finding:
    # Compared by multiplication, so that no rounding decides; the quotient is for reading only.
    threshold = whole.times(limit)
    failed = part >= threshold if reached else part > threshold
    ours = (part.amount / whole.amount).quantize(_SHARE_STEP)
    return Finding(
        state=CheckState.FAILED if failed else CheckState.PASSED,
        sentence=f"{name}.{'failed' if failed else 'passed'}",
        unit="share",
        ours=f"{ours:f}",
        limit=f"{limit:f}",
        gap=f"{max(ours - limit, Decimal(0)):f}" if failed else "",
    )
