"""Raise the alerts that the rules ask for: signals gathered, rules asked, cooled down, recorded with their tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.collections import books
from tradecredit.analytics.monitoring import customer_signals
from tradecredit.apps.collections import locks
from tradecredit.apps.monitoring import operations as monitoring
from tradecredit.apps.monitoring import queries
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel import canonical
from tradecredit.core.monitoring import cooldown, triggers
from tradecredit.flows import colleagues
from tradecredit.flows.watch import (
    sync_alert_freezes,
    tell_about_alerts,
    watch_policy,
    write_letters,
)
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.triggers import Finding, Findings
    from tradecredit.flows.watch.watch_policy import WatchPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_KIND_LENGTH = 32


def raise_alert(*, company: Company, customer_ids: Iterable[UUID], as_of: date, actor: Actor) -> int:
    """Ask every rule about the customers and raise what is new; returns how many alerts were raised.

    An alert that is open is not raised twice, and one that was closed rests for its rule's cooldown.
    Raises UnableToFindPolicyError.
    """
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
        wanted = sorted(set(customer_ids), key=str)

        answers = _answers(company, policy, wanted, as_of)
        fresh, standing = _fresh_and_standing(company, answers, as_of)

        count = _record(company, policy, fresh, as_of=as_of, actor=actor) if fresh else 0
        sync_alert_freezes.sync_alert_freezes(
            company=company,
            policy=policy.monitoring,
            answers=answers,
            standing=standing,
            as_of=as_of,
            actor=actor,
        )
        return count


def settle_alerts(*, company: Company, customer_ids: Iterable[UUID], as_of: date, actor: Actor) -> None:
    """Bring the freezes of open alerts into line with what is known now, without raising anything."""
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
        frozen = queries.active_freezes(
            company_id=company.pk, customer_ids=sorted(set(customer_ids), key=str), as_of=as_of
        )
        if not frozen:
            return

        answers = _answers(company, policy, list(frozen), as_of)

        sync_alert_freezes.sync_alert_freezes(
            company=company, policy=policy.monitoring, answers=answers, standing={}, as_of=as_of, actor=actor
        )


def _answers(
    company: Company, policy: WatchPolicy, customer_ids: Sequence[UUID], as_of: date
) -> Mapping[UUID, Findings]:
    signals = customer_signals.gather(
        company_id=company.pk, customer_ids=customer_ids, names=policy.monitoring.facts, as_of=as_of
    )
    return {
        customer: triggers.evaluate(policy=policy.monitoring, signals=known)
        for customer, known in signals.items()
    }


def _fresh_and_standing(
    company: Company, answers: Mapping[UUID, Findings], as_of: date
) -> tuple[Mapping[UUID, Sequence[Finding]], Mapping[UUID, Sequence[Finding]]]:
    """Return the findings that become alerts today, and with them those whose alert is open already."""
    raised = [customer for customer, answer in answers.items() if answer.raised]
    earlier = queries.earlier_alerts(company_id=company.pk, customer_ids=raised) if raised else {}
    fresh: dict[UUID, Sequence[Finding]] = {}
    standing: dict[UUID, Sequence[Finding]] = {}
    for customer in raised:
        before = earlier.get(customer, ())
        found = cooldown.fresh(findings=answers[customer].raised, earlier=before, as_of=as_of)
        open_rules = {alert.rule_code for alert in before if alert.is_open}
        open_rules |= {finding.rule.code for finding in found}
        standing[customer] = [
            finding for finding in answers[customer].raised if finding.rule.code in open_rules
        ]
        if found:
            fresh[customer] = found
    return fresh, standing


def _record(
    company: Company,
    policy: WatchPolicy,
    findings: Mapping[UUID, Sequence[Finding]],
    *,
    as_of: date,
    actor: Actor,
) -> int:
    accounts = books.gather(
        company_id=company.pk,
        customer_ids=list(findings),
        as_of=as_of,
        earliest_days_overdue=1,
        grace_days=0,
    )
    sender = write_letters.Sender(
        company=company, policy=policy, staff=colleagues.of_company(company.pk), as_of=as_of
    )
    news = [
        tell_about_alerts.News(
            alert=_alert(company, customer, finding, as_of),
            addressee=accounts[customer].addressee,
            roles=sorted({task.role for task in finding.rule.tasks}),
        )
        for customer, found in findings.items()
        for finding in found
    ]
    count = tell_about_alerts.raise_and_tell(sender=sender, news=news, actor=actor)
    _make_tasks(company, policy, news)
    return count


def _alert(company: Company, customer: UUID, finding: Finding, as_of: date) -> monitoring.NewAlert:
    facts = canonical.sha256(canonical.dumps(dict(finding.facts)))[:16]
    return monitoring.NewAlert(
        customer_id=customer,
        rule=finding.rule.code,
        level=finding.rule.level.text,
        words=finding.rule.label,
        facts=finding.facts,
        dedupe_key=f"{company.pk}:{customer}:{finding.rule.code}:{as_of.isoformat()}:{facts}",
    )


def _make_tasks(company: Company, policy: WatchPolicy, news: Sequence[tell_about_alerts.News]) -> None:
    rules = {rule.code: rule for rule in policy.monitoring.rules}
    worklist.make(
        company_id=company.pk,
        tasks=[
            worklist.NewTask(
                kind=f"alert.{one.alert.rule}"[:_KIND_LENGTH],
                role=task.role,
                customer_id=one.alert.customer_id,
                words=task.title.filled(customer=one.addressee.name),
                priority=task.priority,
                link=f"/customers/{one.addressee.code}",
                due_in_days=task.due_in_days,
                dedupe_key=f"alert:{one.alert.dedupe_key}:{task.role}"[:200],
            )
            for one in news
            for task in rules[one.alert.rule].tasks
            if task.is_for(one.addressee.grade)
        ],
    )
