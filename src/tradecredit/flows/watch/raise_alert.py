"""Raise the alerts that the rules ask for: signals gathered, rules asked, cooled down, recorded with their tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.collections import books
from tradecredit.analytics.monitoring import customer_signals, watched
from tradecredit.apps.collections import locks
from tradecredit.apps.monitoring import mutes, queries
from tradecredit.apps.monitoring import operations as monitoring
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel import canonical
from tradecredit.core.monitoring import cooldown, triggers
from tradecredit.flows import colleagues
from tradecredit.flows.watch import (
    start_plan,
    sync_alert_freezes,
    tell_about_alerts,
    watch_policy,
    write_letters,
)
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.triggers import AlertRule, Finding, Findings, MonitoringPolicy
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
        asked = policy.monitoring.asking(muted=muted_rules(company, as_of))

        answers = _answers(company, asked, wanted, as_of)

        return record_answers(company=company, policy=policy, answers=answers, as_of=as_of, actor=actor)


def record_answers(
    *,
    company: Company,
    policy: WatchPolicy,
    answers: Mapping[UUID, Findings],
    as_of: date,
    actor: Actor,
    frozen: Collection[UUID] | None = None,
) -> int:
    """Raise what is new among the answers and bring the freezes into line; returns how many alerts were raised.

    ``frozen`` names the customers of whom something is frozen for an alert, where the caller knows it.
    """
    db.transaction_required()
    fresh, standing = _fresh_and_standing(company, answers, as_of)
    count = _record(company, policy, fresh, as_of=as_of, actor=actor) if fresh else 0
    touched = set(standing) | (set(answers) if frozen is None else set(frozen) & set(answers))
    sync_alert_freezes.sync_alert_freezes(
        company=company,
        policy=policy.monitoring,
        answers={customer: answers[customer] for customer in touched},
        standing=standing,
        as_of=as_of,
        actor=actor,
    )
    return count


def warn_relatives(*, company: Company, customer_ids: Sequence[UUID], as_of: date, actor: Actor) -> int:
    """Ask the rules about group members, guaranteed customers and suppliers of the customers; returns the alerts raised.

    Where no rule looks at relatives nothing is asked. Raises UnableToFindPolicyError.
    """
    rules = watch_policy.in_force(company_id=company.pk, as_of=as_of).monitoring.rules
    if not any(rule.asks_relations for rule in rules):
        return 0
    concerned = watched.relatives(company_id=company.pk, customer_ids=customer_ids, as_of=as_of)
    return raise_alert(company=company, customer_ids=concerned, as_of=as_of, actor=actor) if concerned else 0


def muted_rules(company: Company, as_of: date) -> frozenset[str]:
    """Return the rules that people have silenced on the day."""
    return frozenset(one.rule for one in mutes.in_force(company_id=company.pk, as_of=as_of))


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

        answers = _answers(company, policy.monitoring, list(frozen), as_of)

        sync_alert_freezes.sync_alert_freezes(
            company=company, policy=policy.monitoring, answers=answers, standing={}, as_of=as_of, actor=actor
        )


def _answers(
    company: Company, rules: MonitoringPolicy, customer_ids: Sequence[UUID], as_of: date
) -> Mapping[UUID, Findings]:
    signals = customer_signals.gather(
        company_id=company.pk,
        customer_ids=customer_ids,
        names=rules.facts,
        as_of=as_of,
        rules=rules.detectors,
        overlays=rules.overlays,
        echoes=[rule.code for rule in rules.rules if rule.asks_relations],
    )
    found = triggers.evaluate_all(policy=rules, signals=signals.values())
    return dict(zip(signals, found, strict=True))


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
        at_work = {alert.rule_code for alert in before if alert.is_open and not alert.waits}
        # What wants confirmation freezes nothing before somebody has said that it is true.
        at_work |= {finding.rule.code for finding in found if not finding.rule.requires_confirmation}
        standing[customer] = [one for one in answers[customer].raised if one.rule.code in at_work]
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
    addressees = books.addressees(company_id=company.pk, customer_ids=list(findings), as_of=as_of)
    sender = write_letters.Sender(
        company=company, policy=policy, staff=colleagues.of_company(company.pk), as_of=as_of
    )
    news = [
        tell_about_alerts.News(
            alert=_alert(company, policy.monitoring, customer, finding, as_of),
            addressee=addressees[customer],
            roles=_roles(policy.monitoring, finding.rule),
        )
        for customer, found in findings.items()
        for finding in found
    ]
    told = tell_about_alerts.raise_and_tell(sender=sender, news=news, actor=actor)
    _make_tasks(company, policy, [one for _, one in told])
    start_plan.start_plans(
        company=company,
        rules=policy.monitoring,
        alerts=[
            start_plan.Started(
                alert_id=alert_id, addressee=one.addressee, rule=one.alert.rule, plan=one.alert.plan
            )
            for alert_id, one in told
            if one.alert.plan and not one.alert.wants_confirmation
        ],
        as_of=as_of,
        actor=actor,
    )
    return len(told)


def _roles(rules: MonitoringPolicy, rule: AlertRule) -> Sequence[str]:
    """Return who hears of the rule's alerts: whoever has a task in it or in its plan."""
    plan = rules.plan_of(rule)
    steps = plan.tasks if plan is not None and not rule.requires_confirmation else ()
    return sorted({task.role for task in rule.tasks} | {step.role for step in steps})


def _alert(
    company: Company, rules: MonitoringPolicy, customer: UUID, finding: Finding, as_of: date
) -> monitoring.NewAlert:
    plan = rules.plan_of(finding.rule)
    facts = canonical.sha256(canonical.dumps(dict(finding.facts)))[:16]
    return monitoring.NewAlert(
        customer_id=customer,
        rule=finding.rule.code,
        level=finding.rule.level.text,
        words=finding.rule.label,
        facts=finding.facts,
        dedupe_key=f"{company.pk}:{customer}:{finding.rule.code}:{as_of.isoformat()}:{facts}",
        phase=finding.rule.phase,
        plan=plan.code if plan is not None else "",
        wants_confirmation=finding.rule.requires_confirmation,
        respond_within_hours=rules.respond_within_hours,
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
