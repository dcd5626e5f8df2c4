"""The rule bench and the library of plans: every rule of the policy in force with its record, every plan with its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.monitoring import response_record, rule_record
from tradecredit.apps.monitoring import mutes
from tradecredit.flows.watch import watch_policy
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tradecredit.analytics.monitoring.response_record import ResponseRecord
    from tradecredit.analytics.monitoring.rule_record import Bench, FirstWarning
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.monitoring.plans import Plan
    from tradecredit.core.monitoring.rule_measures import RuleRecord
    from tradecredit.core.monitoring.triggers import AlertRule, MonitoringPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOnBench:
    """A rule with its record; ``rule`` is None for a step of dunning, and for one that an earlier policy had.

    ``label`` is the name of the rule or of the step, None where the policy in force knows neither.
    """

    code: str
    label: Words | None
    rule: AlertRule | None
    plan: Plan | None
    record: RuleRecord
    mute: mutes.Mute | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBench:
    """Everything that the bench shows."""

    rules: tuple[RuleOnBench, ...]
    history: Bench
    first_warnings: tuple[FirstWarning, ...]
    policy: MonitoringPolicy
    responses: tuple[ResponseRecord, ...]

    @property
    def answered_in_time(self) -> Decimal | None:
        """Return the share of all alerts that were answered in time; None where nothing can be judged yet."""
        return response_record.overall(self.responses)


def bench(*, company: Company, actor: Actor, as_of: date | None = None) -> RuleBench:
    """Return every rule with how it did on the company's history; raises UnableToFindPolicyError."""
    day = as_of or clock.today(company)
    with scope.entered(actor):
        watched = watch_policy.in_force(company_id=company.pk, as_of=day)
        policy = watched.monitoring
        found = rule_record.bench(
            company_id=company.pk,
            as_of=day,
            rules=policy.measures,
            codes=[rule.code for rule in policy.rules],
        )
        warned = rule_record.first_warnings(company_id=company.pk, as_of=day, rules=policy.measures)
        answered = response_record.responses(company_id=company.pk, as_of=day, now=clock.now())
        muted = {one.rule: one for one in mutes.in_force(company_id=company.pk, as_of=day)}
    return RuleBench(
        rules=tuple(
            RuleOnBench(
                code=record.rule,
                label=watched.alert_label(record.rule),
                rule=rule,
                plan=None if rule is None else policy.plan_of(rule),
                record=record,
                mute=muted.get(record.rule),
            )
            for record in found.records
            for rule in (policy.rule(record.rule),)
        ),
        history=found,
        first_warnings=warned,
        policy=policy,
        responses=answered,
    )


def policy(*, company: Company, actor: Actor, as_of: date | None = None) -> MonitoringPolicy:
    """Return what the policy in force says about alerts; raises UnableToFindPolicyError."""
    with scope.entered(actor):
        return watch_policy.in_force(company_id=company.pk, as_of=as_of or clock.today(company)).monitoring


def label(code: str, *, company: Company, actor: Actor) -> Words | None:
    """Return what the policy in force calls the rule or step; None for a code of an earlier one.

    Raises UnableToFindPolicyError.
    """
    with scope.entered(actor):
        return watch_policy.in_force(company_id=company.pk, as_of=clock.today(company)).alert_label(code)
