"""Close an alert with the response that was given; what it froze is free again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.monitoring import alert_acts, operations, queries
from tradecredit.apps.monitoring.models import ActKind
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.watch import start_plan, sync_alert_freezes
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToCloseAlertError(UnableToError):
    """The alert is not there, is closed already, or no response was given."""

    code = "alert_not_closed"
    status = 409


def close_alert(
    *, company: Company, alert_id: UUID, response: str, actor: Actor, is_false_alarm: bool = False
) -> queries.StoredAlert:
    """Close an alert and lift its freezes; returns it as it stands. Raises UnableToCloseAlertError."""
    if not response.strip():
        raise UnableToCloseAlertError(
            Words(
                zh="关闭预警前请写明采取了什么措施。",
                en="An alert closes with a response: write down what was done about it.",
            )
        )
    with db.unit_of_work(actor):
        alert = queries.alert(alert_id)
        is_ours = alert is not None and alert.company_id == company.pk
        closed = is_ours and operations.close_alert(
            alert_id=alert_id,
            response=response.strip(),
            is_false_alarm=is_false_alarm,
            closed_by=actor.name,
        )
        if alert is None or not closed:
            raise UnableToCloseAlertError(
                Words(
                    zh="没有这条未关闭的预警；请刷新列表。",
                    en="There is no such open alert: reload the list.",
                ),
                alert=str(alert_id),
            )
        _lift(company, alert)
        _end_plan(company, alert, is_false_alarm=is_false_alarm, actor=actor)
        words = Words(zh=response.strip(), en=response.strip())
        act = alert_acts.NewAct(alert_id=alert_id, kind=ActKind.CLOSED.value, words=words)
        alert_acts.record(company_id=company.pk, acts=[act], acted_by=actor.name)
        _log(company, alert, response=response.strip(), is_false_alarm=is_false_alarm, actor=actor)
        found = queries.alert(alert_id)
    assert found is not None  # noqa: S101 - it was locked a moment ago in this transaction
    return found


def _end_plan(company: Company, alert: queries.StoredAlert, *, is_false_alarm: bool, actor: Actor) -> None:
    """What was begun for nothing ends with a false alarm; after a real one people finish what is begun."""
    if is_false_alarm:
        worklist.complete_begun(
            company_id=company.pk,
            key=start_plan.key_of(alert.id),
            outcome="误报 / false alarm",
            done_by=actor.name,
        )


def _lift(company: Company, alert: queries.StoredAlert) -> None:
    day = clock.today(company)
    active = queries.active_freezes(
        company_id=company.pk,
        customer_ids=[alert.customer_id],
        as_of=day,
        cause=sync_alert_freezes.cause_of(alert.rule),
    )
    ids = [freeze.id for freeze in active.get(alert.customer_id, ())]
    if operations.lift_freezes(ids=ids, lifted_on=day, because="the alert was closed"):
        events.emit(
            name="freeze.lifted",
            company_id=company.pk,
            subject=alert.customer_id,
            payload={"customer_id": alert.customer_id},
        )


def _log(
    company: Company, alert: queries.StoredAlert, *, response: str, is_false_alarm: bool, actor: Actor
) -> None:
    entry = log.NewEntry(
        stream=f"customer:{alert.customer_id}",
        kind="alert.closed",
        words=Words(
            zh=f"预警已关闭：{alert.words.zh}。处理：{response}",
            en=f"Alert closed: {alert.words.en}. Response: {response}",
        ),
        payload={"alert": str(alert.id), "is_false_alarm": is_false_alarm},
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
