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
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.monitoring import cooldown, triggers
from tradecredit.flows import colleagues, sync_freezes, tell_about_alerts, watch_policy, write_letters
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.triggers import Finding
    from tradecredit.flows.watch_policy import WatchPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CAUSE_LENGTH = 32


def cause_of(rule_code: str) -> str:
    """Return the cause under which an alert of the rule freezes: one freeze a scope and cause is on at a time."""
    return f"alert.{rule_code}"[:_CAUSE_LENGTH]


def raise_alert(*, company: Company, customer_ids: Iterable[UUID], as_of: date, actor: Actor) -> int:
    """Ask every rule about the customers and raise what is new; returns how many alerts were raised.

    An alert that is open is not raised twice, and one that was closed rests for its rule's cooldown.
    Raises UnableToFindPolicyError.
    """
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
        wanted = sorted(set(customer_ids), key=str)

        found = _fresh_findings(company, policy, wanted, as_of)

        return _record(company, policy, found, as_of=as_of, actor=actor) if found else 0


def _fresh_findings(
    company: Company, policy: WatchPolicy, customer_ids: Sequence[UUID], as_of: date
) -> Mapping[UUID, Sequence[Finding]]:
    signals = customer_signals.gather(
        company_id=company.pk, customer_ids=customer_ids, names=policy.monitoring.facts, as_of=as_of
    )
    findings = {
        customer: triggers.evaluate(policy=policy.monitoring, signals=known).raised
        for customer, known in signals.items()
    }
    raised = [customer for customer, found in findings.items() if found]
    earlier = queries.earlier_alerts(company_id=company.pk, customer_ids=raised) if raised else {}
    fresh = {
        customer: cooldown.fresh(findings=findings[customer], earlier=earlier.get(customer, ()), as_of=as_of)
        for customer in raised
    }
    return {customer: found for customer, found in fresh.items() if found}


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
    _freeze(company, findings, as_of=as_of, actor=actor)
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
                kind=f"alert.{one.alert.rule}"[:_CAUSE_LENGTH],
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


def _freeze(
    company: Company, findings: Mapping[UUID, Sequence[Finding]], *, as_of: date, actor: Actor
) -> None:
    """Freeze what the rules say, until the alert is closed."""
    switches = [
        monitoring.NewSwitch(
            customer_id=customer,
            cause=cause_of(finding.rule.code),
            scope=scope,
            words=Words(
                zh=f"{finding.rule.label.zh}: 冻结{sync_freezes.SCOPES[scope].zh}",
                en=f"{finding.rule.label.en}: {sync_freezes.SCOPES[scope].en} frozen",
            ),
        )
        for customer, found in findings.items()
        for finding in found
        for scope in finding.rule.freezes
    ]
    monitoring.freeze(company_id=company.pk, frozen_on=as_of, switches=switches, created_by=actor.name)
