"""Explain a decision: equation, check table, remedies and deciders as data with words in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.core.decisions import wording
from tradecredit.core.exposure import headroom as headroom_of
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel import money
from tradecredit.core.kernel.limit import Amount, Limit
from tradecredit.core.kernel.reasons import Reason, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import CheckResult, Decision
    from tradecredit.core.exposure.nodes import Node
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.outcome import Outcome

_HEADLINE = Words(
    zh="{customer} {reference} {amount}：{outcome}", en="{customer} {reference} {amount}: {outcome}"
)
_NOT_TWICE = Words(
    zh="本单此前已占用 {amount}，未重复计算。",
    en="{amount} counted already for this document is not counted twice.",
)
_WHO = {
    "payer": Words(
        zh="{sold_to} 下单，由付款方 {customer} 付款：检查付款方的账户。",
        en="{sold_to} ordered and {customer} pays: the payer's account is checked.",
    ),
    "account": Words(
        zh="{sold_to} 与 {customer} 共用账户：检查后者的账户。",
        en="{sold_to} shares the account of {customer}: that account is checked.",
    ),
}
_BESIDE = {
    "disputed": Words(zh="其中争议 {amount}", en="{amount} of it disputed"),
    "covers": Words(zh="其他成员的担保与保险 {amount}", en="{amount} of it covered at other members"),
    "earmarked": Words(zh="其中指定订单的预付 {amount}", en="{amount} of cash for certain orders"),
}
_ITEMS = Words(zh="本单 {whole} 中计入 {counted}", en="{counted} of {whole} of this document count")
_UNLIMITED = Words(zh="不控制", en="unlimited")
_NOT_SET = Words(zh="未授信", en="not set")


def explain(*, decision: Decision, facts: CreditFacts) -> dict[str, Any]:
    """Return everything a reader needs to answer "why?" and "what now?"; every text stands in zh and en."""
    return {
        "headline": _headline(decision, facts).as_dict(),
        "outcome": {
            "code": decision.outcome.text,
            "words": wording.OUTCOMES[decision.outcome.text].as_dict(),
        },
        "who": _who(facts),
        "levels": [_level(node) for node in facts.nodes],
        "equation": _equation(decision, facts),
        "checks": [_check(result, facts.currency) for result in decision.results],
        "remedies": [
            {**remedy.as_dict(), "words": wording.remedy_text(remedy).as_dict(), "enough": remedy.is_enough}
            for remedy in decision.remedies
        ],
        "deciders": [
            {**decider.as_dict(), "words": wording.role_name(decider.role).as_dict()}
            for decider in decision.deciders
        ],
    }


def reasons(*, decision: Decision, facts: CreditFacts) -> tuple[Reason, ...]:
    """Return why the document did not simply pass: coded, with figures and a sentence, worst first."""
    return tuple(
        Reason(
            code=result.check,
            words=wording.sentence(result, currency=facts.currency),
            facts=_figures(result),
        )
        for result in decision.reasons
    )


def order_line(*, reference: str, amount: Money, outcome: Outcome, why: Words | None) -> Words:
    """Return the line that the log keeps of a checked order; ``why`` it was stopped, if it was."""
    text = wording.amount_text(amount.text(), amount.currency)
    verdict, reason = wording.OUTCOMES[outcome.text], why or Words(zh="", en="")
    return Words(
        zh=f"订单 {reference} {text}：{verdict.zh}。{reason.zh}",
        en=f"Order {reference}, {text}: {verdict.en}. {reason.en}".strip(),
    )


def limit_words(limit: Limit) -> Words:
    """Return a limit as people read it."""
    match limit:
        case Amount(amount):
            text = wording.amount_text(amount.text(), amount.currency)
            return Words(zh=text, en=text)
        case limits.Unlimited():
            return _UNLIMITED
        case limits.NotSet():
            return _NOT_SET


def _headline(decision: Decision, facts: CreditFacts) -> Words:
    outcome = wording.OUTCOMES[decision.outcome.text]
    amount = wording.amount_text(facts.request.amount.text(), facts.currency)
    common = {
        "customer": facts.customer.name or facts.customer.code,
        "reference": facts.request.reference,
        "amount": amount,
    }
    return Words(
        zh=_HEADLINE.zh.format(**common, outcome=outcome.zh),
        en=_HEADLINE.en.format(**common, outcome=outcome.en),
    )


def _who(facts: CreditFacts) -> dict[str, str] | None:
    customer = facts.customer
    if not customer.sold_to:
        return None
    template = _WHO.get(customer.role, _WHO["account"])
    return template.filled(
        sold_to=customer.sold_to_name or customer.sold_to, customer=customer.name or customer.code
    ).as_dict()


def _level(node: Node) -> dict[str, Any]:
    exposure = node.total().rounded()
    rates = [line.rate for line in node.lines if line.rate is not None and line.rate.source != node.currency]
    return {
        "code": node.code,
        "name": node.name,
        "limit": limit_words(node.limit).as_dict(),
        "exposure": wording.amount_text(exposure.text(), node.currency),
        "rates": [
            f"1 {rate.source} = {rate.rate.normalize():f} {rate.target} ({rate.day.isoformat()})"
            for rate in rates
        ],
        "notes": [note.as_dict() for note in _notes(node)],
    }


def _notes(node: Node) -> Iterator[Words]:
    """Say what of a level's exposure policy weighs by itself, and what of the document counts there."""
    for line in node.lines:
        parts = line.parts
        amounts = {
            "disputed": parts.disputed,
            "covers": money.total(parts.covers.values(), parts.currency),
            "earmarked": parts.earmarked_cash,
        }
        for name, amount in amounts.items():
            if not amount.is_zero:
                yield _BESIDE[name].filled(amount=wording.amount_text(amount.text(), parts.currency))
    if node.items is not None and node.items.is_known:
        yield _ITEMS.filled(counted=f"{node.items.counted:f}", whole=f"{node.items.whole:f}")


def _equation(decision: Decision, facts: CreditFacts) -> dict[str, Any]:
    room = decision.headroom
    counted_already = facts.exposure.total - facts.counted_elsewhere().total
    note = None
    if not counted_already.is_zero:
        amount = wording.amount_text(counted_already.text(), facts.currency)
        note = _NOT_TWICE.filled(amount=amount).as_dict()
    return {
        "terms": [
            {
                "code": term.code,
                "label": term.label.as_dict(),
                "amount": term.amount.text(),
                "text": wording.amount_text(term.amount.text(), facts.currency),
            }
            for term in room.terms
        ],
        "available": {
            "label": headroom_of.AVAILABLE.as_dict(),
            "amount": limits.text(room.available),
            "words": limit_words(room.available).as_dict(),
        },
        "after": {
            "amount": limits.text(decision.headroom_after),
            "words": limit_words(decision.headroom_after).as_dict(),
        },
        "note": note,
        "adds_up": room.adds_up,
    }


def _check(result: CheckResult, currency: str) -> dict[str, Any]:
    found = result.finding
    return {
        **result.as_dict(),
        "applies": result.applies,
        "passed": result.passed,
        "words": wording.sentence(result, currency=currency).as_dict(),
        "shown": {
            name: wording.figure(value, unit=found.unit, currency=found.currency or currency).as_dict()
            for name, value in (("ours", found.ours), ("limit", found.limit), ("gap", found.gap))
        },
    }


def _figures(result: CheckResult) -> dict[str, str]:
    found = result.finding
    figures = {"ours": found.ours, "limit": found.limit, "gap": found.gap, "unit": found.unit}
    return {name: value for name, value in figures.items() if value} | found.of_level()
