"""Which alarm is worth keeping: how often a rule was right, what it missed, how early it spoke, what it cost.

Note [Right and missed]
What is to be foretold is trouble: a stretch of days on which a customer has an item overdue by the days of policy or
more. An alert was right when trouble began within the horizon after it (or was on); it is judged once the horizon has
passed, or trouble came. Trouble was caught when an alert stood at most the horizon before its first day. The lead is the
number of days from the first such alert to that day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.core.kernel.policy_document import Node

_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRules:
    """What counts as trouble, how far ahead an alert looks, how often it has to be right, what a task costs."""

    trouble_days: int = 90
    horizon_days: int = 180
    least_precision: Decimal = Decimal("0.20")
    cost_per_task: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateItem:
    """An item of a customer with its due day and the day on which it was settled (None: it is open)."""

    customer: str
    due_date: date
    settled_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A stretch of days of a customer, its end excluded (None: it lasts)."""

    customer: str
    begins: date
    ends: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alert as it is judged: whose, of which day, what people called it, and how many tasks it made."""

    rule: str
    customer: str
    on: date
    is_false_alarm: bool = False
    tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """How a rule did; shares and days are None where nothing could be judged."""

    rule: str
    alerts: int
    judged: int
    right: int
    false_alarms: int
    troubles: int
    caught: int
    precision: Decimal | None
    recall: Decimal | None
    lead_days: int | None
    tasks: int
    cost: Decimal | None
    threshold: int | None = None


def spells(items: Iterable[LateItem], *, days: int) -> Mapping[str, tuple[Spell, ...]]:
    """Return by customer the stretches on which some item is so many days overdue, in order, none touching another.

    An item due on 1 March and paid on 20 April is 30 days overdue from 31 March until it is paid.
    """
    found: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
    for item in items:
        begins = item.due_date + timedelta(days=days)
        ends = item.settled_on or date.max
        if begins < ends:
            found[item.customer].append((begins, ends))
    return {customer: tuple(_merged(customer, sorted(parts))) for customer, parts in found.items()}


def _merged(customer: str, parts: Sequence[tuple[date, date]]) -> Iterable[Spell]:
    begins, ends = parts[0]
    for begin, end in parts[1:]:
        if begin <= ends:
            ends = max(ends, end)
            continue
        yield Spell(customer=customer, begins=begins, ends=ends)
        begins, ends = begin, end
    yield Spell(customer=customer, begins=begins, ends=None if ends == date.max else ends)


def measure(
    *,
    rule: str,
    raised: Sequence[Raised],
    troubles: Mapping[str, Sequence[Spell]],
    rules: MeasureRules,
    as_of: date,
    threshold: int | None = None,
) -> RuleRecord:
    """Return how one rule did up to the day; see Note [Right and missed]."""
    horizon = timedelta(days=rules.horizon_days)
    right = judged = 0
    days: defaultdict[str, list[date]] = defaultdict(list)
    for one in raised:
        days[one.customer].append(one.on)
        is_right = _is_right(one, troubles.get(one.customer, ()), horizon, as_of)
        right += is_right
        judged += is_right or one.is_false_alarm or one.on + horizon <= as_of
    begun = [spell for each in troubles.values() for spell in each if spell.begins <= as_of]
    leads = [
        lead
        for spell in begun
        if (lead := _lead(sorted(days.get(spell.customer, ())), spell, horizon)) is not None
    ]
    tasks = sum(one.tasks for one in raised)
    return RuleRecord(
        rule=rule,
        alerts=len(raised),
        judged=judged,
        right=right,
        false_alarms=sum(one.is_false_alarm for one in raised),
        troubles=len(begun),
        caught=len(leads),
        precision=_share(right, judged),
        recall=_share(len(leads), len(begun)),
        lead_days=sorted(leads)[len(leads) // 2] if leads else None,
        tasks=tasks,
        cost=None if rules.cost_per_task is None else rules.cost_per_task * tasks,
        threshold=threshold,
    )


def thresholds(
    items: Sequence[LateItem], *, candidates: Iterable[int], rules: MeasureRules, as_of: date
) -> tuple[RuleRecord, ...]:
    """Return how a rule "so many days overdue" would have done for each number of days, over the items' history."""
    troubles = spells(items, days=rules.trouble_days)
    return tuple(
        measure(
            rule=f"overdue >= {days}",
            raised=[
                Raised(rule="", customer=spell.customer, on=spell.begins)
                for each in spells(items, days=days).values()
                for spell in each
                if spell.begins <= as_of
            ],
            troubles=troubles,
            rules=rules,
            as_of=as_of,
            threshold=days,
        )
        for days in candidates
    )


def suggested(records: Iterable[RuleRecord], *, rules: MeasureRules) -> RuleRecord | None:
    """Return the earliest threshold that is right often enough: it leaves the most time; None where none is."""
    good = [
        one
        for one in records
        if one.precision is not None and one.precision >= rules.least_precision and one.caught
    ]
    return min(good, key=lambda one: one.threshold or 0, default=None)


def read(node: Node | None) -> MeasureRules:
    """Read ``monitoring.measures``; what is not said is as above. Raises PolicyError naming the place."""
    usual = MeasureRules()
    if node is None:
        return usual
    node.only("trouble_days", "horizon_days", "least_precision", "cost_per_task", "source", "reason")
    trouble, horizon = node.optional("trouble_days"), node.optional("horizon_days")
    precision, cost = node.optional("least_precision"), node.optional("cost_per_task")
    return MeasureRules(
        trouble_days=trouble.count(least=1) if trouble else usual.trouble_days,
        horizon_days=horizon.count(least=1) if horizon else usual.horizon_days,
        least_precision=precision.number(least="0", most="1") if precision else usual.least_precision,
        cost_per_task=cost.number(least="0") if cost else None,
    )


def _is_right(one: Raised, troubles: Sequence[Spell], horizon: timedelta, as_of: date) -> bool:
    return any(
        spell.begins <= min(one.on + horizon, as_of) and (spell.ends is None or spell.ends > one.on)
        for spell in troubles
    )


def _lead(days: Sequence[date], spell: Spell, horizon: timedelta) -> int | None:
    """Return the days from the first alert within the horizon to the trouble's first day; None where none stood."""
    first = bisect_right(days, spell.begins - horizon - timedelta(days=1))
    if first < len(days) and days[first] <= spell.begins:
        return (spell.begins - days[first]).days
    return None


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_PLACES, rounding=ROUND_HALF_UP) if whole else None


def as_dict(record: RuleRecord) -> dict[str, str | int | None]:
    """Return a record as plain values, shares as texts."""

    def text(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return {
        "rule": record.rule,
        "threshold": record.threshold,
        "alerts": record.alerts,
        "judged": record.judged,
        "right": record.right,
        "false_alarms": record.false_alarms,
        "troubles": record.troubles,
        "caught": record.caught,
        "precision": text(record.precision),
        "recall": text(record.recall),
        "lead_days": record.lead_days,
        "tasks": record.tasks,
        "cost": text(record.cost),
    }
