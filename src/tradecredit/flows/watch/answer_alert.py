"""Answer an alert before it is closed: somebody saw it, says that it is true, or writes down what was learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.collections import books
from tradecredit.apps.monitoring import alert_acts, queries
from tradecredit.apps.monitoring.models import ActKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.watch import raise_alert, start_plan, watch_policy
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToAnswerAlertError(UnableToError):
    """The alert is not there, is closed, wants no confirmation, or nothing was said."""

    code = "alert_not_answered"
    status = 409


def see(*, company: Company, alert_id: UUID, actor: Actor) -> queries.StoredAlert:
    """Record that somebody has taken the alert up; the first time is its first response. Raises UnableToAnswerAlertError."""
    with db.unit_of_work(actor):
        _open(company, alert_id)
        if not alert_acts.has_seen(alert_id=alert_id, person=actor.name):
            _act(company, alert_id, ActKind.SEEN, Words(zh="已知悉", en="Seen"), actor)
        return _now(alert_id)


def note(*, company: Company, alert_id: UUID, text: str, actor: Actor) -> queries.StoredAlert:
    """Write down what was learned or done; the alert stays open. Raises UnableToAnswerAlertError."""
    said = text.strip()
    if not said:
        raise _refusal("请写明了解到的情况或已做的处理。", "Write down what was learned or done.")
    with db.unit_of_work(actor):
        alert = _open(company, alert_id)
        _act(company, alert_id, ActKind.NOTE, Words(zh=said, en=said), actor)
        words = Words(zh=f"预警“{alert.words.zh}”：{said}", en=f"Alert “{alert.words.en}”: {said}")
        _log(company, alert, kind="alert.noted", words=words, actor=actor)
        return _now(alert_id)


def confirm(*, company: Company, alert_id: UUID, actor: Actor) -> queries.StoredAlert:
    """Confirm an alert that waits for it: now its plan starts and what it asks for is frozen.

    Raises UnableToAnswerAlertError where it waits for nothing, and UnableToFindPolicyError.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        alert = _open(company, alert_id)
        if not alert_acts.confirm(alert_id=alert_id, confirmed_by=actor.name):
            raise _refusal("这条预警不需要（或已经）确认。", "This alert waits for no confirmation.")
        words = Words(zh=f"预警属实：{alert.words.zh}", en=f"The alert is true: {alert.words.en}")
        _act(company, alert_id, ActKind.CONFIRMED, Words(zh="确认属实", en="Confirmed"), actor)
        policy = watch_policy.in_force(company_id=company.pk, as_of=day)
        customer = alert.customer_id
        addressee = books.addressees(company_id=company.pk, customer_ids=[customer], as_of=day)[customer]
        started = start_plan.Started(alert_id=alert_id, addressee=addressee, rule=alert.rule, plan=alert.plan)
        start_plan.start_plans(
            company=company, rules=policy.monitoring, alerts=[started], as_of=day, actor=actor
        )
        raise_alert.raise_alert(company=company, customer_ids=[customer], as_of=day, actor=actor)
        _log(company, alert, kind="alert.confirmed", words=words, actor=actor)
        return _now(alert_id)


def _open(company: Company, alert_id: UUID) -> queries.StoredAlert:
    alert = queries.alert(alert_id)
    if alert is None or alert.company_id != company.pk or alert.closed_at is not None:
        raise _refusal("没有这条未关闭的预警；请刷新列表。", "There is no such open alert: reload the list.")
    return alert


def _act(company: Company, alert_id: UUID, kind: ActKind, words: Words, actor: Actor) -> None:
    act = alert_acts.NewAct(alert_id=alert_id, kind=kind.value, words=words)
    alert_acts.record(company_id=company.pk, acts=[act], acted_by=actor.name)


def _now(alert_id: UUID) -> queries.StoredAlert:
    found = queries.alert(alert_id)
    assert found is not None  # noqa: S101 - it was read a moment ago in this transaction
    return found


def _log(company: Company, alert: queries.StoredAlert, *, kind: str, words: Words, actor: Actor) -> None:
    entry = log.NewEntry(
        stream=f"customer:{alert.customer_id}", kind=kind, words=words, payload={"alert": str(alert.id)}
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])


def _refusal(zh: str, en: str) -> UnableToAnswerAlertError:
    return UnableToAnswerAlertError(Words(zh=zh, en=en))
