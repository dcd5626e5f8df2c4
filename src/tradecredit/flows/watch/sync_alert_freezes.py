"""Freezes of alerts: on while an alert is open and its rule still speaks, off once the reason is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.monitoring import operations, queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.watch import sync_freezes
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.triggers import Finding, Findings, MonitoringPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CAUSE_LENGTH = 32
_PREFIX = "alert."


def cause_of(rule_code: str) -> str:
    """Return the cause under which an alert of the rule freezes: one freeze a scope and cause is on at a time."""
    return f"{_PREFIX}{rule_code}"[:_CAUSE_LENGTH]


def sync_alert_freezes(
    *,
    company: Company,
    policy: MonitoringPolicy,
    answers: Mapping[UUID, Findings],
    standing: Mapping[UUID, Sequence[Finding]],
    as_of: date,
    actor: Actor,
) -> None:
    """Freeze for the findings whose alert is open, and lift what no rule asks for any more.

    A rule that cannot be answered for want of facts keeps its freeze: missing data never says yes.
    """
    found = queries.active_freezes(company_id=company.pk, customer_ids=list(answers), as_of=as_of)
    active = {
        customer: [freeze for freeze in freezes if freeze.cause.startswith(_PREFIX)]
        for customer, freezes in found.items()
    }
    switches = [
        _switch(customer, finding, scope)
        for customer, findings in standing.items()
        for finding in findings
        for scope in policy.freezes_of(finding.rule)
        if (cause_of(finding.rule.code), scope)
        not in {(freeze.cause, freeze.scope) for freeze in active.get(customer, ())}
    ]
    operations.freeze(company_id=company.pk, frozen_on=as_of, switches=switches, created_by=actor.name)
    known = {cause_of(rule.code) for rule in policy.rules}
    lifts = [
        freeze
        for customer, freezes in active.items()
        for freeze in freezes
        if freeze.cause in known - _still_wanted(answers[customer])
    ]
    _lift(company, lifts, as_of=as_of, actor=actor)


def _still_wanted(answer: Findings) -> set[str]:
    raised = {cause_of(finding.rule.code) for finding in answer.raised}
    return raised | {cause_of(code) for code in answer.unknown}


def _switch(customer: UUID, finding: Finding, scope: str) -> operations.NewSwitch:
    return operations.NewSwitch(
        customer_id=customer,
        cause=cause_of(finding.rule.code),
        scope=scope,
        words=Words(
            zh=f"{finding.rule.label.zh}：冻结{sync_freezes.SCOPES[scope].zh}",
            en=f"{finding.rule.label.en}: {sync_freezes.SCOPES[scope].en} frozen",
        ),
    )


def _lift(company: Company, lifts: Sequence[queries.ActiveFreeze], *, as_of: date, actor: Actor) -> None:
    operations.lift_freezes(
        ids=[freeze.id for freeze in lifts], lifted_on=as_of, because="the reason for the alert is gone"
    )
    customers = sorted({freeze.customer_id for freeze in lifts}, key=str)
    events.emit_many(
        name="freeze.lifted",
        company_id=company.pk,
        payloads=[(customer, {"customer_id": customer}) for customer in customers],
    )
    entries = [
        log.NewEntry(
            stream=f"customer:{freeze.customer_id}",
            kind="freeze.lifted",
            words=Words(
                zh=f"预警原因已消除，解除{sync_freezes.SCOPES[freeze.scope].zh}冻结",
                en=f"The reason for the alert is gone: the freeze of {sync_freezes.SCOPES[freeze.scope].en} is lifted",
            ),
        )
        for freeze in lifts
    ]
    log.append(company_id=company.pk, actor=actor, entries=entries)
