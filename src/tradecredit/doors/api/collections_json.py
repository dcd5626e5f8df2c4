"""Cases, the worklist and the preview as JSON; money as text with its currency beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.analytics.collections.limitations import LateItem
    from tradecredit.analytics.collections.worklist import Worklist
    from tradecredit.apps.collections.case_queries import CaseRecord, EventRecord, PlanRecord
    from tradecredit.flows.watch.preview_dunning import Preview


def worklist(found: Worklist) -> dict[str, Any]:
    """Return the worklist in its order, each place with its reason."""
    return {
        "total": found.total.text(),
        "currency": found.total.currency,
        "items": [
            {
                "customer": row.figures["code"],
                "customer_name": row.figures["name"],
                "case": str(row.figures["case_id"]) if row.figures["case_id"] else None,
                "asked": row.asked.text(),
                "currency": row.asked.currency,
                "days_overdue": row.figures["days"],
                "stage": row.step.code if row.step else None,
                "chance": f"{row.ranked.chance:f}",
                "value": row.ranked.value.text(),
                "is_priority": row.ranked.is_priority,
                "channel": row.figures["channel"],
                "why": row.ranked.why.as_dict(),
                "promise_due_on": _day(row.ranked.candidate.promise_due_on),
                "next_on": _day(row.figures["next_on"]),
            }
            for row in found.rows
        ],
    }


def case(found: CaseRecord) -> dict[str, Any]:
    """Return a case as it stands."""
    return {
        "id": str(found.id),
        "number": found.number,
        "customer": found.customer_code,
        "customer_name": found.customer_name,
        "opened_on": found.opened_on.isoformat(),
        "cause": found.cause,
        "channel": found.channel,
        "channel_since": found.channel_since.isoformat(),
        "owner": found.owner_name or None,
        "next_action": found.next_action or None,
        "next_on": _day(found.next_on),
        "closed_on": _day(found.closed_on),
    }


def item(found: LateItem) -> dict[str, Any]:
    """Return an overdue item with until when it can be sued for."""
    clock = found.clock
    return {
        "id": str(found.id),
        "invoice": found.document,
        "line": found.line,
        "due_date": found.due_date.isoformat(),
        "days_overdue": found.days_overdue,
        "open": found.open.text(),
        "disputed": found.disputed.text(),
        "currency": found.open.currency,
        "limitation": None
        if clock is None
        else {
            "ends_on": clock.ends_on.isoformat(),
            "days_left": clock.days_left,
            "since": clock.since.day.isoformat(),
            "cause": clock.since.cause,
            "reference": clock.since.reference,
            "is_red": clock.is_red,
        },
    }


def event(found: EventRecord) -> dict[str, Any]:
    """Return a step in a case."""
    return {
        "id": str(found.id),
        "kind": found.kind,
        "way": found.way or None,
        "outcome": found.outcome or None,
        "text": found.words.as_dict(),
        "facts": dict(found.facts),
        "channel": found.channel,
        "stage": found.stage or None,
        "day": found.day.isoformat(),
        "recorded_at": found.recorded_at.isoformat(),
        "recorded_by": found.recorded_by,
    }


def plan(found: PlanRecord) -> dict[str, Any]:
    """Return a plan that was started with its steps."""
    return {
        "id": str(found.id),
        "code": found.code,
        "title": found.title.as_dict(),
        "started_on": found.started_on.isoformat(),
        "ended_on": _day(found.ended_on),
        "steps": [
            {
                "id": str(step.id),
                "code": step.code,
                "title": step.title.as_dict(),
                "role": step.role,
                "due_date": step.due_date.isoformat(),
                "done_on": _day(step.done_on),
                "is_skipped": step.is_skipped,
                "result": step.result or None,
            }
            for step in found.steps
        ],
    }


def preview(found: Preview) -> dict[str, Any]:
    """Return who would get what, and who would not and why."""
    return {
        "as_of": found.as_of.isoformat(),
        "letters": [
            {
                "customer": one.account.addressee.code,
                "recipient": one.letter.recipient,
                "stage": one.notice.step.code,
                "language": one.letter.language,
                "subject": one.letter.subject,
                "body": one.letter.body,
                "total": one.notice.total.text(),
                "currency": one.notice.currency,
                "items": [line.item.document for line in one.notice.lines],
            }
            for one in found.planned
        ],
        "left_alone": [
            {
                "customer": one.account.addressee.code,
                "instalment": one.skip.instalment_id,
                "stage": one.skip.step_code,
                "code": one.skip.reason.code,
                "why": one.skip.reason.words.as_dict(),
            }
            for one in found.left_alone
        ],
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
