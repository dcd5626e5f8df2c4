"""One alert rule: which signals raise which level, what is done at once, and how a policy writes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import steps
from tradecredit.core.monitoring import condition_texts, supplied

if TYPE_CHECKING:
    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words


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
    tasks: tuple[steps.TaskAction, ...] = ()
    freezes: tuple[str, ...] = ()
    responses: tuple[Words, ...] = ()
    plan: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        """Return what raises it, in the policy language."""
        return self.condition or condition_texts.joined(self.when, self.unless)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the signals that it looks at."""
        named = (part.fact for part in (*self.when, *self.unless))
        return tuple(dict.fromkeys((*self.asks, *named)))

    @property
    def is_daily(self) -> bool:
        """Tell whether its answer may change from day to day, although nobody records anything."""
        return not supplied.DAILY.isdisjoint(self.names)

    @property
    def asks_relations(self) -> bool:
        """Tell whether it looks at what is known about others: it is asked again when they are warned of."""
        return not supplied.RELATIONS.isdisjoint(self.names)


def read(node: Node) -> AlertRule:
    """Read one rule; raises PolicyError naming the place of a bad value."""
    node.only(
        "code", "level", "label", "when", "unless", "phase", "cooldown_days", "requires_confirmation", "tasks",
        "freezes", "responses", "source", "reason", "condition", "plan",
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
        level=level_of(node.child("level").one_of(*steps.LEVELS)),
        label=node.child("label").words(),
        when=when,
        unless=tuple(_condition(part) for part in steps.listed(node, "unless")),
        condition=written.text() if written else "",
        asks=_asked(written) if written else (),
        phase=phase.one_of("before_trade", "in_trade", "after_trade") if phase else "in_trade",
        cooldown_days=cooldown.count() if cooldown else 30,
        requires_confirmation=confirmation.flag() if confirmation else False,
        tasks=tuple(steps.read_task(part) for part in steps.listed(node, "tasks")),
        freezes=tuple(part.one_of(*steps.FREEZES) for part in steps.listed(node, "freezes")),
        responses=tuple(part.words() for part in steps.listed(node, "responses")),
        plan=node.child("plan").text() if node.has("plan") else "",
        source=node.child("source").text() if node.has("source") else "",
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
