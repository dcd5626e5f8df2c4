"""Alert rules as data: which signal raises which level, and what is done about it; the highest level wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.collections import steps
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.monitoring import (
    alert_rules,
    condition_texts,
    detectors,
    funding,
    overlays,
    plans,
    playbooks,
    rule_measures,
)
from tradecredit.core.monitoring.detectors import Detectors
from tradecredit.core.monitoring.rule_measures import MeasureRules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from tradecredit.core.monitoring.funding import FundingRule
    from tradecredit.core.monitoring.overlays import Overlay
    from tradecredit.core.monitoring.plans import Plan
    from tradecredit.core.monitoring.playbooks import Habit
    from tradecredit.core.monitoring.signals import Signal, Signals, Value


AlertRule = alert_rules.AlertRule
Level = alert_rules.Level
level_of = alert_rules.level_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPolicy:
    """All alert rules of a policy and how soon an alert wants an answer."""

    rules: tuple[AlertRule, ...]
    respond_within_hours: int = 24
    # Alerts of these levels are put into the chats of the house as well.
    chat_levels: tuple[str, ...] = ("orange", "red")
    plans: tuple[Plan, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    habits: tuple[Habit, ...] = ()
    detectors: Detectors = field(default_factory=Detectors)
    measures: MeasureRules = field(default_factory=MeasureRules)
    funding: FundingRule | None = None

    @property
    def facts(self) -> frozenset[str]:
        """Return the names of all signals that the rules look at."""
        return frozenset(name for rule in self.rules for name in rule.names)

    @property
    def overlay_names(self) -> frozenset[str]:
        """Return the names of the signals that its overlays set."""
        return frozenset(name for one in self.overlays for name in one.signals)

    def rule(self, code: str) -> AlertRule | None:
        """Return the rule with the code."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def plan(self, code: str) -> Plan | None:
        """Return the plan with the code."""
        return next((plan for plan in self.plans if plan.code == code), None)

    def plan_of(self, rule: AlertRule) -> Plan | None:
        """Return the plan that a rule's alert starts: its own, else that of its level."""
        if rule.plan:
            return self.plan(rule.plan)
        return next((plan for plan in self.plans if rule.level.text in plan.levels), None)

    def freezes_of(self, rule: AlertRule) -> tuple[str, ...]:
        """Return what is frozen while the rule's alert is open: what rule and plan say, each once."""
        plan = self.plan_of(rule)
        return tuple(dict.fromkeys((*rule.freezes, *(plan.freezes if plan else ()))))

    def asking(self, *, only_daily: bool = False, muted: Collection[str] = ()) -> MonitoringPolicy:
        """Return the policy with the rules that are asked now; the others' alerts stand as they stand."""
        asked = tuple(
            rule for rule in self.rules if rule.code not in muted and (rule.is_daily or not only_daily)
        )
        return replace(self, rules=asked)


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
    return next(evaluate_all(policy=policy, signals=[signals]))


def evaluate_all(*, policy: MonitoringPolicy, signals: Iterable[Signals]) -> Iterator[Findings]:
    """Run all rules over many customers' signals, in their order; equal signals are asked about once a rule."""
    asked = [(rule, rule.text, rule.names) for rule in policy.rules]
    known: dict[tuple[Any, ...], bool | None] = {}
    for one in signals:
        raised: list[Finding] = []
        unknown: list[str] = []
        for rule, text, names in asked:
            key = (rule.code, *(_key(one.get(name)) for name in names))
            if key not in known:
                known[key] = condition_texts.answer(text, names, one)
            holds = known[key]
            if holds is None:
                unknown.append(rule.code)
            elif holds:
                raised.append(Finding(rule=rule, facts=_values(rule, one)))
        raised.sort(key=lambda finding: (-finding.rule.level, finding.rule.code))
        yield Findings(raised=tuple(raised), unknown=tuple(unknown))


def _key(signal: Signal | None) -> tuple[Any, ...]:
    """Return what tells signals apart: yes is not one, although Python holds them equal."""
    if signal is None:
        return ()
    return type(signal.value), signal.value, type(signal.previous), signal.previous


def highest(levels: Iterable[Level]) -> Level | None:
    """Return the customer's level: the highest of the active alerts, or None."""
    return max(levels, default=None)


def parse(section: Mapping[str, Any]) -> MonitoringPolicy:
    """Read the ``monitoring`` section of a policy; raises PolicyError naming the place of a bad value."""
    top = Node(section, "monitoring").only(
        "source",
        "reason",
        "respond_within_hours",
        "chat_levels",
        "rules",
        "plans",
        "overlays",
        "playbooks",
        "detectors",
        "measures",
        "funding",
    )
    rules = tuple(alert_rules.read(node) for node in top.child("rules").items())
    codes = [rule.code for rule in rules]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise top.child("rules").items()[index].child("code").error(f"{code!r} stands twice")
    library = plans.read(steps.listed(top, "plans"))
    for index, rule in enumerate(rules):
        if rule.plan and rule.plan not in {plan.code for plan in library}:
            raise top.child("rules").items()[index].child("plan").error(f"there is no plan {rule.plan!r}")
    hours = top.optional("respond_within_hours")
    return MonitoringPolicy(
        rules=rules,
        respond_within_hours=hours.count(least=1) if hours else 24,
        chat_levels=_chat_levels(top.optional("chat_levels")),
        plans=library,
        overlays=tuple(overlays.read(part) for part in steps.listed(top, "overlays")),
        habits=tuple(playbooks.read(part) for part in steps.listed(top, "playbooks")),
        detectors=detectors.read(top.optional("detectors")),
        measures=rule_measures.read(top.optional("measures")),
        funding=funding.read(top.optional("funding")),
    )


def _chat_levels(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return MonitoringPolicy(rules=()).chat_levels
    return tuple(part.one_of(*steps.LEVELS) for part in node.items())


def _values(rule: AlertRule, signals: Signals) -> dict[str, str]:
    names = dict.fromkeys((*rule.asks, *(part.fact for part in rule.when)))
    return {name: _text(signal.value) for name in names if (signal := signals.get(name)) is not None}


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else value
