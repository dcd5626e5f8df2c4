"""The authority table of a policy: request kind, grade and amount lead to the roles that decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import policy
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.reasons import Words

UNRATED: Final = "unrated"
_BOUNDS: Final = ("at_least", "above", "below", "up_to")


class Mode(StrEnum):
    """One named role alone, any one of several, or every one of them."""

    SINGLE = "single"
    ANY = "any"
    COUNTERSIGN = "countersign"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountRange:
    """A range of amounts whose bounds say themselves whether they are included; an open side is None."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    up_to: Decimal | None = None

    def holds(self, amount: Decimal) -> bool:
        """Tell whether the amount lies in the range: below 500,000 leaves 500,000 out, up_to keeps it in."""
        return (
            (self.at_least is None or amount >= self.at_least)
            and (self.above is None or amount > self.above)
            and (self.below is None or amount < self.below)
            and (self.up_to is None or amount <= self.up_to)
        )

    @property
    def is_open_above(self) -> bool:
        """Tell whether there is no upper bound."""
        return self.below is None and self.up_to is None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRule:
    """One row of the table."""

    code: str
    label: Words
    request_kinds: frozenset[str] | None
    grades: frozenset[str] | None
    amounts: AmountRange
    mode: Mode
    roles: tuple[str, ...]
    over_most: Decimal | None = None
    days_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The parsed table: the first row that fits decides; ``otherwise`` takes what no row names."""

    currency: str
    rules: tuple[AuthorityRule, ...]
    otherwise: AuthorityRule
    stands_in: Mapping[str, frozenset[str]]

    def rule_for(
        self, *, kind: str, grade: str | None, amount: Money, over: Money | None = None
    ) -> AuthorityRule:
        """Return the row that applies; ``over`` is how far the document goes over the line.

        A row with ``over_most`` 50,000 leaves 50,000.01 over the line to a later row.

        An amount in another currency than the table's has no known place in it, so only rows without an upper
        bound can take it: nobody's authority grows by a foreign currency.
        """
        for rule in self.rules:
            if rule.request_kinds is not None and kind not in rule.request_kinds:
                continue
            if rule.grades is not None and (grade or UNRATED) not in rule.grades:
                continue
            if self._fits(rule, amount) and (over is None or self._reaches(rule, over)):
                return rule
        return self.otherwise

    def _reaches(self, rule: AuthorityRule, over: Money) -> bool:
        if rule.over_most is None or not over.is_positive:
            return True
        return over.currency == self.currency and over.amount <= rule.over_most

    def _fits(self, rule: AuthorityRule, amount: Money) -> bool:
        if amount.currency != self.currency:
            return rule.amounts.is_open_above
        return rule.amounts.holds(amount.amount)


def parse(section: Mapping[str, Any]) -> Authority:
    """Read the section ``authority`` of a pack; raises PolicyError naming the place of the first bad value."""
    node = Node(section, "authority").only("source", "reason", "currency", "rules", "otherwise", "stands_in")
    stands_in = node.optional("stands_in")
    return Authority(
        currency=node.child("currency").text(),
        rules=tuple(_rule(item, item.child("code").text()) for item in node.child("rules").items()),
        otherwise=_rule(node.child("otherwise"), "otherwise"),
        stands_in={} if stands_in is None else {role: _roles(item) for role, item in stands_in.entries()},
    )


def _rule(node: Node, code: str) -> AuthorityRule:
    node.only(
        *("code", "label", "request_kinds", "grades", "mode", "roles", "over_most", "days_most"), *_BOUNDS
    )
    over, days = node.optional("over_most"), node.optional("days_most")
    roles = tuple(item.text() for item in node.child("roles").items())
    if not roles or len(set(roles)) != len(roles):
        raise node.child("roles").error("name at least one role, each once")
    mode = Mode(node.child("mode").one_of(*Mode))
    if (mode is Mode.SINGLE) != (len(roles) == 1):
        raise node.child("mode").error("single names one role; any and countersign name several")
    return AuthorityRule(
        code=code,
        label=node.child("label").words(),
        request_kinds=policy.names(node.optional("request_kinds")),
        grades=policy.names(node.optional("grades")),
        amounts=_amounts(node),
        mode=mode,
        roles=roles,
        over_most=None if over is None else over.number(least="0"),
        days_most=None if days is None else days.count(least=1),
    )


def _amounts(node: Node) -> AmountRange:
    for low, high in (("at_least", "above"), ("below", "up_to")):
        if node.has(low) and node.has(high):
            raise node.error(f"say either {low} or {high}, not both")
    return AmountRange(**{name: node.child(name).number(least="0") for name in _BOUNDS if node.has(name)})


def _roles(node: Node) -> frozenset[str]:
    return frozenset(item.text() for item in node.items())
