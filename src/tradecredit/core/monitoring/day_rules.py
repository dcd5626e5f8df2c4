"""Alert rules that days overdue alone decide: from which day each speaks, and how they would have done on a ledger."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.monitoring import rule_measures, triggers
from tradecredit.core.monitoring.signals import Signal, Signals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.monitoring.rule_measures import LateItem, MeasureRules, RuleRecord
    from tradecredit.core.monitoring.triggers import MonitoringPolicy

DAYS: Final = "overdue_days_max"


def days_of_rules(policy: MonitoringPolicy, *, most: int) -> dict[str, int]:
    """Return by rule from how many days overdue it speaks when nothing else is known; others are absent.

    "At least 15 days overdue" speaks from 15; a rule that also wants a lawsuit, or more than ``most`` days, is absent.
    """
    found: dict[str, int] = {}
    for rule in policy.rules:
        if DAYS not in rule.names:
            continue
        alone = replace(policy, rules=(rule,))
        asked = (
            Signals(customer_id="", known={DAYS: Signal(value=Decimal(days))}) for days in range(most + 1)
        )
        answers = triggers.evaluate_all(policy=alone, signals=asked)
        days = next((days for days, answer in enumerate(answers) if answer.raised), None)
        if days is not None:
            found[rule.code] = days
    return found


def measured(
    items: Sequence[LateItem], *, policy: MonitoringPolicy, rules: MeasureRules, as_of: date
) -> tuple[RuleRecord, ...]:
    """Return how each rule on days overdue would have done on the items, the earliest first.

    A rule that waits for as many days as trouble itself foretells nothing: it is absent.
    """
    days_by_code = days_of_rules(policy, most=rules.trouble_days - 1)
    found = rule_measures.thresholds(
        items, candidates=sorted(set(days_by_code.values())), rules=rules, as_of=as_of
    )
    by_days = {one.threshold: one for one in found}
    return tuple(
        replace(by_days[days], rule=code)
        for code, days in sorted(days_by_code.items(), key=lambda one: (one[1], one[0]))
    )
