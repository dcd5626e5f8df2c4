"""Rules that suggest another grade or treatment to a person: a good record upwards, warnings downwards.

A rule never changes a grade. It makes a task for somebody, with a day by which it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import conditions
from tradecredit.core.scoring.values import Known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.core.scoring.conditions import Condition
    from tradecredit.core.scoring.values import Value

Suggests = Literal["up", "down", "strategic", "restricted"]
BEST_GRADE_YEARS = "best_grade_years"
ALERTS_LATELY = "alerts_lately"
WARNED_PERIODS = "warned_periods"
# What these rules may ask about beside the customer's attributes.
OWN_NAMES = frozenset({"grade", BEST_GRADE_YEARS, ALERTS_LATELY, WARNED_PERIODS})

_SUGGESTIONS: tuple[Suggests, ...] = get_args(Suggests)
_WORDS: dict[Suggests, Words] = {
    "up": Words(zh="建议上调等级", en="a better grade is suggested"),
    "down": Words(zh="建议下调等级", en="a worse grade is suggested"),
    "strategic": Words(zh="建议升级为战略授信", en="strategic credit is suggested"),
    "restricted": Words(zh="建议降级为限制授信", en="restricted credit is suggested"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A rule: when it holds, what it suggests, who looks at it, and in how many days."""

    name: str
    label: Words
    when: Condition
    suggests: Suggests
    role: str
    due_days: int

    def words(self, customer: str) -> Words:
        """Return the sentence of the task."""
        what = _WORDS[self.suggests]
        return Words(
            zh=f"{customer}：{self.label.zh}，{what.zh}", en=f"{customer}: {self.label.en}; {what.en}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """All rules, how far back an alert counts as a late one, and how long a period of review is."""

    rules: tuple[Move, ...] = ()
    alert_days: int = 0
    period_days: int = 0

    @property
    def names(self) -> frozenset[str]:
        """Return everything that the rules ask about."""
        return frozenset().union(*(conditions.attributes_of(rule.when) for rule in self.rules))


def fired(
    moves: Moves,
    *,
    values: Mapping[str, Value],
    grade: str,
    grades: tuple[str, ...],
    history: Mapping[str, Decimal],
) -> tuple[Move, ...]:
    """Return the rules that hold for a customer; the best grade is suggested no better one, the worst no worse.

    ``history`` holds, of ``OWN_NAMES``, the figures that are known.
    """
    known = {**values, "grade": Known(value=grade)}
    known |= {name: Known(value=value) for name, value in history.items()}
    idle = {"up": grades[0], "down": grades[-1]}
    return tuple(
        rule
        for rule in moves.rules
        if idle.get(rule.suggests) != grade and conditions.holds(rule.when, values=known)
    )


def parse(section: Mapping[str, Any] | None, *, known: frozenset[str]) -> Moves:
    """Return the rules of ``grades.moves``, none where there is no such section; raises PolicyError."""
    if section is None:
        return Moves()
    node = Node(section, "grades.moves").only("source", "reason", "alert_days", "period_days", "rules")
    days = node.child("alert_days").count(least=1)
    period = node.optional("period_days")
    return Moves(
        rules=tuple(_move(each, known=known | OWN_NAMES) for each in node.child("rules").items()),
        alert_days=days,
        period_days=days if period is None else period.count(least=1),
    )


def _move(node: Node, *, known: frozenset[str]) -> Move:
    node.only("name", "label", "when", "suggests", "role", "due_days")
    suggests = node.child("suggests").one_of(*_SUGGESTIONS)
    return Move(
        name=node.child("name").text(),
        label=node.child("label").words(),
        when=conditions.parse(node.child("when"), known=known),
        suggests=next(each for each in _SUGGESTIONS if each == suggests),
        role=node.child("role").text(),
        due_days=node.child("due_days").count(least=1),
    )
