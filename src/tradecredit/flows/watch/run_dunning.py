"""Run dunning for a day: reminders, letters, tasks, freezes and marks, each exactly once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.collections import attention, books
from tradecredit.apps.collections import locks
from tradecredit.apps.monitoring import operations as monitoring
from tradecredit.apps.worklist import operations as worklist
from tradecredit.apps.worklist import queries as worklist_queries
from tradecredit.core.collections import dunning, texts
from tradecredit.flows import colleagues
from tradecredit.flows.watch import (
    letter_digests,
    sync_freezes,
    tell_about_alerts,
    thank_customers,
    watch_policy,
    write_letters,
)
from tradecredit.plumbing import db, failpoints
from tradecredit.plumbing.access import workdays

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.collections.books import Account
    from tradecredit.core.collections.dunning import Notice
    from tradecredit.core.collections.steps import TaskAction
    from tradecredit.core.kernel.calendar import WorkCalendar
    from tradecredit.flows.watch.letter_digests import Digests
    from tradecredit.flows.watch.watch_policy import WatchPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# Technical: on how many customers is decided at a time.
_PORTION: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningReport:
    """What a run did; all zeros when nothing was due."""

    reminders: int = 0
    letters: int = 0
    tasks: int = 0
    alerts: int = 0
    switched: sync_freezes.Switched = field(default_factory=sync_freezes.Switched)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What all portions of a run share."""

    sender: write_letters.Sender
    calendar: WorkCalendar
    actor: Actor


def run_dunning(
    *, company: Company, as_of: date, actor: Actor, customer_ids: Iterable[UUID] | None = None
) -> DunningReport:
    """Decide and record for the customers given, or for everybody who needs a look on the day.

    Running it again finds every step said and every freeze set, and does nothing. Raises UnableToFindPolicyError.
    """
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
        wanted = tuple(customer_ids) if customer_ids is not None else needing_a_look(company, policy, as_of)
        if not wanted:
            return DunningReport()
        run = _Run(
            sender=write_letters.Sender(
                company=company, policy=policy, staff=colleagues.of_company(company.pk), as_of=as_of
            ),
            calendar=workdays.calendar_of(company.pk, around=as_of),
            actor=actor,
        )
        told = letter_digests.Digests(sender=run.sender)
        parts = [
            _decide_and_record(run, wanted[start : start + _PORTION], told)
            for start in range(0, len(wanted), _PORTION)
        ]
        told.put()
        failpoints.reach("dunning.recorded")
        return _in_all(parts)


def settle_standings(
    *,
    company: Company,
    as_of: date,
    actor: Actor,
    customer_ids: Iterable[UUID],
    is_lifting_only: bool = False,
) -> sync_freezes.Switched:
    """Bring freezes and marks of the customers into line with their books, without writing to anybody.

    Called when cash, a dispute or a correction changed what is overdue: whoever has paid is free at once.
    """
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
        accounts = _gather(company, policy, tuple(customer_ids), as_of)

        calendar = workdays.calendar_of(company.pk, around=as_of)
        standings = {
            customer: dunning.decide(
                strategy=policy.strategy, books=account.books, calendar=calendar, as_of=as_of
            ).standing
            for customer, account in accounts.items()
        }

        switched = sync_freezes.sync_freezes(
            company=company,
            standings=standings,
            as_of=as_of,
            actor=actor,
            is_lifting_only=is_lifting_only,
        )
        _thank(company, policy, accounts, switched, as_of)
        return switched


def needing_a_look(company: Company, policy: WatchPolicy, as_of: date) -> Sequence[UUID]:
    """Return the customers on whom a run on the day has to decide."""
    return attention.needing_attention(
        company_id=company.pk,
        as_of=as_of,
        steps=[
            attention.StepPlace(
                code=step.code,
                from_days=step.from_days,
                to_days=step.to_days,
                has_effects=bool(step.freezes) or step.marks_high_risk,
            )
            for step in policy.strategy.every_step
        ],
    )


def _gather(
    company: Company, policy: WatchPolicy, customer_ids: Sequence[UUID], as_of: date
) -> Mapping[UUID, Account]:
    return books.gather(
        company_id=company.pk,
        customer_ids=customer_ids,
        as_of=as_of,
        strategy=policy.strategy,
    )


