"""Routing: who must approve a request, and the sentence that tells each of them why they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import kinds
from tradecredit.core.approvals.authority import Mode
from tradecredit.core.decisions import evaluate, wording
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.outcome import Decider
from tradecredit.core.kernel.limit import Amount, NotSet
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.core.approvals.authority import Authority
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.decisions.policy import OrderControl

ORDER_RELEASE: Final = "order_release"
DELIVERY_RELEASE: Final = "delivery_release"
FREEZE_LIFT: Final = "freeze_lift"
LIMIT_JOURNAL: Final = "limit_journal"
LEVEL_LIMIT: Final = "level_limit"
GRADE_OVERRIDE: Final = "grade_override"
WRITE_OFF: Final = "write_off"
DEDUCTION: Final = "deduction"
SET_OFF: Final = "set_off"
# What makes a receivable less without money: who decides it stands with its reasons, in the policy of receivables.
ADJUSTMENTS: Final = (WRITE_OFF, DEDUCTION, SET_OFF)
# What people ask with a form, and other people carry out when it is approved.
APPLICATIONS: Final = ("admission", "payment_terms", "legal_action", "exception")
# What is asked about a document that was stopped at a control point.
_ASKED_AT: Final = {ControlPoint.ORDER: ORDER_RELEASE, ControlPoint.DELIVERY: DELIVERY_RELEASE}

_WHY: Final = Words(
    zh="{kind}，评级 {grade}，金额 {amount}：按授权表“{row}”由{roles}{mode}。",
    en="{kind}, grade {grade}, {amount}: the authority table's row “{row}” asks {roles}{mode}.",
)
_MODES: Final = {
    Mode.SINGLE: Words(zh="审批", en=" to decide"),
    Mode.ANY: Words(zh="任一人审批", en=", any one of them, to decide"),
    Mode.COUNTERSIGN: Words(zh="会签，须全部同意", en=" to countersign: all must agree"),
}
_NO_GRADE: Final = Words(zh="（未评级）", en="(none)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who decides: the table's row, the mode, the roles and why they are asked."""

    kind: str
    rule: str
    mode: Mode
    roles: tuple[str, ...]
    amount: Money
    grade: str | None
    why: Words
    over: Money | None = None
    over_most: Decimal | None = None
    days_most: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the route for recording."""
        return {
            "kind": self.kind,
            "rule": self.rule,
            "mode": self.mode.value,
            "roles": list(self.roles),
            "amount": self.amount.text(),
            "currency": self.amount.currency,
            "grade": self.grade,
            "why": self.why.as_dict(),
            "over": None if self.over is None else self.over.text(),
            "over_most": None if self.over_most is None else f"{self.over_most:f}",
            "days_most": self.days_most,
        }


def route(
    *, kind: str, grade: str | None, amount: Money, authority: Authority, over: Money | None = None
) -> Route:
    """Return who must decide; grade A and 499,999.99 goes to the sales director alone, grade C to two people."""
    rule = authority.rule_for(kind=kind, grade=grade, amount=amount, over=over)
    return Route(
        kind=kind,
        rule=rule.code,
        mode=rule.mode,
        roles=rule.roles,
        amount=amount,
        grade=grade,
        why=_why(kind=kind, grade=grade, amount=amount, row=rule.label, roles=rule.roles, mode=rule.mode),
        over=over,
        over_most=rule.over_most,
        days_most=rule.days_most,
    )


def among(*, kind: str, roles: tuple[str, ...], amount: Money, row: Words) -> Route:
    """Return the route of what another part of policy than the authority table leaves to any one of some roles."""
    mode = Mode.SINGLE if len(roles) == 1 else Mode.ANY
    return Route(
        kind=kind,
        rule=kind,
        mode=mode,
        roles=roles,
        amount=amount,
        grade=None,
        why=_why(kind=kind, grade=None, amount=amount, row=row, roles=roles, mode=mode),
    )


def route_of(decision: Decision, *, facts: CreditFacts, authority: Authority) -> Route:
    """Return who decides a document that was stopped, by its amount and by how far it goes over the line."""
    return route(
        kind=_ASKED_AT.get(facts.request.control_point, ORDER_RELEASE),
        grade=facts.rating.grade,
        amount=facts.request.amount,
        authority=authority,
        over=over_line(decision, facts=facts),
    )


def over_line(decision: Decision, *, facts: CreditFacts) -> Money:
    """Return how far the document goes over the line: 120,000 against 84,000 of headroom is 36,000 over.

    What an order holds already is no part of it; without a line the whole document is over.
    """
    amount = facts.request.amount
    match decision.headroom.available:
        case Amount(available):
            over = amount - available
        case NotSet():
            over = amount
        case _:
            over = Money.zero(facts.currency)
    return over if over.is_positive else Money.zero(facts.currency)


def decide(*, facts: CreditFacts, policy: OrderControl, authority: Authority) -> Decision:
    """Return the verdict together with the people who may decide otherwise: the one call of the order check."""
    decision = evaluate.evaluate(facts=facts, policy=policy)
    return evaluate.with_deciders(decision, deciders(decision, facts=facts, authority=authority))


def deciders(decision: Decision, *, facts: CreditFacts, authority: Authority) -> tuple[Decider, ...]:
    """Return the roles that may release the document; none where it passes, none where policy rejects it."""
    if decision.outcome not in (Outcome.REVIEW, Outcome.HOLD):
        return ()
    found = route_of(decision, facts=facts, authority=authority)
    return tuple(
        Decider(role=role, mode=found.mode.value, rule=found.rule, why=found.why) for role in found.roles
    )


def _why(
    *, kind: str, grade: str | None, amount: Money, row: Words, roles: tuple[str, ...], mode: Mode
) -> Words:
    names = [wording.role_name(role) for role in roles]
    words = kinds.KINDS.get(kind, Words(zh=kind, en=kind))
    text = wording.amount_text(amount.text(), amount.currency)
    ending = _MODES[mode]
    return Words(
        zh=_WHY.zh.format(
            kind=words.zh,
            grade=grade or _NO_GRADE.zh,
            amount=text,
            row=row.zh,
            roles="、".join(name.zh for name in names),
            mode=ending.zh,
        ),
        en=_WHY.en.format(
            kind=words.en,
            grade=grade or _NO_GRADE.en,
            amount=text,
            row=row.en,
            roles=" and ".join(name.en for name in names),
            mode=ending.en,
        ),
    )
