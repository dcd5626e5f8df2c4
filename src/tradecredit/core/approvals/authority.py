"""The authority table of a policy: request kind, grade and amount lead to the roles that decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import authority_table, notices
from tradecredit.core.approvals.notices import Notices
from tradecredit.core.decision_tables import rows
from tradecredit.core.decisions import policy
from tradecredit.core.feel import expression
from tradecredit.core.feel.run import UnableToParseError
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.core.decision_tables.named_table import NamedTable
    from tradecredit.core.decision_tables.telling import Told
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.reasons import Words

UNRATED: Final = authority_table.UNRATED
_BOUNDS: Final = ("at_least", "above", "below", "up_to")


class Mode(StrEnum):
    """One named role alone, any one of several, or every one of them."""

    SINGLE = "single"
    ANY = "any"
    COUNTERSIGN = "countersign"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRule:
    """One row of the table; ``cells`` are tests of the policy language for some of its columns."""

    code: str
    label: Words
    request_kinds: frozenset[str] | None
    grades: frozenset[str] | None
    amounts: authority_table.AmountRange
    mode: Mode
    roles: tuple[str, ...]
    over_most: Decimal | None = None
    days_most: int | None = None
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The parsed table: the first row that fits decides; ``otherwise`` takes what no row names."""

    currency: str
    rules: tuple[AuthorityRule, ...]
    otherwise: AuthorityRule
    stands_in: Mapping[str, frozenset[str]]

    table: NamedTable
    notices: Notices = field(default_factory=Notices)

    def rule_for(
        self, *, kind: str, grade: str | None, amount: Money, over: Money | None = None
    ) -> AuthorityRule:
        """Return the row that applies; ``over`` is how far the document goes over the line.

        A row with ``over_most`` 50,000 leaves 50,000.01 over the line to a later row.
        """
        answer = self.table.answer(self._facts(kind=kind, grade=grade, amount=amount, over=over))
        is_named = answer.row is not None and answer.row <= len(self.rules)
        return self.rules[answer.row - 1] if is_named and answer.row else self.otherwise

    def told(self, *, kind: str, grade: str | None, amount: Money, over: Money | None = None) -> Told | None:
        """Return why a request goes to the row that it goes to, and why to none before it."""
        labels = {rule.code: rule.label for rule in (*self.rules, self.otherwise)}
        return self.table.tell(
            self._facts(kind=kind, grade=grade, amount=amount, over=over),
            speaker=authority_table.speaker(labels, currency=self.currency),
            may_change={"amount", "over"},
        )

    def _facts(self, *, kind: str, grade: str | None, amount: Money, over: Money | None) -> dict[str, Any]:
        return authority_table.facts_of(
            kind=kind, grade=grade, amount=amount, over=over, currency=self.currency
        )


def parse(section: Mapping[str, Any]) -> Authority:
    """Read the section ``authority`` of a pack; raises PolicyError naming the place of the first bad value."""
    node = Node(section, "authority").only(
        "source", "reason", "currency", "rules", "otherwise", "stands_in", "notices"
    )
    stands_in = node.optional("stands_in")
    rules = tuple(_rule(item, item.child("code").text()) for item in node.child("rules").items())
    return Authority(
        currency=node.child("currency").text(),
        rules=rules,
        table=authority_table.of_rows([(rule.code, _tests(rule)) for rule in rules]),
        otherwise=_rule(node.child("otherwise"), "otherwise"),
        stands_in={} if stands_in is None else {role: _roles(item) for role, item in stands_in.entries()},
        notices=notices.parse(node.optional("notices")),
    )


def _rule(node: Node, code: str) -> AuthorityRule:
    node.only(
        *("code", "label", "request_kinds", "grades", "mode", "roles", "over_most", "days_most"),
        *("when", "source", "reason"),
        *_BOUNDS,
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
        cells=_cells(node),
    )


def _tests(rule: AuthorityRule) -> tuple[str, ...]:
    return authority_table.tests(
        kinds=rule.request_kinds,
        grades=rule.grades,
        amounts=rule.amounts,
        over_most=rule.over_most,
        cells=rule.cells,
    )


def _cells(node: Node) -> dict[str, str]:
    """Read the tests of a row; what is said as a test must not be said as a list or a bound besides."""
    when = node.optional("when")
    if when is None:
        return {}
    when.only(*authority_table.TYPES)
    if any(node.has(key) for key in ("request_kinds", "grades", *_BOUNDS)):
        raise when.error("say the conditions either as tests or as lists and bounds")
    return {name: _cell(item, authority_table.TYPES[name]) for name, item in when.entries()}


def _cell(node: Node, type_ref: str) -> str:
    text = rows.cell(node.value, type_ref=type_ref)
    try:
        expression.parse_cell(text)
    except UnableToParseError as error:
        raise node.error(f"{text!r}: {error.words.en}") from error
    return text


def _amounts(node: Node) -> authority_table.AmountRange:
    for low, high in (("at_least", "above"), ("below", "up_to")):
        if node.has(low) and node.has(high):
            raise node.error(f"say either {low} or {high}, not both")
    return authority_table.AmountRange(
        **{name: node.child(name).number(least="0") for name in _BOUNDS if node.has(name)}
    )


def _roles(node: Node) -> frozenset[str]:
    return frozenset(item.text() for item in node.items())
