"""Alert rules as data: which signal raises which level, and what is done about it; the highest level wins."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.collections import strategy
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.monitoring import condition_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.monitoring.signals import Signals, Value


class Level(IntEnum):
    """From mild to grave; the highest active level is the customer's level."""

    YELLOW = 1
    ORANGE = 2
    RED = 3

    @property
    def text(self) -> str:
        """Return the word of policy files and the API, for example ``orange``."""
        return self.name.lower()


def level_of(text: str) -> Level:
    """Read a level's word; raises KeyError for another word."""
    return Level[text.upper()]


_NUMERIC: Final = ("at_least", "more_than", "at_most", "less_than")
_OPERATORS: Final = (*_NUMERIC, "equals", "one_of", "is_true", "increased")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """A rule raises its alert when every condition of ``when`` holds and none of ``unless`` does.

    ``condition`` says the same in the policy language, for rules that are written in it; ``asks`` are its signals.
    """

    code: str
    level: Level
    label: Words
    when: tuple[condition_texts.Condition, ...] = ()
    unless: tuple[condition_texts.Condition, ...] = ()
    condition: str = ""
    asks: tuple[str, ...] = ()
    phase: str = "in_trade"
    cooldown_days: int = 30
    requires_confirmation: bool = False
    tasks: tuple[strategy.TaskAction, ...] = ()
    freezes: tuple[str, ...] = ()
    responses: tuple[Words, ...] = ()

    @property
    def text(self) -> str:
        """Return what raises it, in the policy language."""
        return self.condition or condition_texts.joined(self.when, self.unless)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the signals that it looks at."""
        named = (part.fact for part in (*self.when, *self.unless))
        return tuple(dict.fromkeys((*self.asks, *named)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPolicy:
    """All alert rules of a policy and how soon an alert wants an answer."""

    rules: tuple[AlertRule, ...]
    respond_within_hours: int = 24

    @property
    def facts(self) -> frozenset[str]:
        """Return the names of all signals that the rules look at."""
        return frozenset(name for rule in self.rules for name in rule.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An alert that a rule asks for, with the values that made it so."""

    rule: AlertRule
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Alerts asked for, gravest first, and the rules that could not be answered for want of facts."""

    raised: tuple[Finding, ...]
    unknown: tuple[str, ...]

    @property
    def level(self) -> Level | None:
        """Return the gravest level found: a yellow and a red together are red."""
        return max((finding.rule.level for finding in self.raised), default=None)


def evaluate(*, policy: MonitoringPolicy, signals: Signals) -> Findings:
    """Run all rules over one customer's signals.

    With ``overdue_days_max`` 95, the rules "at least 30 days: yellow" and "at least 90 days: red" both speak,
    and the level is red; with 29 days neither does.
    """
    raised: list[Finding] = []
    unknown: list[str] = []
    for rule in policy.rules:
        holds = condition_texts.answer(rule.text, rule.names, signals)
        if holds is None:
            unknown.append(rule.code)
        elif holds:
            raised.append(Finding(rule=rule, facts=_values(rule, signals)))
    raised.sort(key=lambda finding: (-finding.rule.level, finding.rule.code))
    return Findings(raised=tuple(raised), unknown=tuple(unknown))


def highest(levels: Iterable[Level]) -> Level | None:
    """Return the customer's level: the highest of the active alerts, or None."""
    return max(levels, default=None)


def parse(section: Mapping[str, Any]) -> MonitoringPolicy:
    """Read the ``monitoring`` section of a policy; raises PolicyError naming the place of a bad value."""
    top = Node(section, "monitoring").only("source", "reason", "respond_within_hours", "rules")
    rules = tuple(_rule(node) for node in top.child("rules").items())
    codes = [rule.code for rule in rules]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise top.child("rules").items()[index].child("code").error(f"{code!r} stands twice")
    hours = top.optional("respond_within_hours")
    return MonitoringPolicy(rules=rules, respond_within_hours=hours.count(least=1) if hours else 24)


def _rule(node: Node) -> AlertRule:
    node.only(
        "code", "level", "label", "when", "unless", "phase", "cooldown_days", "requires_confirmation", "tasks",
        "freezes", "responses", "source", "reason", "condition",
    )  # fmt: skip
    written = node.optional("condition")
    when = () if written else tuple(_condition(part) for part in node.child("when").items())
    if not when and not written:
        raise node.child("when").error("a rule needs at least one condition")
    if written and (node.has("when") or node.has("unless")):
        raise written.error("say what raises the alert either as a condition or as a list")
    cooldown, phase = node.optional("cooldown_days"), node.optional("phase")
    confirmation = node.optional("requires_confirmation")
    return AlertRule(
        code=node.child("code").text(),
        level=level_of(node.child("level").one_of(*strategy.LEVELS)),
        label=node.child("label").words(),
        when=when,
        unless=tuple(_condition(part) for part in strategy.listed(node, "unless")),
        condition=written.text() if written else "",
        asks=_asked(written) if written else (),
        phase=phase.one_of("before_trade", "in_trade", "after_trade") if phase else "in_trade",
        cooldown_days=cooldown.count() if cooldown else 30,
        requires_confirmation=confirmation.flag() if confirmation else False,
        tasks=tuple(strategy.read_task(part) for part in strategy.listed(node, "tasks")),
        freezes=tuple(part.one_of(*strategy.FREEZES) for part in strategy.listed(node, "freezes")),
        responses=tuple(part.words() for part in strategy.listed(node, "responses")),
    )


def _condition(node: Node) -> condition_texts.Condition:
    node.only("fact", "is", "value", "values")
    fact = node.child("fact").text()
    operator = node.child("is").one_of(*_OPERATORS)
    if operator in _NUMERIC:
        return condition_texts.Condition(fact=fact, operator=operator, number=node.child("value").number())
    if operator == "equals":
        return condition_texts.Condition(fact=fact, operator=operator, texts=(node.child("value").text(),))
    if operator == "one_of":
        texts = tuple(item.text() for item in node.child("values").items())
        return condition_texts.Condition(fact=fact, operator=operator, texts=texts)
    return condition_texts.Condition(fact=fact, operator=operator)


def _asked(written: Node) -> tuple[str, ...]:
    try:
        return condition_texts.names_in(written.text())
    except ValueError as error:
        raise written.error(str(error)) from error


def _values(rule: AlertRule, signals: Signals) -> dict[str, str]:
    names = dict.fromkeys((*rule.asks, *(part.fact for part in rule.when)))
    return {name: _text(signal.value) for name in names if (signal := signals.get(name)) is not None}


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else value
