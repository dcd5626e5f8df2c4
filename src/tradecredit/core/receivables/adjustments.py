"""Reductions of a receivable without money: their reasons, and who may decide them up to which amount."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.kernel.policy_document import Node


class AdjustmentKind(StrEnum):
    """Why an open amount becomes less, or what was written off is owed again."""

    WRITE_OFF = "write_off"
    DEDUCTION = "deduction"
    SET_OFF = "set_off"
    RECOVERY = "recovery"


class UnableToAdjustError(UnableToError):
    """The instalment, the amount, the reason or the person does not allow this adjustment."""

    code = "unable_to_adjust"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Up to the amounts (by currency; None: any amount) one of the roles decides."""

    up_to: Mapping[str, Money] | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentPolicy:
    """Reason codes with their words, and the steps of authority by kind of adjustment."""

    reasons: Mapping[str, Words]
    authority: Mapping[str, tuple[Step, ...]]

    def require_reason(self, code: str) -> Words:
        """Return the words of a reason code; raises UnableToAdjustError naming those that exist."""
        if code in self.reasons:
            return self.reasons[code]
        known = ", ".join(self.reasons)
        raise UnableToAdjustError(
            Words(
                zh="没有原因代码 {code}；可选：{known}。",
                en="There is no reason code {code}; choose from {known}.",
            ).filled(code=code or "-", known=known),
            reason_code=code,
        )


def deciders(*, policy: AdjustmentPolicy, kind: str, amount: Money) -> tuple[str, ...]:
    """Return the roles that may decide an adjustment of this kind and amount; the first step that reaches it.

    A currency that a step does not name is beyond that step: what nobody has thought of goes to the highest.
    """
    steps = policy.authority[kind]
    for step in steps:
        if step.up_to is None:
            return step.roles
        ceiling = step.up_to.get(amount.currency)
        if ceiling is not None and amount <= ceiling:
            return step.roles
    return steps[-1].roles


def parse(node: Node, *, kinds: frozenset[str]) -> AdjustmentPolicy:
    """Read ``{reasons: {code: words}, authority: {kind: [{up_to: {CNY: ...}, roles: [...]}]}}``; raises PolicyError."""
    authority = node.child("authority")
    authority.only(*kinds)
    return AdjustmentPolicy(
        reasons={key: entry.words() for key, entry in node.child("reasons").entries()},
        authority={kind: _steps(authority.child(kind)) for kind in sorted(kinds)},
    )


def _steps(node: Node) -> tuple[Step, ...]:
    steps = tuple(_step(item) for item in node.items())
    if not steps or steps[-1].up_to is not None:
        raise node.error("the last step has no up_to: somebody decides any amount")
    return steps


def _step(node: Node) -> Step:
    up_to = node.optional("up_to")
    roles = tuple(item.text() for item in node.child("roles").items())
    if not roles:
        raise node.error("name at least one role")
    return Step(
        up_to=None
        if up_to is None
        else {key: Money(item.number(least="0"), key) for key, item in up_to.entries()},
        roles=roles,
    )
