"""Silence an alert rule for a time, with the reason, and let it speak again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.monitoring import mutes
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.watch import watch_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToMuteRuleError(UnableToError):
    """No such rule, no reason, no end, or it is silenced (or not) already."""

    code = "rule_not_muted"
    status = 409


def mute_rule(*, company: Company, rule: str, reason: str, until: date, actor: Actor) -> mutes.Mute:
    """Ask the rule no more from today until the day (excluded); its open alerts stay. Raises UnableToMuteRuleError."""
    day = clock.today(company)
    if not reason.strip() or until <= day:
        raise _refusal(
            "停用规则须写明理由，结束日须晚于今天。",
            "Say why, and until which day after today the rule is silent.",
        )
    new = mutes.Mute(rule=rule, reason=reason.strip(), muted_on=day, ends_on=until, muted_by=actor.name)
    with db.unit_of_work(actor):
        found = watch_policy.in_force(company_id=company.pk, as_of=day).monitoring.rule(rule)
        if found is None:
            raise _refusal(f"现行政策没有规则 {rule}。", f"The policy in force has no rule {rule}.")
        if not mutes.mute(company_id=company.pk, new=new):
            raise _refusal("这条规则已经停用。", "The rule is silent already.")
        words = Words(
            zh=f"停用预警规则“{found.label.zh}”至 {until}：{new.reason}",
            en=f"Alert rule “{found.label.en}” silenced until {until}: {new.reason}",
        )
        _log(company, rule, kind="rule.muted", words=words, actor=actor)
    return new


def unmute_rule(*, company: Company, rule: str, actor: Actor) -> None:
    """Let the rule be asked again from today. Raises UnableToMuteRuleError where it was not silent."""
    with db.unit_of_work(actor):
        day = clock.today(company)
        if not mutes.unmute(company_id=company.pk, rule=rule, day=day, by=actor.name):
            raise _refusal("这条规则没有停用。", "The rule is not silent.")
        words = Words(zh=f"恢复预警规则 {rule}", en=f"Alert rule {rule} speaks again")
        _log(company, rule, kind="rule.unmuted", words=words, actor=actor)


def _log(company: Company, rule: str, *, kind: str, words: Words, actor: Actor) -> None:
    entry = log.NewEntry(stream=f"rules:{company.pk}", kind=kind, words=words, payload={"rule": rule})
    log.append(company_id=company.pk, actor=actor, entries=[entry])


def _refusal(zh: str, en: str) -> UnableToMuteRuleError:
    return UnableToMuteRuleError(Words(zh=zh, en=en))
