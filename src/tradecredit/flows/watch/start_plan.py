"""Start the response plans of alerts: the house does its steps at once, people get theirs as tasks.

What a plan freezes is frozen and thawed with the alert, like what its rule freezes: see ``sync_alert_freezes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.exposure import insured_items
from tradecredit.apps.limits import queries as limits
from tradecredit.apps.monitoring import alert_acts
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.monitoring import plans
from tradecredit.flows.collections import open_case
from tradecredit.flows.collections import start_plan as action_plans
from tradecredit.flows.limits import propose_limit
from tradecredit.plumbing import db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.collections.books import Addressee
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.monitoring.plans import Plan, PlanStep
    from tradecredit.core.monitoring.triggers import MonitoringPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

RATE_AGAIN: Final = "plan.rate_again"
_KIND_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """An alert whose plan begins now."""

    alert_id: UUID
    addressee: Addressee
    rule: str
    plan: str


def key_of(alert_id: UUID, step: str = "") -> str:
    """Return the key of a step's task; without a step what the keys of all of an alert's tasks begin with."""
    return f"plan:{alert_id}:{step}"


def start_plans(
    *, company: Company, rules: MonitoringPolicy, alerts: Sequence[Started], as_of: date, actor: Actor
) -> int:
    """Make the tasks and do the other steps of each alert's plan; returns how many tasks were made."""
    db.transaction_required()
    running = [(one, plan) for one in alerts if (plan := rules.plan(one.plan)) is not None]
    if not running:
        return 0
    tasks = [
        _task(one, step, due_in_days=days)
        for one, plan in running
        for step in plan.tasks
        if (days := _days(company, one, step, as_of)) is not None
    ]
    worklist.make(company_id=company.pk, tasks=tasks)
    _rate_again(company, running)
    said = [
        alert_acts.NewAct(
            alert_id=one.alert_id,
            kind="done",
            words=_begun(company, one, plan, as_of, actor),
            is_by_person=False,
        )
        for one, plan in running
    ]
    alert_acts.record(company_id=company.pk, acts=said, acted_by=actor.name)
    return len(tasks)


def _task(one: Started, step: PlanStep, *, due_in_days: int) -> worklist.NewTask:
    words = step.label.filled(customer=one.addressee.name)
    if step.checklist:
        words = Words(
            zh=f"{words.zh}。清单：" + "；".join(part.zh for part in step.checklist),
            en=f"{words.en}. Checklist: " + "; ".join(part.en for part in step.checklist),
        )
    return worklist.NewTask(
        kind=f"plan.{step.code}"[:_KIND_LENGTH],
        role=step.role,
        customer_id=one.addressee.customer_id,
        words=words,
        priority=step.priority,
        link=f"/alerts/{one.alert_id}",
        due_in_days=due_in_days,
        dedupe_key=key_of(one.alert_id, step.code),
    )


def _days(company: Company, one: Started, step: PlanStep, as_of: date) -> int | None:
    """Return in how many days a task is due; a claim on an insurer by the policy's deadline, None where none insures."""
    if step.do != plans.INSURER:
        return step.due_in_days
    found = insured_items.insured_items(
        company_id=company.pk, as_of=as_of, customer_id=one.addressee.customer_id
    )
    return min((max(item.days_left(as_of), 0) for item in found), default=None)


def _rate_again(company: Company, running: Sequence[tuple[Started, Plan]]) -> None:
    events.emit_many(
        name=RATE_AGAIN,
        company_id=company.pk,
        payloads=[
            (one.addressee.customer_id, {"customer_id": one.addressee.customer_id, "alert_id": one.alert_id})
            for one, plan in running
            if plan.does(plans.RERATE) is not None
        ],
    )


def _begun(company: Company, one: Started, plan: Plan, as_of: date, actor: Actor) -> Words:
    """Do what needs people's consent, and say what the plan did."""
    zh = [f"预案“{plan.label.zh}”已启动"]
    en = [f"Plan “{plan.label.en}” started"]
    for step in plan.steps:
        if step.do in plans.FREEZES or step.do == plans.RERATE:
            zh.append(step.label.zh)
            en.append(step.label.en)
        elif step.do == plans.LOWER_LINE:
            asked = _propose_lower_line(company, one, step, as_of, actor)
            zh.append(asked.zh)
            en.append(asked.en)
        elif step.do in {plans.CASE, plans.FOLLOW}:
            begun = _in_collections(company, one, step, as_of, actor)
            zh.append(begun.zh)
            en.append(begun.en)
    return Words(zh="；".join(zh), en="; ".join(en)).filled(customer=one.addressee.name)


def _in_collections(company: Company, one: Started, step: PlanStep, as_of: date, actor: Actor) -> Words:
    """Open the customer's case or start a plan of collections; one that runs already is joined."""
    cause = f"alert:{one.rule}"[:_KIND_LENGTH]
    customer = one.addressee.customer_id
    words = step.label.filled(customer=one.addressee.name)
    try:
        with db.savepoint():
            if step.do == plans.CASE:
                open_case.open_case(
                    company=company, customer_id=customer, as_of=as_of, actor=actor, cause=cause, words=words
                )
            else:
                action_plans.start_plan(
                    company=company,
                    customer_id=customer,
                    code=step.follows,
                    as_of=as_of,
                    actor=actor,
                    cause=cause,
                )
    except UnableToError as refusal:
        return refusal.words
    return words


def _propose_lower_line(company: Company, one: Started, step: PlanStep, as_of: date, actor: Actor) -> Words:
    """Ask people for a lower line; a refusal (no line, asked already) is said and stops nothing."""
    line = limits.effective(company_id=company.pk, customer_ids=[one.addressee.customer_id], as_of=as_of).get(
        (one.addressee.customer_id, company.base_currency)
    )
    lower = None if line is None else _lower(line.limit, step)
    if lower is None:
        return Words(zh="没有可下调的额度", en="there is no line to lower")
    try:
        with db.savepoint():
            propose_limit.propose_limit(
                company=company,
                customer_id=one.addressee.customer_id,
                actor=actor,
                asked=lower,
                reason=step.label.filled(customer=one.addressee.name).zh,
                as_of=as_of,
            )
    except UnableToError as refusal:
        return Words(
            zh=f"未能提出下调额度：{refusal.words.zh}", en=f"no lower line was proposed: {refusal.words.en}"
        )
    shown = f"{lower.money.text()} {lower.money.currency}"
    return Words(zh=f"已提出将额度降至 {shown}", en=f"a line of {shown} is proposed")


def _lower(line: Limit, step: PlanStep) -> Amount | None:
    assert step.share is not None, "the policy was read"  # noqa: S101 -- cannot happen
    return Amount(line.money.times(step.share).rounded()) if isinstance(line, Amount) else None