def _decide_and_record(run: _Run, customer_ids: Sequence[UUID], told: Digests) -> DunningReport:
    """Decide on some of the customers and record it, so that never more than their books are at hand."""
    company, policy, as_of = run.sender.company, run.sender.policy, run.sender.as_of
    accounts = _gather(company, policy, customer_ids, as_of)

    verdicts = {
        customer: dunning.decide(
            strategy=policy.strategy, books=account.books, calendar=run.calendar, as_of=as_of
        )
        for customer, account in accounts.items()
    }

    notices = [
        (accounts[customer], notice) for customer, verdict in verdicts.items() for notice in verdict.notices
    ]
    tasks = alerts = 0
    if notices:
        told.add(notices, write_letters.write_letters(sender=run.sender, notices=notices, actor=run.actor))
        tasks = _make_tasks(company, notices)
        alerts = _raise_alerts(run.sender, notices, run.actor)
    standings = {customer: verdict.standing for customer, verdict in verdicts.items()}
    switched = sync_freezes.sync_freezes(company=company, standings=standings, as_of=as_of, actor=run.actor)
    _thank(company, policy, accounts, switched, as_of)
    return DunningReport(
        reminders=sum(notice.step.kind == "reminder" for _, notice in notices),
        letters=sum(notice.step.kind == "stage" for _, notice in notices),
        tasks=tasks,
        alerts=alerts,
        switched=switched,
    )


def _in_all(parts: Sequence[DunningReport]) -> DunningReport:
    switched = [part.switched for part in parts]
    return DunningReport(
        reminders=sum(part.reminders for part in parts),
        letters=sum(part.letters for part in parts),
        tasks=sum(part.tasks for part in parts),
        alerts=sum(part.alerts for part in parts),
        switched=sync_freezes.Switched(
            frozen=sum(one.frozen for one in switched),
            lifted=sum(one.lifted for one in switched),
            marked=sum(one.marked for one in switched),
            unmarked=sum(one.unmarked for one in switched),
            cured=tuple(customer for one in switched for customer in one.cured),
        ),
    )


def _thank(
    company: Company,
    policy: WatchPolicy,
    accounts: Mapping[UUID, Account],
    switched: sync_freezes.Switched,
    as_of: date,
) -> None:
    thank_customers.thank_customers(
        company=company,
        policy=policy,
        accounts=[accounts[customer] for customer in switched.cured],
        as_of=as_of,
    )


def _make_tasks(company: Company, notices: Sequence[tuple[Account, Notice]]) -> int:
    """Make the tasks of each step, unless the same task of the customer is still to do."""
    customers = {account.addressee.customer_id for account, _ in notices}
    known = set(worklist_queries.open_kinds(company_id=company.pk, customer_ids=customers))
    tasks: list[worklist.NewTask] = []
    for account, notice in notices:
        for action in notice.step.tasks:
            kind = f"dunning.{notice.step.code}"
            key = (account.addressee.customer_id, kind, action.role)
            if action.is_for(account.addressee.grade) and key not in known:
                tasks.append(_task(account, notice, action, kind=kind))
    return worklist.make(company_id=company.pk, tasks=tasks)


def _task(account: Account, notice: Notice, action: TaskAction, *, kind: str) -> worklist.NewTask:
    addressee = account.addressee
    # An instalment enters a step once, so the first line of the notice names the task for ever.
    cause = f"{notice.step.code}:{notice.lines[0].item.instalment_id}:{action.role}:{action.title.en}"
    return worklist.NewTask(
        kind=kind,
        role=action.role,
        customer_id=addressee.customer_id,
        words=action.title.filled(
            customer=addressee.name,
            days=max(line.days_overdue for line in notice.lines),
            amount=texts.figures(notice.total),
        ),
        priority=action.priority,
        link=f"/customers/{addressee.code}",
        due_in_days=action.due_in_days,
        dedupe_key=f"dunning:{cause}"[:200],
    )


def _raise_alerts(
    sender: write_letters.Sender, notices: Sequence[tuple[Account, Notice]], actor: Actor
) -> int:
    """Raise the alert of a step once for its first instalment, unless the same one is still open."""
    rules = {
        (account.addressee.customer_id, notice.step.code): (account, notice)
        for account, notice in notices
        if notice.step.alert is not None
    }
    open_ones = tell_about_alerts.open_rules(
        company_id=sender.company.pk, customer_ids={customer for customer, _ in rules}
    )
    news = [
        tell_about_alerts.News(
            alert=monitoring.NewAlert(
                customer_id=customer,
                rule=watch_policy.code_of_step(code),
                level=notice.step.alert.level,
                words=notice.step.label,
                facts={
                    "overdue_days": str(max(line.days_overdue for line in notice.lines)),
                    "amount": texts.figures(notice.total),
                },
                dedupe_key=f"dunning:{code}:{notice.lines[0].item.instalment_id}",
                phase="after_trade",
            ),
            addressee=account.addressee,
            roles=notice.step.alert.roles,
        )
        for (customer, code), (account, notice) in rules.items()
        if notice.step.alert is not None and (customer, watch_policy.code_of_step(code)) not in open_ones
    ]
    return len(tell_about_alerts.raise_and_tell(sender=sender, news=news, actor=actor))
