"""Ask the alert rules of the day: what the ledger shows by itself, and what began or ended with the day.

Note [Whom a day concerns]
Rules about recorded facts are asked when a fact is recorded. A day asks again where time alone can change the answer:
rules that look at the ledger or at relatives, for everybody of whom the ledger says something; and every rule about
customers of whom a fact or an overlay began or ended, or a closed alert has rested its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.monitoring import customer_signals, ledger_signals, watched
from tradecredit.apps.monitoring import queries
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.monitoring import triggers
from tradecredit.flows.watch import raise_alert, watch_policy
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.playbooks import Habit
    from tradecredit.core.monitoring.signals import Signal
    from tradecredit.core.monitoring.triggers import Findings, MonitoringPolicy
    from tradecredit.flows.watch.watch_policy import WatchPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

    House = Mapping[str, Mapping[UUID, Signal]]
    Told = Callable[[int, int], None]

PART: Final = 10_000
_LATE: Final = Words(
    zh="{customer}的预警“{alert}”超时未响应：请立即处理",
    en="Nobody answered the alert “{alert}” of {customer} in time",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What every part of the work of a day needs."""

    company: Company
    policy: WatchPolicy
    asked: MonitoringPolicy
    as_of: date
    actor: Actor


def watch_signals(
    *, company: Company, since: date, as_of: date, actor: Actor, told: Told | None = None
) -> int:
    """Ask the rules that the days after ``since`` may answer otherwise; returns how many alerts were raised.

    ``told`` hears how many of how many customers are done. Raises UnableToFindPolicyError.
    """
    with db.unit_of_work(actor):
        policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
        muted = raise_alert.muted_rules(company, as_of)
        asked = policy.monitoring.asking(only_daily=True, muted=muted)
        day = _Day(company=company, policy=policy, asked=asked, as_of=as_of, actor=actor)
        count = _by_ledger(day, told) if asked.rules else 0
        turned = _turned(company, policy.monitoring, since=since, as_of=as_of)
        for part in _parts(turned):
            count += raise_alert.raise_alert(company=company, customer_ids=part, as_of=as_of, actor=actor)
        return count


def ask_habits(*, company: Company, since: date, as_of: date) -> int:
    """Make the tasks of playbooks whose rounds began after ``since``, in the caller's transaction; returns how many."""
    db.transaction_required()
    policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
    tasks = [
        _habit_task(company, habit, concerned, as_of)
        for habit in policy.monitoring.habits
        for concerned in _concerned(company, habit, since=since, as_of=as_of)
    ]
    return worklist.make(company_id=company.pk, tasks=tasks)


def _concerned(
    company: Company, habit: Habit, *, since: date, as_of: date
) -> Sequence[tuple[UUID | None, str, str]]:
    """Return (identifier, code, name) of whom a habit's new round concerns: customers, or the house itself."""
    if habit.grades:
        return watched.graded(company_id=company.pk, habit=habit, since=since, as_of=as_of)
    is_due = habit.is_due(customer=company.code, since=since, as_of=as_of)
    return ((None, company.code, company.name),) if is_due else ()


def _habit_task(
    company: Company, habit: Habit, concerned: tuple[UUID | None, str, str], as_of: date
) -> worklist.NewTask:
    customer, code, name = concerned
    number = habit.round_of(customer=code, as_of=as_of)
    return worklist.NewTask(
        kind=f"playbook.{habit.code}"[:32],
        role=habit.role,
        customer_id=customer,
        words=habit.title.filled(customer=name),
        priority=habit.priority,
        link=f"/customers/{code}" if customer is not None else "/policies",
        due_in_days=habit.due_in_days,
        dedupe_key=f"playbook:{company.pk}:{customer or 'house'}:{habit.code}:{number}",
    )


def chase_responses(*, company: Company) -> int:
    """Put alerts that nobody answered in time before the credit manager, once each; returns how many are late."""
    db.transaction_required()
    late = queries.late_responses(company_id=company.pk, before=clock.now())
    worklist.make(
        company_id=company.pk,
        tasks=[
            worklist.NewTask(
                kind="alert.late",
                role="credit_manager",
                customer_id=one.customer_id,
                priority="high",
                words=Words(
                    zh=_LATE.zh.format(customer=one.customer_name, alert=one.words.zh),
                    en=_LATE.en.format(customer=one.customer_name, alert=one.words.en),
                ),
                link=f"/alerts/{one.id}",
                due_in_days=0,
                dedupe_key=f"alert-late:{one.id}",
            )
            for one in late
        ],
    )
    return len(late)


def _by_ledger(day: _Day, told: Told | None) -> int:
    rules = day.policy.monitoring.rules
    house = ledger_signals.supply(
        company_id=day.company.pk,
        names=day.asked.facts,
        as_of=day.as_of,
        rules=day.asked.detectors,
        echoes=[rule.code for rule in rules if rule.asks_relations],
    )
    frozen = frozenset(watched.frozen_by_alerts(company_id=day.company.pk))
    concerned = sorted({customer for found in house.values() for customer in found} | frozen, key=str)
    count = done = 0
    for part in _parts(concerned):
        answers = _answers(day, part, house)
        wanted = {one: found for one, found in answers.items() if found.raised or one in frozen}
        count += raise_alert.record_answers(
            company=day.company,
            policy=day.policy,
            answers=wanted,
            as_of=day.as_of,
            actor=day.actor,
            frozen=frozen,
        )
        done += len(part)
        if told is not None:
            told(done, len(concerned))
    return count


def _answers(day: _Day, part: Sequence[UUID], house: House) -> Mapping[UUID, Findings]:
    """Ask the rules of the day; those not asked count as unanswered, so that what they froze stays frozen."""
    asked = day.asked
    signals = customer_signals.gather(
        company_id=day.company.pk,
        customer_ids=part,
        names=asked.facts,
        as_of=day.as_of,
        rules=asked.detectors,
        overlays=asked.overlays,
        house=house,
    )
    codes = {rule.code for rule in asked.rules}
    others = tuple(rule.code for rule in day.policy.monitoring.rules if rule.code not in codes)
    found = triggers.evaluate_all(policy=asked, signals=signals.values())
    return {
        customer: triggers.Findings(raised=one.raised, unknown=(*one.unknown, *others))
        for customer, one in zip(signals, found, strict=True)
    }


def _turned(company: Company, rules: MonitoringPolicy, *, since: date, as_of: date) -> Sequence[UUID]:
    found = {
        *watched.turned(company_id=company.pk, names=rules.facts, since=since, as_of=as_of),
        *watched.of_trades(company_id=company.pk, overlays=rules.overlays, since=since, as_of=as_of),
        *watched.rested(
            company_id=company.pk,
            since=since,
            as_of=as_of,
            cooldowns={rule.code: rule.cooldown_days for rule in rules.rules},
        ),
    }
    return sorted(found, key=str)


def _parts(customers: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [customers[first : first + PART] for first in range(0, len(customers), PART)]
