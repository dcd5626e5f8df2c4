"""Letters, alerts and tasks as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation

if TYPE_CHECKING:
    from datetime import datetime

    from tradecredit.apps.collections.queries import StoredLetter
    from tradecredit.apps.monitoring.queries import StoredAlert
    from tradecredit.apps.worklist.queries import StoredTask
    from tradecredit.core.kernel.reasons import Words


def letter(found: StoredLetter) -> dict[str, Any]:
    """Return a letter with its frozen lines; money as text with its currency beside it."""
    return {
        "id": str(found.id),
        "number": found.number,
        "customer": found.customer_code,
        "customer_name": found.customer_name,
        "stage": found.stage,
        "kind": found.kind,
        "language": found.language,
        "recipient": found.recipient,
        "subject": found.subject,
        "total": found.total.text(),
        "currency": found.total.currency,
        "items": [
            {
                "invoice": item.invoice,
                "amount": item.amount.text(),
                "due_date": item.due_date,
                "days_overdue": item.days_overdue,
            }
            for item in found.items
        ],
        "status": found.status,
        "dropped_because": found.dropped_because,
        "content_hash": found.content_hash,
        "as_of": found.as_of.isoformat(),
        "created_at": found.created_at.isoformat(),
        "sent_at": _moment(found.sent_at),
    }


def alert(found: StoredAlert) -> dict[str, Any]:
    """Return an alert with the facts that raised it and the response to it."""
    return {
        "id": str(found.id),
        "customer": found.customer_code,
        "customer_name": found.customer_name,
        "rule": found.rule,
        "level": found.level,
        "text": _said(found.words),
        "facts": dict(found.facts),
        "raised_on": found.raised_on.isoformat(),
        "created_at": found.created_at.isoformat(),
        "first_response_at": _moment(found.first_response_at),
        "response": found.response,
        "is_false_alarm": found.is_false_alarm,
        "closed_at": _moment(found.closed_at),
        "closed_by": found.closed_by,
        "phase": found.phase,
        "plan": found.plan or None,
        "respond_by": _moment(found.respond_by),
        "wants_confirmation": found.wants_confirmation,
        "confirmed_at": _moment(found.confirmed_at),
        "confirmed_by": found.confirmed_by,
    }


def task(found: StoredTask) -> dict[str, Any]:
    """Return a task; priority 1 is the first to do."""
    return {
        "id": str(found.id),
        "kind": found.kind,
        "role": found.role,
        "priority": found.priority,
        "text": _said(found.words),
        "link": found.link,
        "created_at": found.created_at.isoformat(),
        "due_at": _moment(found.due_at),
        "done_at": _moment(found.done_at),
        "done_by": found.done_by,
        "outcome": found.outcome,
    }


def _said(words: Words) -> str:
    return words.in_language(translation.get_language() or "zh")


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
